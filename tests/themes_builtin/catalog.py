"""A small shop in memory, in the three sizes that break templates: empty, one product, many."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from themes import rows
from themes.builtin_files import builtin_files, builtin_handles
from themes.fixtures import FixtureReader
from themes.page import PageContext
from themes.sandbox.budget import Limits
from themes.theme import Theme, load_builtin

COLLECTION = rows.CollectionRow(1, "all", "Everything", "<p>All of it.</p>", None, 30)
PAGE = rows.PageRow(1, "about", "About us", "<p>Hello.</p>")
MENU = rows.MenuRow(
    "main", "Main", (rows.LinkRow("Shop", "/collections/all", (rows.LinkRow("Vases", "/collections/vases"),)),)
)
RESOURCES: dict[str, Any] = {"page": PAGE, "collection": COLLECTION, "search": rows.SearchRow("vase")}
TEMPLATES = ("index", "product", "collection", "list-collections", "search", "cart", "page", "404", "password")
TEMPLATES_OF_SOME = ("quick-order",)


def _image(number: int, position: int) -> rows.ImageRow:
    return rows.ImageRow(number * 10 + position, f"m{number}-{position}", f"Vase {number}", 1200, 1500, position)


def product(number: int) -> rows.ProductRow:
    return rows.ProductRow(
        number, f"vase-{number}", f"Vase {number}", 4500, 5300, 6000, True, "Hallen", "Vase",
        featured_image=_image(number, 1), rating=4.6, rating_count=12,
    )  # fmt: skip


def _variants(number: int) -> list[rows.VariantRow]:
    choices = [(color, size) for color in ("Navy", "Cream") for size in ("Small", "Large")]
    return [
        rows.VariantRow(
            number * 10 + at,
            number,
            " / ".join(choice),
            4500,
            choice,
            6000,
            at != 3,
            sku=f"V-{number}-{at}",
            low_stock=2 if at == 1 else None,
        )
        for at, choice in enumerate(choices)
    ]


FACETS = (
    rows.FacetRow("Brand", "filter.brand", "list", (rows.FacetValueRow("Hallen", "Hallen", 30),)),
    rows.FacetRow("Price", "filter.price", "price_range", (), 12900),
)


def reader(count: int) -> FixtureReader:
    ids = range(1, count + 1)
    review = rows.ReviewRow("Ines", 5, "Lovely", "Very well made.", datetime(2026, 9, 1, tzinfo=UTC), verified=True)
    line = rows.CartItemRow("k1", "Vase 1", "/products/vase-1", 2, 4500, 9000, "Navy / Small", problem="Only 1 left.")
    return FixtureReader(
        products=tuple(product(number) for number in ids),
        collection_rows=(COLLECTION,) if count else (),
        menu_rows=(MENU,) if count else (),
        descriptions=dict.fromkeys(ids, "<p>Thrown by hand.</p>"),
        variants={number: _variants(number) for number in ids},
        options={
            number: [rows.OptionRow("Color", 1, ("Navy", "Cream")), rows.OptionRow("Size", 2, ("Small", "Large"))]
            for number in ids
        },
        media={number: [_image(number, 1), _image(number, 2)] for number in ids},
        specifications={key: [rows.SpecificationRow("Material", "Clay")] for key in ids},
        reviews={key: [review] for key in ids},
        facet_rows=FACETS if count else (),
        cart_row=rows.CartRow("USD", (line,), 9000, 9000) if count else rows.CartRow("USD"),
    )


def page(
    template: str, count: int = 30, *, query: tuple[tuple[str, str], ...] = (), locale: str = "en", design: bool = False
) -> PageContext:
    resource = {**RESOURCES, "product": product(1)}
    return PageContext(
        shop=rows.ShopRow("Hallen", "https://hallen.test", email="hello@hallen.test"),
        request=rows.RequestRow("hallen.test", "/products/vase-1", template, locale, design, query),
        reader=reader(count),
        localization=rows.LocalizationRow(locale),
        resource={template: resource[template]} if template in resource else {},
        title="Vases",
        # A busy machine must not empty a section here; what a page may do is bound by its operations.
        limits=Limits(cpu=10, wall=60),
    )


@cache
def files(handle: str) -> dict[str, bytes]:
    return builtin_files(handle)


@cache
def looks() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return every preset of every built-in theme: name -> (handle of the theme, settings)."""
    return {
        name: (handle, settings)
        for handle in builtin_handles()
        for name, settings in json.loads(files(handle)["config/settings_data.json"])["presets"].items()
    }


def preset(name: str) -> dict[str, Any]:
    return looks()[name][1]


def theme(name: str = "Bazaar") -> Theme:
    handle, settings = looks()[name]
    return load_builtin(handle).with_layer(settings=settings)


HANDLES = tuple(builtin_handles())
PRESETS = tuple(looks())
