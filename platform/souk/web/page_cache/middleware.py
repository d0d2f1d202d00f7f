"""Answer anonymous pages before Flask routes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import redis
import structlog
from prometheus_client import Counter

from souk.web.page_cache.entry import Entry, make_entry, packed, unpacked
from souk.web.page_cache.flights import Flights
from souk.web.page_cache.listener import Listener
from souk.web.page_cache.memory import Memory
from souk.web.page_cache.shared import read_epoch, read_page, store_page
from souk.web.page_cache.ticket import KEY, Ticket, ticket_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROWS_BYTES = 6 * 1024 * 1024
TYPED_BYTES = 2 * 1024 * 1024
log = structlog.get_logger(__name__)
PAGES = Counter("souk_page_cache_total", "Anonymous pages by where they came from.", ["source"])
_FROM_MEMORY, _FROM_REDIS, _MADE = (PAGES.labels(source) for source in ("memory", "redis", "made"))


class PageCache:
    """WSGI middleware. Redis may be away at any time: pages are then made anew for each request."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.memory = Memory()
        # Apart: neither a shop with many products nor who types at random may push everybody's pages out.
        self.rows = Memory(ROWS_BYTES)
        self.typed = Memory(TYPED_BYTES)
        self._flights = Flights()
        self._listeners: dict[str, Listener] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ticket = ticket_of(environ)
        if ticket is None:
            return self._app(environ, start_response)
        entry = self._held(ticket)
        if entry is not None:
            return _serve(entry, environ, start_response)
        self.listen(ticket.pod)
        with self._flights.share((ticket.tenant_id, ticket.address)) as first:
            entry = None if first else self._held(ticket)
            if entry is not None:
                return _serve(entry, environ, start_response)
            return self._fetch(ticket, environ, start_response)

    def _held(self, ticket: Ticket) -> Entry | None:
        entry = self.memory.get(ticket.tenant_id, ticket.address)
        if not isinstance(entry, Entry):
            return None
        _FROM_MEMORY.inc()
        return entry

    def _fetch(self, ticket: Ticket, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            purges = self.memory.purges
            blob = read_page(ticket.pod, ticket.tenant_id, ticket.address)
            if blob is not None:
                entry = unpacked(blob)
                self.memory.put(ticket.tenant_id, ticket.address, entry, purges)
                _FROM_REDIS.inc()
                return _serve(entry, environ, start_response)
            epoch = read_epoch(ticket.pod, ticket.tenant_id)
        except redis.RedisError:
            return self._app(environ, start_response)
        return self._make(ticket, epoch, environ, start_response)

    def listen(self, pod: str) -> None:
        """Hear the purges of a pod from now on; without them nothing is kept in memory."""
        if pod not in self._listeners:
            self._listeners[pod] = Listener((self.memory, self.rows, self.typed), pod)
        self._listeners[pod].start()

    def _make(
        self, ticket: Ticket, epoch: bytes, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        environ[KEY] = ticket
        if environ["REQUEST_METHOD"] == "HEAD":
            return self._app(environ, start_response)
        told: list[Any] = []

        def capture(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told[:] = [status, headers]
            return start_response(status, headers, exc_info) if exc_info else None

        chunks = self._app(environ, cast("StartResponse", capture))
        status, headers = told
        if ticket.keys is None or not status.startswith("200") or any(n.lower() == "set-cookie" for n, _ in headers):
            start_response(status, headers)
            return chunks
        body = _joined(chunks)
        purges = self.memory.purges
        entry = make_entry(body, ticket.keys)
        self._store(ticket, epoch, entry, purges)
        _MADE.inc()
        start_response(status, [*headers, ("ETag", entry.etag), ("X-Souk-Cache", "miss")])
        return [body]

    def _store(self, ticket: Ticket, epoch: bytes, entry: Entry, purges: int) -> None:
        where = (ticket.pod, ticket.tenant_id, ticket.address)
        try:
            kept = store_page(*where, epoch, packed(entry), entry.keys)
        except redis.RedisError as error:
            log.warning("page_not_kept", error=str(error))
            return
        # The epoch was checked after `purges` was read: a purge after the check is heard after it too.
        if kept:
            self.memory.put(ticket.tenant_id, ticket.address, entry, purges)


def _joined(chunks: Iterable[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()


def _serve(entry: Entry, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ.get("HTTP_IF_NONE_MATCH") == entry.etag:
        start_response("304 Not Modified", [("ETag", entry.etag), ("Cache-Control", "private, no-cache")])
        return []
    start_response("200 OK", entry.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [entry.body]
