"""Keep the members of automated collections equal to what their rules say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from souk.catalog.models import Collection, CollectionProduct, Product
from souk.catalog.rules import matching, rules_of
from souk.kernel.events import Event
from souk.kernel.money import exponent
from souk.kernel.outbox import Job, once, publish
from souk.kernel.settings import read_setting

CONSUMER_NAME = "automated collections"
EVENTS = ("product.created", "product.updated", "products.imported")


def consume(job: Job) -> None:
    """Sort the event's products into the automated collections, in the worker."""
    with once(job) as session:
        recompute(session, product_ids=products_of(job.event))


def products_of(event: Event) -> list[int]:
    if event.name == "products.imported":
        return list(event.payload["product_ids"])
    return [event.subject_id]


def recompute(
    session: Session, collection_id: int | None = None, product_ids: Sequence[int] | None = None
) -> list[int]:
    """Bring one automated collection, or all, up to date and return those that changed.

    With `product_ids` only these products are looked at. A product that joins stands at the end.
    """
    wanted = select(Collection.id, Collection.rules).where(Collection.rules.is_not(None))
    if collection_id is not None:
        wanted = wanted.where(Collection.id == collection_id)
    digits = exponent(str(read_setting(session, "shop").get("currency", "USD")))
    changed = []
    # The row's lock: two recomputations at once must not both add the same product.
    for row in session.execute(wanted.order_by(Collection.id).with_for_update()).all():
        if _recompute(session, row.id, matching(rules_of(row.rules), digits), product_ids):
            publish(session, Event("collection.updated", row.id))
            changed.append(row.id)
    return changed


def _recompute(session: Session, collection_id: int, found: Any, product_ids: Sequence[int] | None) -> bool:
    member = CollectionProduct
    inside = member.collection_id == collection_id
    scope = [] if product_ids is None else [member.product_id.in_(product_ids)]
    if product_ids is not None:
        found = found.where(Product.id.in_(product_ids))
    ids = found.subquery()
    gone = delete(member).where(inside, *scope, member.product_id.not_in(select(ids.c.id))).returning(member.id)
    left = len(session.execute(gone).all())
    last = select(func.coalesce(func.max(member.position), 0)).where(inside).scalar_subquery()
    place = last + func.row_number().over(order_by=(func.lower(Product.title), Product.id))
    missing = select(literal(collection_id), Product.id, place).outerjoin(
        member, and_(inside, member.product_id == Product.id)
    ).where(Product.id.in_(select(ids.c.id)), member.id.is_(None))  # fmt: skip
    columns = [member.collection_id, member.product_id, member.position]
    joined = session.execute(insert(member).from_select(columns, missing).returning(member.id)).all()
    return bool(left or joined)
