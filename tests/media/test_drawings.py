"""SVG is written anew from what is known to be harmless; what could run, load or grow is gone or refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from souk.media.drawings.clean import MAX_SVG_BYTES, clean_drawing
from souk.media.errors import SvgRefused, UnknownFileType
from souk.media.press import check_apart
from souk.media.renditions import DRAWING_TYPE, WIDTHS, best_rendition
from souk.media.storage import LocalStorage

XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
# Anything in what is kept that a browser could act upon.
ACTIVE = re.compile(
    r"<script|<foreignObject|<image|<a[ >]|<set|<animate|<iframe|<handler|\son\w+=|javascript|data:|https?://(?!www\.w3\.org/2000/svg\")"
    r"|@import|<!|<\?|expression|behavior",
    re.IGNORECASE,
)


def svg(inside: str = "", attributes: str = 'viewBox="0 0 10 10"') -> bytes:
    return f"<svg {XMLNS} {attributes}>{inside}</svg>".encode()


def cleaned(data: bytes) -> str:
    return clean_drawing(data, "logo.svg").data.decode()


RECT = '<rect width="5" height="5"/>'
ATTACKS = {
    "script": "<script>alert(1)</script>",
    "script of another namespace": '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
    "script with a source": '<script href="https://evil.example/x.js"/>',
    "script in a group": "<g><g><script>alert(1)</script></g></g>",
    "event handler": '<rect onclick="alert(1)" onload="alert(1)"/>',
    "event handler in capitals": '<rect OnLoad="alert(1)"/>',
    "event handler with a namespace": '<rect xmlns:e="http://www.w3.org/2001/xml-events" e:onload="alert(1)"/>',
    "link that runs": '<a href="javascript:alert(1)"><rect/></a>',
    "link that runs, by XLink": '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
    "link with a tab in its scheme": '<a href="java&#9;script:alert(1)"><rect/></a>',
    "use of a stranger's file": '<use href="https://evil.example/x.svg#a"/>',
    "use of data": '<use href="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=#x"/>',
    "picture of a stranger": '<image href="https://evil.example/pixel.png" width="1" height="1"/>',
    "picture of data": '<image href="data:image/svg+xml,&lt;svg/onload=alert(1)&gt;"/>',
    "embedded page": '<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" onerror="alert(1)"/></foreignObject>',
    "animated link": '<rect><set attributeName="href" to="javascript:alert(1)"/></rect>',
    "animated values": '<rect><animate attributeName="onload" values="javascript:alert(1)"/></rect>',
    "paint of a stranger": '<rect fill="url(https://evil.example/x.svg#a)"/>',
    "paint of a stranger, quoted": "<rect fill=\"url('https://evil.example/x.svg#a')\"/>",
    "paint of a stranger, escaped": '<rect fill="u\\72l(https://evil.example/#a)"/>',
    "filter of a stranger": '<rect filter="url(//evil.example/#a)"/>',
    "picture in a filter": '<filter id="f"><feImage href="https://evil.example/x.png"/></filter>',
    "style that imports": '<style>@import "https://evil.example/x.css"; rect{fill:red}</style>',
    "style that loads": "<style>rect{background:url(https://evil.example/x.png)}</style>",
    "style with a font": "<style>@font-face{font-family:x;src:url(https://evil.example/x)}</style>",
    "style in CDATA": "<style><![CDATA[@import url(https://evil.example/x.css);]]></style>",
    "style with an escape": "<style>@\\69mport url(https://evil.example/x.css);</style>",
    "style that ends itself": "<style>rect{fill:red}&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;</style>",
    "style attribute that loads": '<rect style="fill:url(https://evil.example/x#a);stroke:red"/>',
    "style attribute of old browsers": '<rect style="behavior:url(#x);width:expression(alert(1))"/>',
    "processing instruction": '<?xml-stylesheet href="https://evil.example/x.xsl"?>',
    "comment": "<!-- <script>alert(1)</script> -->",
    "text that looks like markup": "<text>&lt;script&gt;</text>",
    "handler element": '<handler type="application/ecmascript">alert(1)</handler>',
    "base of all addresses": '<rect xml:base="https://evil.example/"/>',
}


@pytest.mark.parametrize("inside", ATTACKS.values(), ids=ATTACKS.keys())
def test_nothing_that_could_run_or_load_is_kept(inside: str) -> None:
    kept = cleaned(svg(inside + RECT))

    assert ACTIVE.search(kept.replace("&lt;", "")) is None, kept
    assert '<rect width="5" height="5"' in kept
    assert fromstring(kept, forbid_dtd=True).tag.endswith("svg")


def nested(levels: int, each: int) -> str:
    """Return definitions of which each copies the one before, `each` times."""
    groups = [f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * each + "</g>" for n in range(1, levels)]
    return f'<defs><g id="g0">{RECT}</g>{"".join(groups)}</defs><use href="#g{levels - 1}"/>'


REFUSED = {
    "entities": (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg viewBox="0 0 1 1"><text>&a;</text></svg>', "entities"),
    "a billion laughs": (
        b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><svg viewBox="0 0 1 1"><text>&b;</text></svg>',
        "entities",
    ),
    "a file of the server": (
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg viewBox="0 0 1 1"><text>&x;</text></svg>',
        "entities",
    ),
    "copies of copies": (svg(nested(9, 10)), "too often"),
    "a circle of copies": (svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), "too often"),
    "a pattern of itself": (svg('<pattern id="p"><rect fill="url(#p)"/></pattern>'), "too often"),
    "a long chain": (svg("".join(f'<use id="u{n}" href="#u{n + 1}"/>' for n in range(15_000))), "too often"),
    "depth": (svg("<g>" * 100 + "</g>" * 100), "deep"),
    "number": (svg("<g/>" * 20_001), "elements"),
    "size": (svg("<!--" + "x" * MAX_SVG_BYTES + "-->"), "KB"),
    "another root": (b'<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>', "no svg element"),
    "no XML": (b"<svg viewBox='0 0 1 1'><g></svg>", "well-formed"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="x-none"?><svg viewBox="0 0 1 1"/>', "well-formed"),
    "no size": (svg("", ""), "viewBox"),
    "no area": (svg("", 'viewBox="0 0 0 10"'), "viewBox"),
    "an enormous size": (svg("", 'width="1e9" height="999999999"'), "viewBox"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_could_grow_or_read_files_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(SvgRefused, match=reason) as refused:
        clean_drawing(data, "logo.svg")

    assert "logo.svg" in refused.value.detail


def test_a_drawing_of_a_drawing_program_keeps_its_looks() -> None:
    source = (
        '<?xml version="1.0" encoding="utf-8"?><!-- Generator -->'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        f'<svg {XMLNS} width="2in" height="48px"><style type="text/css">.cls-1,.b:hover{{fill:url(#g);stroke:#FFF}}'
        "@media print{.b{fill:red}}</style>"
        '<linearGradient id="g"><stop offset="0" style="stop-color:#f00;cursor:help"/></linearGradient>'
        '<path class="cls-1" d="M1 1L5,5 10e-1 4z" transform="translate(1 2) rotate(45)"/>'
        '<text x="1">Oak <tspan>&amp; Ember</tspan> Ltd</text>'
        '<a xlink:href="https://example.com"><use xlink:href="#g"/></a></svg>'
    )

    drawing = clean_drawing(source.encode(), "logo.svg")

    kept = drawing.data.decode()
    assert (drawing.width, drawing.height) == (192, 48)
    assert 'viewBox="0 0 192 48"' in kept
    assert ".cls-1,.b:hover{fill:url(#g);stroke:#FFF}" in kept
    assert 'style="stop-color:#f00"' in kept
    assert '<path class="cls-1" d="M1 1L5,5 10e-1 4z" transform="translate(1 2) rotate(45)" />' in kept
    assert '<text x="1">Oak <tspan>&amp; Ember</tspan> Ltd</text><use href="#g" />' in kept
    assert clean_drawing(drawing.data, "logo.svg") == drawing


NAMES = st.sampled_from(
    ["g", "script", "use", "image", "style", "a", "rect", "foreignObject", "text", "set", "x:script"]
)
VALUES = st.sampled_from(
    ["javascript:alert(1)", "#g", "url(#g)", "url(https://e.example)", "red", "data:x", "@import 'x'", "alert(1)"]
)
KEYS = st.sampled_from(["href", "xlink:href", "onload", "fill", "style", "id", "x:onload", "d", "class"])
TREES = st.recursive(
    st.text("ab <>&;{}()@:/\\'\"", max_size=12).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.builds(
        lambda name, attributes, inside: (
            f"<{name} "
            + " ".join(f'{key}="{value}"' for key, value in attributes.items())
            + f">{''.join(inside)}</{name}>"
        ),
        NAMES,
        st.dictionaries(KEYS, VALUES, max_size=3),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_no_mixture_of_them_gets_through(inside: str) -> None:
    data = f'<svg {XMLNS} xmlns:x="http://www.w3.org/1999/xhtml" viewBox="0 0 9 9">{inside}</svg>'.encode()
    try:
        kept = clean_drawing(data, "logo.svg").data.decode()
    except SvgRefused:
        return

    for element in fromstring(kept).iter():
        name = element.tag.rpartition("}")[2]
        assert name not in {"script", "image", "a", "foreignObject", "set"}
        for key, value in element.attrib.items():
            assert not key.lower().startswith("on")
            assert "https:" not in value
            assert key != "href" or value.startswith("#")


def test_a_drawing_is_looked_into_by_a_process_apart_and_answered_at_every_width(tmp_path: Path) -> None:
    checked = check_apart(b"\xef\xbb\xbf" + svg(RECT), "photo.jpg")
    storage = LocalStorage(tmp_path)
    storage.put("t1/logo", checked.data, checked.content_type)

    answers = {best_rendition(storage, "t1/logo", width, takes_avif=True) for width in WIDTHS}

    assert (checked.content_type, checked.width, checked.height) == (DRAWING_TYPE, 10, 10)
    assert answers == {(checked.data, DRAWING_TYPE)}
    with pytest.raises(SvgRefused, match="entities"):
        check_apart(REFUSED["entities"][0], "logo.svg")
    with pytest.raises(UnknownFileType):
        check_apart(b"GIF? no: <svg>", "logo.svg")
