"""Put many products into a collection, or take them out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.errors import CollectionInvalid, CollectionMissing
from souk.catalog.models import Collection, CollectionProduct, Product
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def place_products(session: Session, collection_id: int, product_ids: Sequence[int]) -> int:
    """Put products at the end of a collection and return how many are new there; raises as `_by_hand`."""
    _by_hand(session, collection_id)
    query = select(func.coalesce(func.max(CollectionProduct.position), 0))
    last = session.execute(query.where(CollectionProduct.collection_id == collection_id)).scalar_one()
    known = session.scalars(select(Product.id).where(Product.id.in_(product_ids)).order_by(Product.title, Product.id))
    rows = [
        {"collection_id": collection_id, "product_id": product_id, "position": position}
        for position, product_id in enumerate(known, last + 1)
    ]
    if not rows:
        return 0
    added = insert(CollectionProduct).values(rows).on_conflict_do_nothing().returning(CollectionProduct.id)
    count = len(session.execute(added).all())
    publish(session, Event("collection.updated", collection_id))
    return count


def take_products_out(session: Session, collection_id: int, product_ids: Sequence[int]) -> int:
    """Return how many left the collection; raises as `_by_hand`."""
    _by_hand(session, collection_id)
    members = delete(CollectionProduct).where(
        CollectionProduct.collection_id == collection_id, CollectionProduct.product_id.in_(product_ids)
    )
    count = len(session.execute(members.returning(CollectionProduct.id)).all())
    publish(session, Event("collection.updated", collection_id))
    return count


def find_collection(session: Session, words: str) -> int:
    """Return the collection that has this handle, else the first that has this title; raises CollectionMissing."""
    named = or_(Collection.handle == words, func.lower(Collection.title) == words.lower())
    query = select(Collection.id).where(named).order_by(Collection.handle != words, Collection.id).limit(1)
    found = session.scalars(query).first()
    if found is None:
        raise CollectionMissing
    return found


def _by_hand(session: Session, collection_id: int) -> None:
    """Lock the collection; raises CollectionMissing, and CollectionInvalid for one that rules keep."""
    query = select(Collection.rules).where(Collection.id == collection_id).with_for_update()
    found = session.execute(query).first()
    if found is None:
        raise CollectionMissing
    if found.rules is not None:
        raise CollectionInvalid("collection", "its rules choose the products; change the rules, or arrange it by hand.")
