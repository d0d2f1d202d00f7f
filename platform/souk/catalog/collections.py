"""Save, fill and delete collections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from souk.catalog.drafts import CollectionDraft, check_collection
from souk.catalog.errors import CollectionMissing
from souk.catalog.handles import free_handle, slugify
from souk.catalog.models import Collection, CollectionProduct
from souk.catalog.moved import lead_on
from souk.catalog.rich_text import clean_html
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def save_collection(session: Session, draft: CollectionDraft, collection_id: int | None = None) -> int:
    """Store a new collection, or change one, and return its id; raises CollectionInvalid, CollectionMissing."""
    check_collection(draft)
    values = _values(draft)
    wanted = slugify(draft.handle or draft.title)
    values["handle"] = free_handle(session, Collection.handle, wanted, key=Collection.id, own=collection_id)
    if collection_id is None:
        made = session.execute(insert(Collection).values(values).returning(Collection.id)).scalar_one()
    else:
        before = select(Collection.handle).where(Collection.id == collection_id)
        old = session.execute(before).scalar_one_or_none()
        made = _update(session, collection_id, values)
        lead_on(session, f"/collections/{old}", f"/collections/{values['handle']}")
    if draft.product_ids is not None:
        _fill(session, made, draft.product_ids)
    publish(session, Event("collection.updated", made, {"created": collection_id is None}))
    return made


def set_collection_products(session: Session, collection_id: int, product_ids: Sequence[int]) -> None:
    """Let the collection hold exactly these products, in this order."""
    _update(session, collection_id, {})
    _fill(session, collection_id, product_ids)
    publish(session, Event("collection.updated", collection_id))


def delete_collection(session: Session, collection_id: int) -> None:
    """Its products stay; raises CollectionMissing."""
    query = delete(Collection).where(Collection.id == collection_id).returning(Collection.handle)
    handle = session.execute(query).scalar_one_or_none()
    if handle is None:
        raise CollectionMissing
    publish(session, Event("collection.deleted", collection_id, {"handle": handle}))


def join_collections(session: Session, product_id: int, collection_ids: Sequence[int]) -> None:
    """Put a product at the end of collections; where it is already, its place stays."""
    for collection_id in sorted(set(collection_ids)):
        last = select(func.coalesce(func.max(CollectionProduct.position), 0) + 1).where(
            CollectionProduct.collection_id == collection_id
        )
        values = {
            "collection_id": collection_id,
            "product_id": product_id,
            "position": last.scalar_subquery(),
        }
        row = upsert(CollectionProduct).values(values)
        session.execute(row.on_conflict_do_nothing(index_elements=["collection_id", "product_id"]))
        publish(session, Event("collection.updated", collection_id))


def leave_collections(session: Session, product_id: int, *, keep: Sequence[int]) -> None:
    """Take a product out of every collection but `keep`."""
    left = session.scalars(
        delete(CollectionProduct)
        .where(CollectionProduct.product_id == product_id, CollectionProduct.collection_id.not_in(keep))
        .returning(CollectionProduct.collection_id)
    )
    for collection_id in left:
        publish(session, Event("collection.updated", collection_id))


def _values(draft: CollectionDraft) -> dict[str, Any]:
    return {
        "title": draft.title.strip(),
        "description_html": clean_html(draft.description_html),
        "media_id": draft.media_id,
        "sort_order": draft.sort_order,
        "rules": draft.rules,
        "seo_title": draft.seo_title,
        "seo_description": draft.seo_description,
        "template_suffix": draft.template_suffix,
        "position": draft.position,
        "published_at": clock.now() if draft.published else None,
    }


def _update(session: Session, collection_id: int, values: dict[str, Any]) -> int:
    query = update(Collection).where(Collection.id == collection_id)
    changed = session.execute(query.values(**values, updated_at=clock.now()).returning(Collection.id)).first()
    if changed is None:
        raise CollectionMissing
    return collection_id


def _fill(session: Session, collection_id: int, product_ids: Sequence[int]) -> None:
    session.execute(delete(CollectionProduct).where(CollectionProduct.collection_id == collection_id))
    rows = [
        {"collection_id": collection_id, "product_id": product_id, "position": position}
        for position, product_id in enumerate(dict.fromkeys(product_ids), 1)
    ]
    if rows:
        session.execute(insert(CollectionProduct), rows)
