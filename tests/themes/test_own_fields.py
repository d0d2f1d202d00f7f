"""Metafields and focal points, as a theme prints them."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from tests.themes.test_render import page, theme
from themes import rows
from themes.fixtures import FixtureReader
from themes.render import render_page

FIELDS = """{% for product in collection.products %}[{{ product.metafields.custom.burn_time }}|
{{ product.metafields.custom.care }}|{{ product.metafields.custom.none }}|{{ product.metafields.nobody.any }}|
{{ product.metafields.custom.woods | join('+') }}]{% endfor %}"""
PICTURES = "{% for product in collection.products %}{{ product.featured_image | image_tag }}{% endfor %}"


def test_metafields_are_read_by_namespace_and_key_in_one_load() -> None:
    products = tuple(rows.ProductRow(n, f"p{n}", "P", 100, 100) for n in (1, 2))
    values = {1: {"custom.burn_time": 45, "custom.care": Markup("<b>Dry</b>"), "custom.woods": ["Oak", "<Ash>"]}}
    reader = FixtureReader(products=products, metafields=values)

    html = "".join(render_page(theme(fields=FIELDS), "collection", page(reader)).html.split())

    assert "[45|<b>Dry</b>|||Oak+&lt;Ash&gt;][||||]" in html
    assert reader.calls["metafields_of"] == 1


OWNED = """{% for each in collections %}[{{ each.metafields.custom.season }}]{% endfor %}
{% for product in collection.products %}{% for each in product.variants %}
({{ each.metafields.custom.size }}{{ each.metafields.custom.chart.title }}){% endfor %}{% endfor %}"""


def test_fields_of_variants_and_collections_are_read_for_all_of_a_page_at_once() -> None:
    products = tuple(rows.ProductRow(n, f"p{n}", "P", 100, 100) for n in (1, 2))
    reader = FixtureReader(
        products=products,
        collection_rows=tuple(rows.CollectionRow(n, f"c{n}", "C") for n in (1, 2, 3)),
        collection_metafields={1: {"custom.season": "Spring"}, 3: {"custom.season": "<Autumn>"}},
        variants={n: tuple(rows.VariantRow(n * 10 + m, n, "V", 100) for m in (1, 2)) for n in (1, 2)},
        variant_metafields={1: {12: {"custom.size": 7, "custom.chart": rows.ReferenceRow("metaobject", 5)}}},
        entries=(rows.EntryRow(5, "chart", "wide", "Wide"),),
    )

    html = "".join(render_page(theme(owned=OWNED), "collection", page(reader)).html.split())

    assert "[Spring][][&lt;Autumn&gt;]()(7Wide)()()" in html
    assert (reader.calls["variant_metafields_of"], reader.calls["collection_metafields_of"]) == (1, 1)


def test_a_focal_point_becomes_the_position_of_the_picture() -> None:
    middle = rows.ImageRow(1, "t1/aa", "A chair", 800, 600)
    product = rows.ProductRow(1, "p1", "P", 100, 100, featured_image=middle)
    aside = replace(product, id=2, featured_image=replace(middle, focus="20% 80%"))

    html = render_page(theme(pictures=PICTURES), "collection", page(FixtureReader(products=(product, aside)))).html

    assert html.count("<img") == 2
    assert html.count("object-position:20% 80%") == 1
