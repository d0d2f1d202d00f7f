"""Settings bound to properties, and blocks that plugins fill."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from markupsafe import Markup

from tests.themes.attacks.cell import page_of
from tests.themes.small import small_theme
from themes import rows
from themes.dynamic import source_of
from themes.page import Rendered
from themes.render import render_page
from themes.theme import Theme

SECTION = """[{{ section.settings.value }}]
{% schema %}
{"name": "Main", "settings": [{"type": "TYPE", "id": "value", "label": "V", "default": "usual"}]}
{% endschema %}"""
PRODUCT = rows.ProductRow(7, "bowl", "Oak <Bowl>", 1999, 1999, vendor="Grove", available=True)
BLOCKS = """{% for block in section.blocks %}{% content_for 'block', block=block %}{% endfor %}
{% schema %}{"name": "Main", "blocks": [ACCEPTED, {"type": "note", "name": "Note"}]}{% endschema %}"""


def bound(value: str, kind: str = "text") -> Rendered:
    template = {"sections": {"main": {"type": "main", "settings": {"value": value}}}}
    files = small_theme(
        **{"sections/main.html": SECTION.replace("TYPE", kind), "templates/product.json": json.dumps(template)}
    )
    page = replace(page_of(), resource={"product": PRODUCT})
    return render_page(Theme("small", files), "product", page)


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("{{ product.vendor }}", "text", "[Grove]"),
        ("{{product.title}}", "text", "[Oak &lt;Bowl&gt;]"),
        ("{{ product.title }}", "richtext", "[Oak ]"),
        ("{{ product.price }}", "text", "[$19.99]"),
        ("{{ product.url }}", "url", "[/products/bowl]"),
        ("{{ product.id }}", "range", "[7]"),
        ("{{ product.available }}", "checkbox", "[true]"),
        ("{{ shop.name }}", "text", "[Shop]"),
        ("{{ product.nope.deeper }}", "text", "[]"),
        ("{{ product.variants }}", "text", "[]"),
        ("{{ collection.title }}", "text", "[]"),
        ("{{ product.vendor }}", "image_picker", "[]"),
        ("{{ product.vendor }}", "color", "[]"),
        ("{{ product.vendor }}", "url", "[]"),
    ],
)
def test_a_setting_reads_the_property_it_is_bound_to(value: str, kind: str, shown: str) -> None:
    assert shown in bound(value, kind).html


def test_a_bound_setting_records_what_the_page_was_made_of() -> None:
    assert "product-7" in bound("{{ product.vendor }}").surrogate_keys


@pytest.mark.parametrize(
    "value",
    [
        "{{ cart.note }}", "{{ customer.email }}", "{{ product.__class__ }}", "{{ product._row }}", "{{ 7 * 7 }}",
        "{{ product.title | upper }}", "{{ product }}", "By {{ product.vendor }}", "{% if product.title %}",
        "{{ config.items }}", "{{ product.a.b.c.d.e.f.g.h }}",
    ],
)  # fmt: skip
def test_what_is_no_path_of_a_public_object_stays_a_text(value: str) -> None:
    result = bound(value)

    assert source_of(value) is None
    assert str(Markup.escape(value)) in result.html
    assert not result.private


def block_page(accepted: str, block: Mapping[str, Any]) -> tuple[Rendered, list[Any]]:
    asked: list[Any] = []

    def slots(place: str, values: Mapping[str, Any]) -> Markup:
        asked.append((place, dict(values)))
        return Markup("<i>stars</i>")

    template = {"sections": {"main": {"type": "main", "blocks": {"b1": block}}}}
    files = small_theme(
        **{
            "sections/main.html": BLOCKS.replace("ACCEPTED", accepted),
            "blocks/note.html": '<p>{{ block.type }}</p>{% schema %}{"name": "Note"}{% endschema %}',
            "templates/index.json": json.dumps(template),
        }
    )
    page = replace(page_of(), slots=slots)
    return render_page(Theme("small", files), "index", page), asked


def test_an_app_block_is_filled_by_its_plugin() -> None:
    result, asked = block_page('{"type": "@app"}', {"type": "@app/reviews/stars", "settings": {"size": 3}})

    assert '<div class="app-block"><i>stars</i></div>' in result.html
    assert asked == [("block.reviews.stars", {"settings": {"size": 3}, "section_id": "main", "block_id": "b1"})]


def test_a_section_that_takes_no_app_blocks_shows_none() -> None:
    result, asked = block_page('{"type": "other", "name": "O"}', {"type": "@app/reviews/stars"})

    assert "stars" not in result.html
    assert asked == []


def test_a_theme_block_renders_by_the_same_tag() -> None:
    result, asked = block_page('{"type": "@app"}', {"type": "note"})

    assert "<p>note</p>" in result.html
    assert asked == []


def test_blocks_that_ask_too_often_are_stopped() -> None:
    template = {
        "sections": {
            f"s{n}": {"type": "main", "blocks": {str(b): {"type": "@app/a/b"} for b in range(30)}} for n in range(3)
        }
    }
    files = small_theme(
        **{
            "sections/main.html": BLOCKS.replace("ACCEPTED", '{"type": "@app"}'),
            "templates/index.json": json.dumps(template),
        }
    )
    asked: list[str] = []

    def slots(place: str, values: Mapping[str, Any]) -> Markup:
        asked.append(place)
        return Markup("x")

    result = render_page(Theme("small", files), "index", replace(page_of(), slots=slots))

    assert len(asked) == 50
    assert result.failed_sections == ("s1", "s2")
