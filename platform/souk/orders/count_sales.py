"""Count what sold lately onto the product rows, from which listings sort by it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope
from souk.orders.models import Order, OrderLine

WINDOW = timedelta(days=90)


def count_sales(scope: Scope) -> int:
    """Set every product's `units_sold` to its units of the last 90 days, canceled ones left out.

    Counted from the orders each time and not kept up by each order: a shop's best seller would be one row that all
    its buyers wait for. Only rows that change are written. Returns how many there were.
    """
    with transaction(scope) as session:
        return recount(session)


def recount(session: Session) -> int:
    """As `count_sales`, within the caller's transaction."""
    sold = (
        select(OrderLine.product_id, func.sum(OrderLine.quantity - OrderLine.canceled_quantity).label("units"))
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.placed_at > clock.now() - WINDOW, OrderLine.product_id.is_not(None))
        .group_by(OrderLine.product_id)
        .cte("sold")
    )
    units = func.coalesce(select(sold.c.units).where(sold.c.product_id == Product.id).scalar_subquery(), literal(0))
    told = (Product.units_sold > 0) | Product.id.in_(select(sold.c.product_id))
    changed = update(Product).where(told, Product.units_sold != units).values(units_sold=units)
    return len(session.execute(changed.returning(Product.id)).all())
