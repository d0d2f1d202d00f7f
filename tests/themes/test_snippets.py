"""Snippets are kept only where their arguments, the theme and the locale decide what they print."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import replace

import pytest

from themes import rows
from themes.fixtures import FixtureReader
from themes.fragments import Fragment, Varies
from themes.page import PageContext
from themes.render import render_page
from themes.theme import Theme

LIST = "{% for product in collection.products %}{% render 'card', product=product, eager=loop.first %}{% endfor %}"


class Store:
    def __init__(self) -> None:
        self.kept: dict[Hashable, Fragment | Varies] = {}
        self.hits = 0

    def get(self, key: Hashable) -> Fragment | Varies | None:
        found = self.kept.get(key)
        self.hits += isinstance(found, Fragment)
        return found

    def put(self, key: Hashable, fragment: Fragment | Varies) -> None:
        self.kept[key] = fragment


def theme(card: str, main: str = LIST, **settings: str) -> Theme:
    template = {"sections": {"main": {"type": "main", "settings": {"word": "Hi"}}}, "order": ["main"]}
    schema = '{% schema %}{"settings": [{"type": "text", "id": "word"}]}{% endschema %}'
    files = {
        "layout/theme.html": "{{ content_for_layout }}",
        "snippets/card.html": card,
        "snippets/inner.html": "{{ customer.name }}",
        "sections/main.html": main + schema,
        "templates/collection.json": json.dumps(template),
        "config/settings_schema.json": json.dumps(
            [
                {
                    "name": "All",
                    "settings": [
                        {"type": "text", "id": "tone"},
                        {"type": "product", "id": "star"},
                        {"type": "text", "id": "bound"},
                    ],
                }
            ]
        ),
        "config/settings_data.json": json.dumps({"current": settings}),
    }
    return Theme("test", {path: text.encode() for path, text in files.items()})


def page(store: Store | None, *, price: int = 500, query: tuple[tuple[str, str], ...] = ()) -> PageContext:
    products = tuple(rows.ProductRow(number, f"p{number}", f"P{number}", price, price) for number in (1, 2))
    variants = {
        number: (rows.VariantRow(number * 10, number, "S", price), rows.VariantRow(number * 10 + 1, number, "L", price))
        for number in (1, 2)
    }
    return PageContext(
        shop=rows.ShopRow("Shop", "https://shop.test"),
        request=rows.RequestRow("shop.test", "/collections/all", "collection", query=query),
        localization=rows.LocalizationRow("en-US", "USD"),
        reader=FixtureReader(products=products, variants=variants),
        resource={"collection": rows.CollectionRow(5, "all", "All", products_count=2)},
        fragments=store,
    )


def test_a_card_is_rendered_once_for_the_same_product() -> None:
    store, card = (
        Store(),
        theme("<b>{{ product.title }} {{ product.price | money }} {{ product.variants | length }}</b>"),
    )

    first = render_page(card, "collection", page(store))
    shown = page(store)
    again = render_page(card, "collection", shown)

    assert first.html == again.html
    assert "<b>P1 $5.00 2</b>" in again.html
    assert (len(store.kept), store.hits) == (2, 2)
    # The relations of a kept card are not even asked for.
    assert again.stats.queries == first.stats.queries - 1
    assert again.surrogate_keys == first.surrogate_keys
    assert {fragment.keys for fragment in store.kept.values()} == {
        frozenset(["product-1", "settings"]),
        frozenset(["product-2", "settings"]),
    }


def test_what_the_key_holds_makes_another_card() -> None:
    store, card = Store(), "<b>{{ product.price | money }} {{ settings.tone }} {{ product.selected_variant.title }}</b>"

    pages = [
        render_page(theme(card), "collection", page(store)).html,
        render_page(theme(card), "collection", page(store, price=700)).html,
        render_page(theme(card, tone="loud"), "collection", page(store)).html,
        render_page(theme(card), "collection", page(store, query=(("variant", "11"),))).html,
        render_page(
            theme(card), "collection", replace(page(store), localization=rows.LocalizationRow("de-DE", "EUR"))
        ).html,
    ]

    assert store.hits == 0
    assert len(set(pages)) == 5
    assert "<b>$5.00  L</b>" in pages[3]


@pytest.mark.parametrize(
    "card",
    [
        "{{ customer.name }}",
        "{{ cart.item_count }}",
        "{{ now | date }}",
        "{{ section.settings.word }}",
        "{{ collection.title }}",
        "{{ settings.star.title }}",
        "{{ settings.bound }}",
        "{% if product.title == 'never' %}{{ customer.name }}{% endif %}",
        "{% render 'inner' %}",
        "{{ product.related | length }}",
        "{% for each in product.collections %}{{ each.title }}{% endfor %}",
        "{% slot 'card' %}",
    ],
)
def test_a_card_that_shows_more_than_its_arguments_is_never_kept(card: str) -> None:
    store = Store()

    result = render_page(theme(card, star="p1", bound="{{ collection.title }}"), "collection", page(store))

    assert result.failed_sections == ()
    assert store.kept == {}


def test_a_value_that_can_be_anything_is_never_kept() -> None:
    store = Store()
    main = "{% for product in collection.products %}{% render 'card', product=product, words=['a'] %}{% endfor %}"

    render_page(theme("{{ product.title }}", main), "collection", page(store))

    assert store.kept == {}


def test_a_product_read_before_the_snippet_taints_it_still() -> None:
    store = Store()
    card = "{{ product.related | length }}"
    main = f"{{% for product in collection.products %}}{card}{{% render 'card', product=product %}}{{% endfor %}}"

    render_page(theme(card, main), "collection", page(store))

    assert store.kept == {}


def test_one_and_true_are_different_arguments() -> None:
    store = Store()
    main = "{% render 'card', value=1 %}{% render 'card', value=true %}{% render 'card', value='<i>' %}"

    result = render_page(theme("[{{ value }}]", main), "collection", page(store))

    assert "[1][true][&lt;i&gt;]" in result.html
    # Three snippets and the section around them.
    assert len(store.kept) == 4
