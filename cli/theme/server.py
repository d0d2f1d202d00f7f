"""The local shop of `souk theme dev`: pages, assets, drawn pictures, and a stream that tells of changes."""

from __future__ import annotations

import json
import mimetypes
import queue
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape
from werkzeug.wrappers import Request, Response

from cli.theme.apps import app_asset
from cli.theme.local import LocalTheme

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

POLL_SECONDS = 0.1
_QUIET_SECONDS = 15.0
_HOSTS = frozenset({"127.0.0.1", "localhost"})
_HTML = "text/html; charset=utf-8"
_RELOAD = (Path(__file__).parent / "reload.js").read_text("utf-8")
_PROBLEM = Markup('<!doctype html><html lang="en"><title>{0}</title><body><h1>{0}</h1><pre>{1}</pre></body></html>')
_PICTURE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 500"><rect width="400" height="500" '
    'fill="hsl({0} 25% 85%)"/><circle cx="200" cy="260" r="120" fill="hsl({0} 30% 65%)"/><text x="200" y="470" '
    'font-family="sans-serif" font-size="22" text-anchor="middle" fill="hsl({0} 30% 30%)">{1}</text></svg>'
)


def _file(name: str, content: bytes | None) -> Response:
    if content is None:
        return Response("There is no such asset.", 404)
    return Response(content, content_type=mimetypes.guess_type(name)[0] or "application/octet-stream")


class Site:
    """A WSGI application over one folder. Forms change nothing: the shop is an example."""

    def __init__(self, local: LocalTheme) -> None:
        self.local = local
        self._listeners: list[queue.Queue[dict[str, Any]]] = []
        self._lock = Lock()
        self._stop = Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        return self.answer(request)(environ, start_response)

    def answer(self, request: Request) -> Response:
        path = request.path
        if request.host.partition(":")[0] not in _HOSTS:
            # Another site's page could otherwise read this one under a name that it points here.
            return Response("This server answers on 127.0.0.1 only.", 403)
        if path == "/_dev/events":
            told = self._events(request.args.get("since", ""))
            return Response(told, content_type="text/event-stream", headers={"Cache-Control": "no-store"})
        for start, make in self._files().items():
            if path.startswith(start):
                return make(path.removeprefix(start))
        if path in ("/cart.json", "/search/suggest"):
            return self._data(path)
        if request.method == "POST":
            return Response(status=303, headers={"Location": "/cart" if path.startswith("/cart") else "/"})
        return self._page(request)

    def _files(self) -> dict[str, Callable[[str], Response]]:
        return {"/theme/apps/": self._app_asset, "/theme/": self._asset, "/media/": self._picture}

    def _page(self, request: Request) -> Response:
        # Taken before the page is drawn: a change from here on differs from it and is told again.
        script = f'<script type="module" data-revision="{self.local.revision}">{_RELOAD}</script>'
        if self.local.theme is None:
            page = _PROBLEM.format("The theme cannot be used", self.local.problem)
            return Response(f"{page}{script}", 500, content_type=_HTML)
        query = tuple(pair for pair in request.args.items(multi=True) if pair[0] != "sections")
        names = request.args.get("sections", "")
        if names:
            parts = self.local.draw_sections(request.path, query, names.split(","))
            return Response(json.dumps(dict(parts)), content_type="application/json")
        rendered, found = self.local.draw(request.path, query)
        head, end, tail = rendered.html.partition("</body>")
        html = f"{head}{script}{end}{tail}"
        cost = (
            f"{rendered.stats.ops} operations, {rendered.stats.queries} queries, {rendered.stats.milliseconds:.1f} ms"
        )
        return Response(
            html, found.status, content_type=_HTML, headers={"Cache-Control": "no-store", "X-Theme-Cost": cost}
        )

    def _asset(self, rest: str) -> Response:
        sha12, _, name = rest.partition("/")
        return _file(name, self.local.theme.asset(sha12, name) if self.local.theme else None)

    def _app_asset(self, rest: str) -> Response:
        return _file(rest, app_asset(rest))

    def _picture(self, rest: str) -> Response:
        key = rest.rpartition("/")[0]
        hue = sum(map(ord, key)) * 37 % 360
        drawn = _PICTURE.format(hue, escape(key.rpartition("/")[2]))
        return Response(str(drawn), content_type="image/svg+xml")

    def _data(self, path: str) -> Response:
        cart = {"item_count": 2, "currency": "USD", "subtotal": 0, "subtotal_formatted": "$0.00", "items": []}
        nothing: dict[str, Any] = {"products": [], "collections": [], "queries": []}
        return Response(json.dumps(cart if path == "/cart.json" else nothing), content_type="application/json")

    def _events(self, since: str) -> Iterator[bytes]:
        """Stream what changes to a page that was drawn from the files of revision `since`."""
        mine: queue.Queue[dict[str, Any]] = queue.Queue()
        with self._lock:
            self._listeners.append(mine)
        try:
            yield b": hello\n\n"
            yield from self._missed(since)
            while not self._stop.is_set():
                try:
                    yield f"data: {json.dumps(mine.get(timeout=_QUIET_SECONDS))}\n\n".encode()
                except queue.Empty:
                    yield b": still here\n\n"
        finally:
            with self._lock:
                self._listeners.remove(mine)

    def _missed(self, since: str) -> Iterator[bytes]:
        """Tell what happened while the page was on its way, when nobody listened yet."""
        if since != self.local.revision:
            yield b'data: {"kind": "reload"}\n\n'
        elif self.local.problem:
            yield f"data: {json.dumps({'kind': 'problem', 'message': self.local.problem})}\n\n".encode()

    def tell(self, news: dict[str, Any]) -> None:
        with self._lock:
            for listener in self._listeners:
                listener.put(news)

    def watch(self) -> Thread:
        """Start to look at the folder ten times a second; a change reaches the browser within 300 ms."""
        thread = Thread(target=self._watch, name="theme-watch", daemon=True)
        thread.start()
        return thread

    def _watch(self) -> None:
        seen = self._stamp()
        while not self._stop.wait(POLL_SECONDS):
            now = self._stamp()
            if now != seen:
                seen = now
                news = self.local.refresh()
                if news is not None:
                    self.tell(news)

    def _stamp(self) -> list[tuple[str, int, int]]:
        """Return names, times and sizes: cheap to read ten times a second, where contents are not."""
        found = []
        for path in sorted(self.local.folder.glob("*/*")):
            try:
                known = path.stat()
            except OSError:
                continue  # it was removed since the folder was listed
            found.append((str(path), known.st_mtime_ns, known.st_size))
        return found

    def close(self) -> None:
        self._stop.set()
        self.tell({"kind": "bye"})
