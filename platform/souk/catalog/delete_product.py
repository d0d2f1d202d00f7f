"""Delete a product that was never sold, with its variants and pictures."""

from __future__ import annotations

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from souk.catalog.errors import ProductInOrders, ProductMissing
from souk.catalog.models import Product, Variant
from souk.catalog.tables import order_lines
from souk.catalog.update_product import refuse_owed
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def delete_product(session: Session, product_id: int) -> None:
    """Raises ProductMissing, VariantOwed, and ProductInOrders: the stock movements of orders hang on its variants."""
    # The row's lock comes first: an order that is being placed has locked the stock of a variant below it.
    found = session.execute(select(Product.handle).where(Product.id == product_id).with_for_update()).first()
    if found is None:
        raise ProductMissing
    if in_orders(session, product_id):
        raise ProductInOrders
    refuse_owed(session, list(session.scalars(select(Variant.id).where(Variant.product_id == product_id))))
    session.execute(delete(Product).where(Product.id == product_id))
    publish(session, Event("product.deleted", product_id, {"handle": found.handle}))


def in_orders(session: Session, product_id: int) -> bool:
    """Tell whether any order has a line of the product."""
    variants = select(Variant.id).where(Variant.product_id == product_id)
    named = exists().where((order_lines.c.product_id == product_id) | order_lines.c.variant_id.in_(variants))
    return bool(session.execute(select(named)).scalar_one())
