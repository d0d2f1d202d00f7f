"""No text, no number of things and no missing picture breaks a page of the built-in themes."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache

import pytest

from tests.markup import faults, tree
from tests.real_data import NAUGHTY_STRINGS
from tests.themes_builtin.catalog import TEMPLATES, TEMPLATES_OF_SOME, theme
from tests.themes_builtin.hostile import Text, shop, texts
from themes.render import render_page

EVERY = (*TEMPLATES, *TEMPLATES_OF_SOME, "blog", "article", "contact", "newsletter")
LOOKS = pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
LONG = "Überaus langer Name " * 15
UNBROKEN = "W" * 300
RIGHT_TO_LEFT = "مزهرية من الطين المحروق بألوان كثيرة " * 8
ATTACKS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</style><svg onload=a>",
    "{{ 7 * 7 }}{% raw %}", "</script><iframe src=//x>", "javascript:alert(1)", "]]><!--", "</textarea><form>",
    "&lt;b&gt;", "\\u003cscript\\u003e", "</title><marquee>", "`${x}`", "%3Cscript%3E", "\u202eevil\u2066",
]  # fmt: skip
_ACTIVE = ("script", "img", "iframe", "svg", "style", "link", "meta", "object", "form", "base", "marquee")


def shape(html: str) -> tuple[Counter[str], set[str]]:
    """Return how often each active element stands, and every (element, attribute) that stands at all."""
    document = tree(html)
    elements = [element for element in document.iter() if isinstance(element.tag, str)]
    counted = Counter(str(element.tag) for element in elements if element.tag in _ACTIVE)
    return counted, {f"{element.tag} {name}" for element in elements for name in element.attrib}


@cache
def harmless(template: str, look: str) -> tuple[Counter[str], set[str]]:
    return shape(rendered(template, look, texts(["word"])))


def rendered(
    template: str, look: str, text: Text, *, products: int = 24, direction: str = "ltr", locale: str = "en"
) -> str:
    context = shop(template, text, products=products, direction=direction, locale=locale)
    page = render_page(theme(look), template, context)
    assert page.failed_sections == (), (template, look)
    return page.html


def check(html: str, template: str, look: str) -> None:
    counted, attributes = shape(html)
    plain, known = harmless(template, look)
    assert counted == plain
    assert attributes <= known
    assert re.findall(r'(?:href|src|action)="\s*javascript:', html, re.IGNORECASE) == []


@LOOKS
@pytest.mark.parametrize("template", EVERY)
def test_hostile_text_stays_text(template: str, look: str) -> None:
    check(rendered(template, look, texts([" ".join(ATTACKS)])), template, look)


@LOOKS
@pytest.mark.slow
@pytest.mark.skipif(not NAUGHTY_STRINGS.exists(), reason="the list of naughty strings lies elsewhere")
def test_every_naughty_string_stays_text(look: str) -> None:
    naughty = [text for text in json.loads(NAUGHTY_STRINGS.read_text("utf-8")) if text.strip()]
    chunks = [" ".join(naughty[at : at + 6]) for at in range(0, len(naughty), 6)]

    for template in EVERY:
        check(rendered(template, look, texts(chunks)), template, look)
    for at in range(0, len(naughty), 120):
        check(rendered("collection", look, texts(naughty[at : at + 120])), "collection", look)


@LOOKS
@pytest.mark.parametrize("template", EVERY)
def test_long_names_leave_every_page_valid(template: str, look: str) -> None:
    html = rendered(template, look, texts([LONG, UNBROKEN, RIGHT_TO_LEFT]), direction="rtl", locale="ar")

    assert 'dir="rtl"' in html
    assert faults(html) == []


@LOOKS
@pytest.mark.parametrize("products", [0, 10_000])
def test_any_number_of_products_is_shown(look: str, products: int) -> None:
    for template in ("index", "collection", "search", "list-collections"):
        html = rendered(template, look, texts(["word"]), products=products)
        assert len(html) < 400_000, template
        if template in {"collection", "search"}:
            assert ("10,000 products" in html) is (products > 0), template


@LOOKS
def test_each_of_200_variants_can_be_chosen(look: str) -> None:
    html = rendered("product", look, texts(["word"]))

    assert len(set(re.findall(r"[?]variant=(1\d{3})", html))) == 200
