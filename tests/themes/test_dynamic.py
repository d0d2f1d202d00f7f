"""Settings bound to properties."""

from __future__ import annotations

import json
from dataclasses import replace

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
