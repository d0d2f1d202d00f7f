"""Turn a description's HTML into text, one block a line, so that its first paragraph can be told from the rest."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset(
    "p div li ul ol br tr td th table h1 h2 h3 h4 h5 h6 section article blockquote dd dt dl hr".split()  # noqa: SIM905
)
_SILENT = frozenset({"script", "style", "template"})


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data.replace("\n", " "))


def plain_text(html: str) -> str:
    """Return the text without tags and empty lines."""
    collector = _Collector()
    collector.feed(html)
    collector.close()
    lines = (" ".join(line.split()) for line in "".join(collector.parts).split("\n"))
    return "\n".join(line for line in lines if line)
