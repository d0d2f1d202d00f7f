"""Sell a product as a gift card, or as a thing again."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.errors import ProductMissing
from souk.catalog.models import Product
from souk.catalog.update_product import touch_products
from souk.kernel import clock


def is_gift_card(session: Session, product_id: int) -> bool:
    """Tell whether the product is sold as a gift card; False for one that is not there."""
    return bool(session.execute(select(Product.gift_card).where(Product.id == product_id)).scalar_one_or_none())


def sell_as_gift_card(session: Session, product_id: int, *, gift_card: bool) -> None:
    """Orders that stand stay as they are. Raises ProductMissing."""
    changed = update(Product).where(Product.id == product_id).values(gift_card=gift_card, updated_at=clock.now())
    if session.execute(changed.returning(Product.id)).first() is None:
        raise ProductMissing
    touch_products(session, [product_id])
