"""Parses every template once; the other rules on code read what is found here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import cast

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from themes.engine import compiled, environment
from themes.errors import ThemeFileInvalid
from themes.sandbox.grammar import problems
from themes.tags.raw import Parts, split
from themes.validation.finding import Inspection

FOLDERS = ("layout", "sections", "blocks", "snippets")


@dataclass(frozen=True, slots=True)
class Code:
    path: str
    tree: nodes.Template
    parts: Parts

    @property
    def folder(self) -> str:
        return self.path.partition("/")[0]

    def calls(self, name: str) -> list[nodes.Filter]:
        """Return the uses of a filter or tag."""
        return [node for node in self.tree.find_all(nodes.Filter) if node.name == name]

    def tags(self, name: str) -> list[tuple[str, int]]:
        """Return the literal names that a tag is given, with their lines."""
        return [(literal(call.node) or "", call.lineno) for call in self.calls(name)]


@dataclass(slots=True)
class Codes:
    """The templates that parse, the raw parts of all, and the names that each snippet is given."""

    by_path: dict[str, Code] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """False while a file does not parse: then it is unknown which snippets it renders."""
        return len(self.by_path) == len(self.parts)

    given: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def read_codes(theme: Inspection) -> Codes:
    from themes.tags.language import RENDER  # noqa: PLC0415 - kept beside its use

    codes = Codes()
    for folder in FOLDERS:
        for path in theme.below(folder, ".html"):
            codes.parts[path] = split(theme.text(path))
            code = _read(theme, path, codes.parts[path])
            if code is not None:
                codes.by_path[path] = code
                for call in code.calls(RENDER):
                    codes.given[literal(call.node) or ""].update(str(keyword.key) for keyword in keywords_of(call))
    return codes


def literal(node: nodes.Node | None) -> str | None:
    """Return a text that stands in the code as it is."""
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


def keywords_of(call: nodes.Filter) -> list[nodes.Keyword]:
    # Jinja's own annotation says expressions; its parser and ours put keywords here.
    return cast("list[nodes.Keyword]", call.kwargs)


def _read(theme: Inspection, path: str, parts: Parts) -> Code | None:
    engine = environment()
    for name in parts.repeated:
        theme.error(path, parts.lines[name], "repeated-part", f"A file has one {{% {name} %}}; join them.")
    try:
        tree = engine.tree(parts.markup, path)
    except TemplateSyntaxError as error:
        theme.error(path, error.lineno, "syntax", _sentence(error.message or "it cannot be read"))
        return None
    found = list(problems(tree, engine.filters, engine.tests))
    for problem in found:
        theme.error(path, problem.lineno, "syntax", _sentence(problem.message or ""))
    if not found:
        _compile(theme, path, parts.markup)
    return Code(path, tree, parts)


def _compile(theme: Inspection, path: str, markup: str) -> None:
    try:
        compiled(path, markup)
    except ThemeFileInvalid as error:
        theme.error(path, error.line, "syntax", _sentence(error.reason))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + ("" if text.endswith("?") else ".")
