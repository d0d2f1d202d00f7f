"""Keep the copy of a product's rating that listings and search read."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.reviews.models import Review


def refresh_rating(session: Session, product_id: int) -> None:
    """Count the published reviews again and write the mean, two decimals, to the product."""
    # The product's lock comes first: two reviews published at once would each count without the other.
    session.execute(select(Product.id).where(Product.id == product_id).with_for_update())
    mean, count = session.execute(
        select(func.avg(Review.rating), func.count()).where(
            Review.product_id == product_id, Review.status == "published"
        )
    ).one()
    session.execute(
        update(Product)
        .where(Product.id == product_id)
        .values(
            rating=round(mean or Decimal(0), 2),
            rating_count=count,
            version=Product.version + 1,
            updated_at=clock.now(),
        )
    )
    publish(session, Event("product.updated", product_id))
