"""A believable shop in memory: what a theme is built, profiled and shown on without a shop or a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from themes import rows
from themes.fixtures import FixtureReader
from themes.page import PageContext

SHOP = rows.ShopRow("Example Shop", "http://127.0.0.1:9292", "Things for the house.", email="hello@shop.example")
_LONG = "Leather Satchel With A Name That Is Rather Long And Breaks Lines"
_GOODS = (
    ("Oak Bowl", "Kitchen", 2900), ("Linen Shirt", "Clothing", 6900), ("Reading Lamp", "Light", 12900),
    ("Wool Blanket", "Living", 9900), ("Stone Vase", "Living", 4500), ("Copper Kettle", "Kitchen", 7900),
    ("Paper Shade", "Light", 3900), ("Cotton Apron", "Kitchen", 3500), (_LONG, "Clothing", 18900),
    ("Ash Stool", "Living", 14900), ("Glass Carafe", "Kitchen", 2400), ("Felt Slippers", "Clothing", 4200),
)  # fmt: skip
_COUNT = 36
_NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PAGES = {"about": "About us", "delivery": "Delivery and returns"}
POSTS = (("how-we-choose-wood", "How we choose our wood", "wood"), ("a-kettle-for-life", "A kettle for life", "metal"))
FORMS = {"contact": "Contact", "newsletter": "Newsletter", "quick-order": "Quick order"}
TYPES = ("Kitchen", "Clothing", "Light", "Living")


@dataclass(frozen=True, slots=True)
class Route:
    """Where an address leads: a template with its main object."""

    template: str
    page_type: str
    title: str
    resource: Mapping[str, rows.Resource]
    status: int = 200


def _image(number: int, position: int, title: str) -> rows.ImageRow:
    return rows.ImageRow(number * 10 + position, f"example/{number}-{position}", title, 1200, 1500, position)


def _handle(title: str) -> str:
    return "-".join(title.lower().split())


def product(number: int) -> rows.ProductRow:
    """Return product 1 to 36; some are reduced, sold out, without picture or without rating."""
    title, kind, price = _GOODS[(number - 1) % len(_GOODS)]
    if number > len(_GOODS):
        title = f"{title} {1 + (number - 1) // len(_GOODS)}"
    return rows.ProductRow(
        number, _handle(title), title, price, price + (1000 if number % 3 == 0 else 0),
        compare_at_price=price + 2000 if number % 4 == 0 else None,
        available=number % 7 != 0,
        vendor=("Grove", "Hallen", "Flax")[number % 3],
        type=kind,
        tags=("new",) if number % 5 == 0 else (),
        featured_image=None if number % 11 == 0 else _image(number, 1, title),
        second_image=None if number % 11 == 0 else _image(number, 2, title),
        rating=None if number % 6 == 0 else 4.0 + number % 10 / 10,
        rating_count=number % 6 * 3,
        has_only_default_variant=number % 2 == 0,
        created_at=_NOW - timedelta(days=number),
    )  # fmt: skip


def _variants(row: rows.ProductRow) -> list[rows.VariantRow]:
    if row.has_only_default_variant:
        return [
            rows.VariantRow(row.id * 10, row.id, "Default", row.price_min, available=row.available, sku=f"EX-{row.id}")
        ]
    choices = [(color, size) for color in ("Navy", "Cream", "Moss") for size in ("Small", "Large")]
    return [
        rows.VariantRow(
            row.id * 10 + at, row.id, " / ".join(choice), row.price_max if choice[1] == "Large" else row.price_min,
            choice, row.compare_at_price, row.available and choice != ("Cream", "Small"), f"EX-{row.id}-{at}",
            low_stock=3 if at == 1 else None, weight_grams=450 + 100 * at,
        )
        for at, choice in enumerate(choices)
    ]  # fmt: skip


def _collections() -> tuple[rows.CollectionRow, ...]:
    everything = rows.CollectionRow(1, "all", "Everything", "<p>All that we make.</p>", None, _COUNT)
    kinds = [
        rows.CollectionRow(at, _handle(kind), kind, f"<p>{kind} for every day.</p>", _image(at, 1, kind), 9)
        for at, kind in enumerate(TYPES, 2)
    ]
    return (everything, *kinds)


def _menus() -> tuple[rows.MenuRow, ...]:
    kinds = tuple(rows.LinkRow(kind, f"/collections/{_handle(kind)}") for kind in TYPES)
    pages = tuple(rows.LinkRow(title, f"/pages/{handle}") for handle, title in PAGES.items())
    main = (rows.LinkRow("Shop", "/collections/all", kinds), rows.LinkRow("About us", "/pages/about"))
    return rows.MenuRow("main", "Main menu", main), rows.MenuRow("footer", "Footer", pages)


def _line(row: rows.ProductRow, quantity: int) -> rows.CartItemRow:
    return rows.CartItemRow(
        key=f"k{row.id}",
        product_title=row.title,
        url=f"/products/{row.handle}",
        quantity=quantity,
        price=row.price_min,
        line_price=row.price_min * quantity,
        image=row.featured_image,
        problem=None if quantity == 1 else "Only 1 is left.",
    )


def _cart(lines: int) -> rows.CartRow:
    items = tuple(_line(product(number), number) for number in range(1, lines + 1))
    total = sum(item.line_price for item in items)
    discounts = (
        rows.CartDiscountRow("Welcome", "WELCOME10", total // 10),
        rows.CartDiscountRow("OLD", "OLD", problem="The code OLD is no longer valid."),
    )
    return rows.CartRow("USD", items, total, total - total // 10, discounts=discounts if lines else ())


def reader(*, cart_lines: int = 2) -> FixtureReader:
    """Return the data of the example shop."""
    products = tuple(product(number) for number in range(1, _COUNT + 1))
    ids = [row.id for row in products]
    chosen = [rows.OptionRow("Color", 1, ("Navy", "Cream", "Moss")), rows.OptionRow("Size", 2, ("Small", "Large"))]
    details = [rows.SpecificationRow("Material", "Oak"), rows.SpecificationRow("Care", "Wipe dry")]
    review = rows.ReviewRow("Ines", 5, "Lovely", "Very well made.", _NOW, verified=True)
    brands = tuple(rows.FacetValueRow(name, name, 12) for name in ("Flax", "Grove", "Hallen"))
    facets = (
        rows.FacetRow("Brand", "filter.brand", "list", brands),
        rows.FacetRow("Price", "filter.price", "price_range", (), 20900),
        rows.FacetRow("In stock", "filter.available", "boolean", (rows.FacetValueRow("1", "In stock", 31),)),
    )
    return FixtureReader(
        products=products,
        collection_rows=_collections(),
        page_rows=tuple(page_row(handle) for handle in PAGES),
        menu_rows=_menus(),
        descriptions=dict.fromkeys(ids, "<p>Made by hand, to be used every day.</p><ul><li>Repairable</li></ul>"),
        variants={row.id: _variants(row) for row in products},
        options={row.id: [] if row.has_only_default_variant else chosen for row in products},
        media={row.id: [_image(row.id, at, row.title) for at in (1, 2, 3)] for row in products if row.featured_image},
        categories={row.id: rows.CategoryRow(row.type, f"/collections/{_handle(row.type)}") for row in products},
        specifications=dict.fromkeys(ids, details),
        reviews={row.id: [review] for row in products if row.rating},
        facet_rows=facets,
        cart_row=_cart(cart_lines),
    )


def page_row(handle: str) -> rows.PageRow:
    at = list(PAGES).index(handle) + 1
    return rows.PageRow(at, handle, PAGES[handle], f"<p>{PAGES[handle]}: here is the text.</p>")


def _posts(tag: str = "") -> rows.BlogRow:
    words = "<p>It begins with a walk through the workshop.</p><h2>Slowly</h2><p>And it ends with a good bowl.</p>"
    every = tuple(
        rows.ArticleRow(
            at, handle, title, words, "It begins with a walk through the workshop.", "Ines", (own,),
            _image(at, 1, title), _NOW - timedelta(days=at),
        )
        for at, (handle, title, own) in enumerate(POSTS, 1)
    )  # fmt: skip
    shown = tuple(each for each in every if not tag or tag in each.tags)
    path = f"/blog/tagged/{tag}" if tag else "/blog"
    return rows.BlogRow("Blog", shown, tuple(own for *_, own in POSTS), tag, path=path)


def route(path: str, terms: str = "") -> Route:
    """Return what the storefront would show at `path`."""
    first, _, handle = path.strip("/").partition("/")
    known = {
        "": Route("index", "index", SHOP.name, {}),
        "collections": Route("list-collections", "list-collections", "Collections", {}),
        "search": Route("search", "search", "Search", {"search": rows.SearchRow(terms, bool(terms))}),
        "cart": Route("cart", "cart", "Your cart", {}),
        "password": Route("password", "password", SHOP.name, {}),
        "blog": Route("blog", "blog", "Blog", {"blog": _posts()}),
        **{name: Route(name, name, title, {}) for name, title in FORMS.items()},
    }
    if not handle and first in known:
        return known[first]
    found = _object(first, handle)
    return found or Route("404", "404", "Not found", {}, 404)


def _object(kind: str, handle: str) -> Route | None:
    if kind == "products":
        row = next((row for row in (product(n) for n in range(1, _COUNT + 1)) if row.handle == handle), None)
        return Route("product", "product", row.title, {"product": row}) if row else None
    if kind == "collections":
        collection = next((row for row in _collections() if row.handle == handle), None)
        return Route("collection", "collection", collection.title, {"collection": collection}) if collection else None
    if kind == "blog":
        return _post(handle)
    if kind == "pages" and handle in PAGES:
        return Route("page", "page", PAGES[handle], {"page": page_row(handle)})
    return None


def _post(handle: str) -> Route | None:
    first, _, tag = handle.partition("/")
    if first == "tagged":
        return Route("blog", "blog", "Blog", {"blog": _posts(tag)})
    row = next((each for each in _posts().articles if each.handle == handle), None)
    return Route("article", "article", row.title, {"article": row}) if row else None


def page(
    found: Route,
    path: str,
    *,
    query: tuple[tuple[str, str], ...] = (),
    locale: str = "en",
    design_mode: bool = False,
    apps: Mapping[str, Mapping[str, Any]] | None = None,
) -> PageContext:
    """Return the context of a page of the example shop; `apps` are those that it uses, by id with their settings."""
    direction = "rtl" if locale.partition("-")[0] in ("ar", "fa", "he", "ur") else "ltr"
    return PageContext(
        shop=replace(SHOP, locale=locale),
        request=rows.RequestRow("127.0.0.1", path, found.page_type, locale, design_mode, query),
        localization=rows.LocalizationRow(locale, "USD", "US", direction),
        reader=reader(),
        resource=found.resource,
        title=found.title,
        description=SHOP.description,
        canonical_url=SHOP.url + path,
        now=_NOW,
        apps=apps or {},
    )
