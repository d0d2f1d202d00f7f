"""Rules on which snippet renders which: no circles, no deep towers, nothing unused."""

from __future__ import annotations

from dataclasses import dataclass, field

from themes.tags.language import RENDER
from themes.validation.code import Codes
from themes.validation.finding import Inspection

MAX_DEPTH = 12


@dataclass(slots=True)
class _Graph:
    theme: Inspection
    edges: dict[str, list[tuple[str, int]]]
    depths: dict[str, int] = field(default_factory=dict)

    def depth(self, path: str, above: tuple[str, ...] = ()) -> int:
        """Return how deep snippets nest below `path`; a circle is reported where it closes and counts no further."""
        if len(above) > MAX_DEPTH + 1:
            return 0  # the tower is reported already, and a chain of all files would exhaust the stack
        if path not in self.depths:
            self.depths[path] = 0
            here = (*above, path)
            for below, line in self.edges.get(path, ()):
                if below in here:
                    self._circle((*here[here.index(below) :], below), line)
                else:
                    self.depths[path] = max(self.depths[path], 1 + self.depth(below, here))
        return self.depths[path]

    def _circle(self, chain: tuple[str, ...], line: int) -> None:
        message = f"Snippets render each other for ever ({' > '.join(chain)}); break the circle."
        self.theme.error(chain[-2], line, "render-cycle", message)


def check_graph(theme: Inspection, codes: Codes) -> None:
    edges = {
        path: [(f"snippets/{name}.html", line) for name, line in code.tags(RENDER)]
        for path, code in codes.by_path.items()
    }
    graph = _Graph(theme, edges)
    for path in edges:
        if graph.depth(path) > MAX_DEPTH:
            theme.error(path, 1, "render-depth", f"Snippets nest deeper than {MAX_DEPTH}; flatten them.")
    used = {below for path in edges for below, _ in edges[path]}
    for path in theme.below("snippets", ".html"):
        if codes.complete and path not in used:
            theme.warn(path, 1, "unused-snippet", "No file renders this snippet; remove it.")
