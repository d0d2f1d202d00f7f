"""What filters return for usual, missing and hostile values."""

from __future__ import annotations

import json

import pytest

from tests.themes.attacks.cell import page_of, theme_of
from themes.engine import compiled
from themes.render import _page

SVG = '<?xml version="1.0"?><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
FILES = {
    "assets/icon.svg": SVG,
    "assets/bad.svg": "<svg onload=alert(1)></svg>",
    "assets/large.svg": f"<svg>{' ' * 16_000}</svg>",
    "assets/theme.css": "a{}",
    "locales/en.default.json": json.dumps(
        {"items": {"one": "{{ count }} thing", "other": "{{ count }} things"}, "twice": "{a}{b}"}
    ),
}  # fmt: skip
CASES = [
    ("(collection.products | first).price | money_without_currency", "10.00"),
    ("((collection.products | first).price * -3) | money_without_currency", "-30.00"),
    ("none | money_without_currency", ""),
    ("'#fff' | color_to_rgb", "rgb(255, 255, 255)"),
    ("'#11223344' | color_to_hex", "#112233"),
    ("'rgb(300, 0, 10)' | color_to_hex", "#ff000a"),
    ("'red; x' | color_to_hex", ""),
    ("'#000000' | color_mix('#ffffff', 75)", "#404040"),
    ("'#808080' | color_lighten(50)", "#c0c0c0"),
    ("'#808080' | color_darken(50)", "#404040"),
    ("'#ffffff' | color_brightness", "255.0"),
    ("nope | color_brightness", "0"),
    ("'#000' | color_contrast('#fff')", "21.0"),
    ("'#777777' | color_contrast('#ffffff')", "4.48"),
    ("'x' | color_contrast('#fff')", "1"),
    ("'A & B' | link_to('/a?b=1&c', class='x')", '<a href="/a?b=1&amp;c" class="x">A &amp; B</a>'),
    ("'/t/a.css' | preload_tag", '<link rel="preload" href="/t/a.css" as="style">'),
    ("'/t/a.woff2' | preload_tag", '<link rel="preload" href="/t/a.woff2" as="font" crossorigin="">'),
    ("'icon.svg' | inline_asset_content", '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'),
    ("'bad.svg' | inline_asset_content", ""),
    ("'large.svg' | inline_asset_content", ""),
    ("'theme.css' | inline_asset_content", ""),
    ("'none.svg' | inline_asset_content", ""),
    ("950 | weight_with_unit", "950 g"),
    ("1250 | weight_with_unit", "1.25 kg"),
    ("1000 | weight_with_unit('lb')", "2.2 lb"),
    ("'x' | weight_with_unit", ""),
    ("'Oak <b>bowl</b>' | highlight('bowl oak')", "<mark>Oak</mark> &lt;b&gt;<mark>bowl</mark>&lt;/b&gt;"),
    ("'a.b' | highlight('.')", "a<mark>.</mark>b"),
    ("'<i>' | highlight('')", "&lt;i&gt;"),
    ("(collection.products | find('handle', 'p3')).title", "Product 3"),
    ("collection.products | find('handle', 'nope')", ""),
    ("'items' | t(count=1)", "1 thing"),
    ("'items' | t(count=2)", "2 things"),
    ("'twice' | t(a='{b}', b='x')", "{b}x"),
    ("'nope.key' | t", "nope.key"),
    ("collection.products | where('id', 2) | map('title') | join(', ')", "Product 2"),
    ("[3, none, 1] | compact | sort | join('-')", "1-3"),
    ("'b,a' | split | sort | join", "ab"),
    ("'99999999999999999999999' | int(5)", "5"),
    ("5 | at_most(3)", "3"),
]


def render(expression: str) -> str:
    theme = theme_of(FILES)
    with _page(theme, "index", page_of()) as (state, _):
        return compiled("snippets/x.html", f"{{{{ {expression} }}}}").render(state.globals, {})


@pytest.mark.parametrize(("expression", "expected"), CASES, ids=[case[0] for case in CASES])
def test_filter(expression: str, expected: str) -> None:
    assert render(expression) == expected


def test_a_placeholder_is_a_drawing_without_a_name_of_its_own() -> None:
    html = render("'Product 1\"' | placeholder_svg_tag(class='wide')")

    assert html.startswith('<svg class="placeholder placeholder--product-1- wide" viewBox="0 0 4 3" aria-hidden="true"')
