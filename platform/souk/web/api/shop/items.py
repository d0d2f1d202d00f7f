"""Turn the items of an order into variants, and refuse a price that the buyer was not shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, literal_column, select
from sqlalchemy.orm import Session

from souk.catalog.copies import sellable
from souk.catalog.models import Product, Variant
from souk.kernel import ids
from souk.kernel.errors import Conflict, Invalid
from souk.kernel.money import Money, UnreadableAmount
from souk.pricing.read_book import read_book
from souk.pricing.rules import Market, Rules
from souk.web.api.schemas.orders import OrderItem
from souk.web.api.shop.product_rows import on_sale

MAX_QUANTITY = 10_000


class PriceChanged(Conflict):
    """`price` is the present one, in major units."""

    code = "price_changed"

    def __init__(self, item: int, row: Any, now: Money) -> None:
        price, currency = now.major, now.currency
        super().__init__(
            f"The price of item {item} is {price} {currency} now; show it to the buyer and order again.",
            item=item,
            product_id=ids.encode(ids.PRODUCT, row.product_id),
            variant_id=ids.encode(ids.VARIANT, row.id),
            price=price,
            currency=currency,
        )


class NotOnSale(Invalid):
    code = "item_not_on_sale"

    def __init__(self, item: int) -> None:
        super().__init__(f"Item {item} names nothing that this shop sells; search for it again.", item=item)


class TooMany(Invalid):
    code = "quantity_too_large"

    def __init__(self, item: int) -> None:
        super().__init__(f"Item {item} asks for more than {MAX_QUANTITY} of one variant; order less.", item=item)


def resolve_items(session: Session, items: Sequence[OrderItem], rules: Rules, market: Market) -> dict[int, int]:
    """Return quantity by variant id, in the order given.

    Raises:
        NotOnSale, PriceChanged, TooMany: naming the item, counted from 0.

    """
    rows = [_find(session, item) for item in items]
    book = read_book(session, rules, market, {row.id for row in rows if row is not None})
    wanted: dict[int, int] = {}
    for index, (item, row) in enumerate(zip(items, rows, strict=True)):
        if row is None:
            raise NotOnSale(index)
        wanted[row.id] = wanted.get(row.id, 0) + item.quantity
        price = book.resolve(row.id, row.price, quantity=wanted[row.id]).price
        # Who was shown the price of one may pay less for many, and never more.
        shown = {price, book.resolve(row.id, row.price).price}
        if item.price is not None and not any(_is_price(item, one, market.currency) for one in shown):
            raise PriceChanged(index, row, Money(price, market.currency))
        if wanted[row.id] > MAX_QUANTITY:
            raise TooMany(index)
    return wanted


def _find(session: Session, item: OrderItem) -> Any:
    query = select(Variant.id, Variant.product_id, Variant.price).join(Product, Product.id == Variant.product_id)
    if item.variant_id is not None:
        query = query.where(Variant.id == ids.decode(ids.VARIANT, item.variant_id))
    if item.product_id is not None:
        query = query.where(Product.id == ids.decode(ids.PRODUCT, item.product_id))
    # The cheapest variant is the one whose price the product shows; among equals one that can be bought.
    order = (Variant.price, literal_column(sellable("variants"), Boolean).desc(), Variant.position, Variant.id)
    return session.execute(query.where(*on_sale()).order_by(*order)).first()


def _is_price(item: OrderItem, price: int, currency: str) -> bool:
    try:
        return item.price is not None and Money.from_major(item.price, currency).amount == price
    except UnreadableAmount:
        return False
