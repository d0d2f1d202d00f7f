"""Tell whether a customer may call a review one of a buyer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.orders.models import Order, OrderLine


def has_bought(session: Session, customer_id: int, product_id: int) -> bool:
    """Tell whether the customer has an order, not canceled, with the product in it."""
    query = (
        select(OrderLine.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.customer_id == customer_id, Order.status != "canceled", OrderLine.product_id == product_id)
        .limit(1)
    )
    return session.execute(query).first() is not None
