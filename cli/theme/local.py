"""A theme in a folder, rendered by the real engine, and what a browser must do after a change of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from cli.theme.apps import every_app
from themes.errors import ThemeFileInvalid
from themes.files import digest, read_folder
from themes.page import PageContext, Rendered
from themes.render import render_page, render_sections
from themes.snapshot import Route, page, route
from themes.theme import Theme

Query = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class LocalTheme:
    """`problem` says why the newest files cannot be used; the last good theme stays until they can.

    `revision` names the files that were read last, the unusable ones too.
    """

    folder: Path
    theme: Theme | None = None
    problem: str = ""
    revision: str = ""
    _hashes: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def refresh(self) -> dict[str, Any] | None:
        """Read the folder again; return what changed for the browser, or None when nothing did."""
        with self._lock:
            files = read_folder(self.folder)
            hashes = {path: digest(content) for path, content in files.items()}
            changed = {
                path for path in hashes.keys() | self._hashes.keys() if hashes.get(path) != self._hashes.get(path)
            }
            if not changed:
                return None
            self._hashes = hashes
            self.revision = digest(repr(sorted(hashes.items())).encode())
            try:
                made = Theme("local", files)
            except ThemeFileInvalid as error:
                self.problem = error.detail
                return {"kind": "problem", "message": self.problem}
            before, self.theme, recovered, self.problem = self.theme, made, bool(self.problem), ""
            return {"kind": "reload"} if before is None or recovered else news(changed, before, made)

    def draw(self, path: str, query: Query) -> tuple[Rendered, Route]:
        """Render the page of the example shop at `path`."""
        found = self._route(path, query)
        return render_page(self.current, found.template, self._page(found, path, query)), found

    def draw_sections(self, path: str, query: Query, names: list[str]) -> Mapping[str, str]:
        found = self._route(path, query)
        return render_sections(self.current, found.template, names, self._page(found, path, query))

    def _page(self, found: Route, path: str, query: Query) -> PageContext:
        return page(found, path, query=query, design_mode=True, apps=every_app())

    def _route(self, path: str, query: Query) -> Route:
        found = route(path, next((value for name, value in query if name == "q"), ""))
        # As in a shop: a page that the theme has no template for is not there.
        return found if self.current.has_template(found.template) else route("/404")

    @property
    def current(self) -> Theme:
        if self.theme is None:
            raise ThemeFileInvalid(str(self.folder), self.problem or "it was not read yet")
        return self.theme


def news(changed: set[str], before: Theme, after: Theme) -> dict[str, Any]:
    """Say how a browser follows: swap style sheets, fetch sections again, or load the page anew."""
    sections = {path[9:-5] for path in changed if path.startswith("sections/") and path.endswith(".html")}
    styles = {path for path in changed if path.startswith("assets/") and path.endswith(".css")}
    if changed - styles and not (sections and len(sections) == len(changed)):
        return {"kind": "reload"}
    if before.script_hash() != after.script_hash():
        return {"kind": "reload"}
    names = [path[7:] for path in sorted(styles)]
    if before.style_hash() != after.style_hash():
        names.append("_sections.css")
    addresses = {name: f"/theme/{after.asset_hash(name)}/{name}" for name in names}
    return {"kind": "swap", "styles": addresses, "sections": sorted(sections)}
