"""What is wrong with a page's HTML: the errors of the standard's own parser, and what parsers let pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as SENTENCES

_PARSER: Any = html5lib.HTMLParser
_REFERENCES = ("for", "form", "list", "popovertarget", "aria-controls", "aria-labelledby", "aria-describedby")
_ACTIVE = frozenset({"a", "button", "select", "textarea", "label", "summary"})
_LISTS = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "select": {"option", "optgroup", "hr"}}
_ANYWHERE = frozenset({"script", "template"})
# Phrasing content: the parser accepts blocks in these, the standard does not.
_PHRASING = frozenset({"p", "span", "h1", "h2", "h3", "h4", "button", "label", "small", "strong", "em", "b", "dt"})
_BLOCKS = frozenset({"div", "p", "ul", "ol", "dl", "table", "section", "article", "form", "h1", "h2", "h3", "h4"})
_FIELDS = frozenset({"select", "textarea"})
_UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})


def faults(html: str) -> list[str]:
    """Return sentences, none for a page without fault."""
    parser = _PARSER(namespaceHTMLElements=False)
    document: Element = parser.parse(html)
    told = [f"{_where(html, at)}: {SENTENCES[code] % data}" for at, code, data in parser.errors]
    return [*told, *_names(document), *_nesting(document, ()), *_fields(document), *_pictures(document)]


def tree(html: str) -> Element:
    """Return the document that a browser makes of a page, whatever is wrong with it."""
    document: Element = _PARSER(namespaceHTMLElements=False).parse(html)
    return document


def _where(html: str, at: tuple[int, int]) -> str:
    line, column = at
    return f"line {line} ({html.splitlines()[line - 1][max(0, column - 80) : column + 20]!r})"


def _all(document: Element) -> Iterator[Element]:
    return (element for element in document.iter() if isinstance(element.tag, str))


def _names(document: Element) -> Iterator[str]:
    """Yield ids that stand twice, and references that lead nowhere."""
    ids = Counter(element.attrib["id"] for element in _all(document) if "id" in element.attrib)
    yield from (f"The id {name} stands {count} times." for name, count in ids.items() if count > 1)
    yield from (f"{element.tag} has an empty id." for element in _all(document) if element.get("id") == "")
    for element in _all(document):
        for attribute in _REFERENCES:
            for name in element.get(attribute, "").split():
                if name not in ids:
                    yield f"{attribute} of {element.tag} names {name}, which is not there."


def _nesting(element: Element, above: tuple[str, ...]) -> Iterator[str]:
    tag = str(element.tag)
    for child in element:
        if not isinstance(child.tag, str):
            continue
        inside = (*above, tag)
        if tag in _LISTS and child.tag not in _LISTS[tag] | _ANYWHERE:
            yield f"{child.tag} stands in {tag}."
        if child.tag in _BLOCKS and tag in _PHRASING:
            yield f"{child.tag} stands in {tag} ({child.get('class')})."
        if (child.tag in _ACTIVE - {"label"} and "a" in inside) or (child.tag in _ACTIVE and "button" in inside):
            yield f"{child.tag} stands in a link or button."
        if child.tag == "form" and "form" in inside:
            yield "A form stands in a form."
        yield from _nesting(child, inside)


def _fields(document: Element) -> Iterator[str]:
    """Yield fields without a label of any kind."""
    labelled = {element.get("for") for element in _all(document) if element.tag == "label"}
    wrapped = {field for label in _all(document) if label.tag == "label" for field in label.iter()}
    for field in _all(document):
        if field.tag not in _FIELDS and (field.tag != "input" or field.get("type", "text") in _UNLABELLED):
            continue
        named = {"aria-label", "aria-labelledby"} & field.attrib.keys() or field.get("aria-hidden") == "true"
        if field.get("id", "-") not in labelled and field not in wrapped and not named:
            yield f"The field {field.get('name')} has no label."


def _pictures(document: Element) -> Iterator[str]:
    """Yield pictures whose place the browser cannot keep free, or that say nothing."""
    for image in _all(document):
        if image.tag == "img" and not {"alt", "width", "height"} <= image.attrib.keys():
            yield f"The picture {image.get('src')} lacks alt, width or height."
