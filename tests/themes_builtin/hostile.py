"""A shop that wishes its theme ill: whatever text a merchant or a shopper may write, in every place that shows text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle

from themes import rows
from themes.fixtures import FixtureReader
from themes.page import PageContext
from themes.sandbox.budget import Limits

VARIANTS = 200
WHEN = datetime(2026, 9, 1, tzinfo=UTC)
Text = Callable[[], str]


class Shelf(FixtureReader):
    """Finds everything, whatever is searched for."""

    def listing(self, query: rows.ListingQuery, offset: int, limit: int) -> rows.ListingRow:
        return FixtureReader.listing(self, replace(query, terms=None), offset, limit)


def texts(of: list[str]) -> Text:
    """Return a source that gives the strings in turn, for ever."""
    turning: Iterator[str] = cycle(of)
    return lambda: next(turning)


def shop(template: str, text: Text, *, products: int = 24, direction: str = "ltr", locale: str = "en") -> PageContext:
    """Return the page `template` of a shop that has no picture and says `text()` wherever it says something."""
    goods = tuple(_product(number, text) for number in range(1, products + 1))
    first = goods[0] if goods else _product(1, text)
    collection = rows.CollectionRow(1, "all", text(), "", None, products)
    reader = Shelf(
        products=goods,
        collection_rows=tuple(rows.CollectionRow(at, f"c{at}", text(), "", None, products) for at in range(1, 9)),
        menu_rows=tuple(rows.MenuRow(handle, text(), _links(text)) for handle in ("main", "footer", "help")),
        variants={row.id: _variants(row.id, text, VARIANTS if row is first else 3) for row in goods[:24]} or {1: []},
        options={row.id: _options(text, VARIANTS if row is first else 3) for row in goods[:24]},
        specifications={1: [rows.SpecificationRow(text(), text()) for _ in range(20)]},
        reviews={1: [rows.ReviewRow(text(), 3, text(), text(), WHEN, reply=text()) for _ in range(20)]},
        facet_rows=tuple(
            rows.FacetRow(text(), f"filter.f{at}", "list", tuple(_value(text) for _ in range(30))) for at in range(3)
        ),
        cart_row=_cart(text),
    )
    resources: dict[str, rows.Resource] = {
        "product": first,
        "collection": collection,
        "search": rows.SearchRow(text()),
        "page": rows.PageRow(1, "page", text()),
        "article": _article(text),
        "blog": rows.BlogRow(text(), tuple(_article(text) for _ in range(6)), tuple(text() for _ in range(6))),
    }
    return PageContext(
        shop=rows.ShopRow(text(), "https://hostile.test", text(), email="hostile@hostile.test"),
        request=rows.RequestRow("hostile.test", "/", template, locale, query=(("q", text()),)),
        reader=reader,
        localization=rows.LocalizationRow(locale, direction=direction),
        resource={template: resources[template]} if template in resources else {},
        form_errors=dict.fromkeys(("contact", "newsletter", "storefront_password", "quick_order"), text()),
        form_values={"contact": {"name": text(), "message": text()}, "quick_order": {"sku-1": text(), "lines": text()}},
        title=text(),
        description=text(),
        # A busy machine must not empty a section here; what a page may do is bound by its operations.
        limits=Limits(cpu=10, wall=60),
    )


def _product(number: int, text: Text) -> rows.ProductRow:
    return rows.ProductRow(
        number, f"p{number}", text(), 4500, 2_000_000_000_00, 3_000_000_000_00, number % 5 != 0, text(), text(),
        tags=(text(), text()), rating=4.6, rating_count=12,
    )  # fmt: skip


def _variants(product: int, text: Text, count: int) -> list[rows.VariantRow]:
    return [
        rows.VariantRow(
            product * 1000 + at, product, text(), 4500, (f"{at} {text()}",), 6000, at % 3 != 0, sku=text(),
            components=(rows.PartRow(2, text(), text(), text()),) if at == 1 else (),
        )
        for at in range(count)
    ]  # fmt: skip


def _options(text: Text, count: int) -> list[rows.OptionRow]:
    return [rows.OptionRow(text(), 1, tuple(f"{at} {text()}" for at in range(count)))]


def _links(text: Text) -> tuple[rows.LinkRow, ...]:
    deep = (rows.LinkRow(text(), "/collections/c3"),)
    inner = tuple(rows.LinkRow(text(), "/collections/c2", deep) for _ in range(4))
    return tuple(rows.LinkRow(text(), "/collections/c1", inner) for _ in range(5))


def _value(text: Text) -> rows.FacetValueRow:
    return rows.FacetValueRow(text(), text(), 3)


def _article(text: Text) -> rows.ArticleRow:
    return rows.ArticleRow(1, "article", text(), "", text(), text(), (text(), text()), None, WHEN)


def _cart(text: Text) -> rows.CartRow:
    part = rows.PartRow(2, text(), text(), text())
    items = tuple(
        rows.CartItemRow(f"k{at}", text(), "/products/p1", 2, 4500, 9000, text(), problem=text(), components=(part,))
        for at in range(20)
    )
    discounts = (rows.CartDiscountRow(text(), text(), 100), rows.CartDiscountRow(text(), text(), 0, text()))
    return rows.CartRow("USD", items, 9000, 9000, text(), text(), discounts)
