"""Read a drawing and write it anew: what is not on the list of harmless things is not written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from souk.media.drawings.allowed import ATTRIBUTES, ELEMENTS
from souk.media.drawings.expanded import expanded_size
from souk.media.drawings.style import clean_declarations, clean_sheet, is_harmless
from souk.media.errors import SvgRefused

MAX_SVG_BYTES = 1024 * 1024
MAX_ELEMENTS = 20_000
MAX_DEPTH = 60
# `use` copies what it names, and what it names may use others: a few lines can grow to millions of shapes.
MAX_EXPANDED = 100_000
MAX_SIDE = 20_000
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_OWN = re.compile(r"#[A-Za-z_][\w.:-]{0,100}")
_LENGTH = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(px|pt|mm|cm|in)?\s*")
# CSS pixels in each unit (https://www.w3.org/TR/css-values-4/#absolute-lengths).
_PIXELS = {None: 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_TEXTS = frozenset(["text", "tspan", "textPath", "title", "desc"])


@dataclass(frozen=True, slots=True)
class Drawing:
    data: bytes
    width: int
    height: int


def clean_drawing(data: bytes, filename: str) -> Drawing:
    """Return the drawing without anything that could run, load or grow; raises SvgRefused.

    Elements and attributes that are not known to be harmless are left out. A drawing that declares entities, is too
    large or has no size is refused.
    """
    if len(data) > MAX_SVG_BYTES:
        raise SvgRefused(filename, f"is larger than {MAX_SVG_BYTES // 1024:,} KB")
    root = _parsed(data, filename)
    fresh = Element("svg", {"xmlns": SVG})
    _copy(root, fresh, filename)
    if _endless(fresh):
        raise SvgRefused(filename, "repeats its parts too often")
    width, height = _sized(fresh, filename)
    return Drawing(tostring(fresh, encoding="utf-8"), width, height)


def _parsed(data: bytes, filename: str) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise SvgRefused(filename, "declares entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise SvgRefused(filename, "is no well-formed XML") from error
    if _local(root.tag) != "svg":
        raise SvgRefused(filename, "has no svg element at its root")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise SvgRefused(filename, f"has more than {MAX_ELEMENTS:,} elements")
    return root


def _endless(root: Element) -> bool:
    try:
        return expanded_size(root, MAX_EXPANDED) > MAX_EXPANDED
    except RecursionError:
        return True


def _local(tag: object) -> str:
    """Return the bare name of an element of SVG; empty for those of others, comments and instructions."""
    if not isinstance(tag, str):
        return ""
    if tag.startswith("{"):
        namespace, _, name = tag[1:].partition("}")
        return name if namespace == SVG else ""
    # Without a namespace a browser would show nothing, but hand-written files lack it.
    return tag


def _copy(source: Element, target: Element, filename: str, depth: int = 1) -> None:
    if depth > MAX_DEPTH:
        raise SvgRefused(filename, f"nests its parts more than {MAX_DEPTH} deep")
    target.attrib.update(_attributes(source))
    name = _local(source.tag)
    if name == "style":
        target.text = clean_sheet("".join(source.itertext()))
        return
    if name in _TEXTS:
        target.text = source.text
    for child in _parts(source):
        wanted = _local(child.tag)
        if wanted in ELEMENTS:
            copy = SubElement(target, wanted)
            _copy(child, copy, filename, depth + 1)
            if name in _TEXTS:
                copy.tail = child.tail


def _parts(source: Element) -> Iterator[Element]:
    """Yield what stands in an element; of a link, which is left out, what it is around: often all of a logo."""
    waiting = list(source)[::-1]
    while waiting:
        part = waiting.pop()
        if _local(part.tag) == "a":
            waiting.extend(list(part)[::-1])
        else:
            yield part


def _attributes(source: Element) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in source.attrib.items():
        bare = "href" if name == f"{{{XLINK}}}href" else name
        if bare not in ATTRIBUTES:
            continue
        if bare == "href":
            if _OWN.fullmatch(value.strip()):
                kept[bare] = value.strip()
        elif bare == "style":
            kept[bare] = clean_declarations(value)
        elif is_harmless(value):
            kept[bare] = value
    return kept


def _sized(root: Element, filename: str) -> tuple[int, int]:
    """Return width and height in pixels; the drawing gets the viewBox that lets it scale."""
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        # A viewBox is min-x, min-y, width, height.
        _, _, wide, high = map(float, box)
    except ValueError:
        wide = high = 0.0
    sides = (_pixels(root.get("width"), wide), _pixels(root.get("height"), high))
    if not all(0 < side <= MAX_SIDE for side in sides):
        raise SvgRefused(filename, "has neither a viewBox nor a width and height in pixels")
    if not (wide > 0 and high > 0):
        root.set("viewBox", f"0 0 {sides[0]:g} {sides[1]:g}")
    return max(1, round(sides[0])), max(1, round(sides[1]))


def _pixels(length: str | None, otherwise: float) -> float:
    match = _LENGTH.fullmatch(length or "")
    return float(match[1]) * _PIXELS[match[2]] if match else otherwise
