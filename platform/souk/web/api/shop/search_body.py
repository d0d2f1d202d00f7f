"""Write a page of results as JSON.

`SearchPage` is the promise and `tests/api/test_search_body.py` holds this text to it: through its models the same
page costs more than everything else about a search together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import g

from souk.kernel.config import config
from souk.kernel.ids import PRODUCT
from souk.kernel.money import exponent
from souk.search.engine import Facet
from souk.search.find import Found
from souk.web.api.schemas.products import SearchParameters
from souk.web.api.shop.product_rows import PICTURE_WIDTH

_OPTION = "option."
_LISTS = ("category", "brand", "in_stock", "rating")
_TRUTH = ("false", "true")
# Made once: `json.dumps` makes one for each call that asks for no blanks.
_write = json.JSONEncoder(separators=(",", ":")).encode


def page_text(found: Found, rows: Iterable[Sequence[Any]], query: SearchParameters, currency: str) -> str:
    """Return the page; `rows` are those of `ProductRows`."""
    digits = _digits(currency)
    media = f"{config().origin(g.shop.primary_host)}/media/"
    products = ",".join([_product(row, currency, digits, media) for row in rows])
    facets = _facets(found.facets, digits)
    return (
        f'{{"products":[{products}],"total":{found.total},"page":{query.page},"limit":{query.limit},"facets":{facets}}}'
    )


def _product(row: Sequence[Any], currency: str, digits: int, media: str) -> str:
    id_, title, price, rating, available, handle, picture, *_ = row
    address = _write(f"{media}{picture}/{PICTURE_WIDTH}.webp") if picture else "null"
    return (
        f'{{"id":"{PRODUCT}_{id_}","name":{_write(title)},"price":{major(price, digits)},"currency":"{currency}",'
        f'"rating":{rating:.2f},"image_url":{address},"in_stock":{_TRUTH[available]},"handle":{_write(handle)}}}'
    )


@lru_cache(maxsize=64)
def _digits(currency: str) -> int:
    return exponent(currency)


def major(amount: int, digits: int) -> str:
    """Return minor units as the exact decimal number of major units: (1999, 2) gives "19.99"."""
    if not digits:
        return str(amount)
    sign, text = ("-" if amount < 0 else ""), str(abs(amount)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}"


def _facets(facets: Iterable[Facet], digits: int) -> str:
    named = {facet.name: facet for facet in facets}
    lists = ",".join(f'"{name}":{_counts(named.get(name))}' for name in _LISTS)
    options = ",".join(
        f"{_write(name.removeprefix(_OPTION))}:{_counts(facet)}"
        for name, facet in named.items()
        if name.startswith(_OPTION)
    )
    return f'{{{lists},"price":{_range(named.get("price"), digits)},"options":{{{options}}}}}'


def _counts(facet: Facet | None) -> str:
    if facet is None:
        return "[]"
    shown = _stars if facet.name == "rating" else str
    return _write([{"value": shown(each.value), "count": each.count} for each in facet.values])


def _stars(tenths: str) -> str:
    """Return what `rating_min` takes: a facet's value is sent back as it is."""
    return f"{Decimal(tenths).scaleb(-1).normalize():f}"


def _range(facet: Facet | None, digits: int) -> str:
    amounts = [int(one.value) for one in facet.values] if facet else []
    if not amounts:
        return "null"
    return f'{{"min":{major(min(amounts), digits)},"max":{major(max(amounts), digits)}}}'
