"""A small theme rendered whole: isolation, batching, privacy and the merchant's layer."""

from __future__ import annotations

import json
from dataclasses import replace

from themes import rows
from themes.fixtures import FixtureReader
from themes.page import PageContext
from themes.render import render_page, render_sections
from themes.theme import Theme

CARD = "<b>{{ product.title }} {{ product.price | money }} {{ product.variants | length }}</b>"
MAIN = """{% for product in collection.products %}{% render 'card', product=product %}{% endfor %}
{{ section.settings.heading }}
{% schema %}{"settings": [{"type": "text", "id": "heading", "default": "Hello"}]}{% endschema %}"""


def theme(**sections: str) -> Theme:
    files = {"layout/theme.html": "<html>{{ content_for_layout }}</html>", "snippets/card.html": CARD}
    files["sections/main.html"] = MAIN
    files |= {f"sections/{name}.html": body for name, body in sections.items()}
    order = {name: {"type": name} for name in ("main", *sections)}
    files["templates/collection.json"] = json.dumps({"sections": order, "order": list(order)})
    return Theme("test", {path: text.encode() for path, text in files.items()})


def page(reader: FixtureReader, *, design_mode: bool = False) -> PageContext:
    return PageContext(
        shop=rows.ShopRow("Shop", "https://shop.test"),
        request=rows.RequestRow("shop.test", "/collections/all", "collection", design_mode=design_mode),
        localization=rows.LocalizationRow("en-US", "USD"),
        reader=reader,
        resource={"collection": rows.CollectionRow(5, "all", "All", products_count=24)},
    )


def reader() -> FixtureReader:
    products = tuple(rows.ProductRow(n, f"p{n}", f"<P{n}>", 123456, 123456) for n in range(1, 25))
    variants = {n: (rows.VariantRow(n, n, "Default", 123456),) for n in range(1, 25)}
    return FixtureReader(products=products, variants=variants)


def test_siblings_load_a_relation_once() -> None:
    shop = reader()

    result = render_page(theme(), "collection", page(shop))

    assert result.html.count("$1,234.56 1</b>") == 24
    assert "&lt;P1&gt;" in result.html
    assert shop.calls == {"listing": 1, "variants_of": 1}
    assert result.stats.queries == 2
    assert {"collection-5", "product-1", "product-24", "settings"} <= result.surrogate_keys
    assert not result.private


def test_failing_section_leaves_an_empty_box_and_the_page_stands() -> None:
    result = render_page(theme(bad="{{ [1] }}"), "collection", page(reader()))

    assert '<div id="section-bad" class="section"></div>' in result.html
    assert "$1,234.56" in result.html
    assert result.failed_sections == ("bad",)


def test_design_mode_explains_the_failure() -> None:
    result = render_page(theme(bad="{{ [1] }}"), "collection", page(reader(), design_mode=True))

    assert "a value of type list cannot be printed" in result.html


def test_endless_section_is_stopped_by_its_budget() -> None:
    bomb = "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}x{% endfor %}{% endfor %}"
    result = render_page(theme(bomb=bomb + "{% endfor %}"), "collection", page(reader()))

    assert result.failed_sections == ("bomb",)
    assert "$1,234.56" in result.html


def test_reading_the_cart_makes_the_page_private() -> None:
    result = render_page(theme(mini="{{ cart.item_count }}"), "collection", page(reader()))

    assert result.private


def test_layer_changes_a_setting_and_leaves_the_base_alone() -> None:
    base = theme()
    template = {"sections": {"main": {"type": "main", "settings": {"heading": "Sale"}}}}

    layered = base.with_layer(templates={"templates/collection.json": template})

    assert "Sale" in render_page(layered, "collection", page(reader())).html
    assert "Hello" in render_page(base, "collection", page(reader())).html
    assert base.with_layer(templates={"templates/collection.json": template}) is layered


def test_sections_are_rendered_by_id_and_unknown_ids_left_out() -> None:
    found = render_sections(theme(), "collection", ["main", "nope"], page(reader()))

    assert list(found) == ["main"]


def test_a_theme_reads_what_plugins_add_escaped() -> None:
    given = replace(page(reader()), plugins={"stars": {"text": "<b>4</b>", "list": [1, 2]}})

    result = render_page(
        theme(more="{{ plugins.stars.text }}{{ plugins.stars.list | join('-') }}|{{ plugins.none.x }}|"),
        "collection",
        given,
    )

    assert "&lt;b&gt;4&lt;/b&gt;1-2||" in result.html
    assert result.failed_sections == ()
