"""Change a product; variants that stay keep their ids, so that carts and stock go on pointing at them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.bundles.read import refuse_parts
from souk.catalog.collections import join_collections, leave_collections
from souk.catalog.copies import refresh_bundles, refresh_copies
from souk.catalog.drafts import ProductDraft, VariantDraft, check_product
from souk.catalog.errors import ProductInvalid, ProductMissing, VariantOwed
from souk.catalog.handles import free_handle, slugify
from souk.catalog.models import Product, Variant
from souk.catalog.moved import lead_on
from souk.catalog.save_product import product_values, replace_media, variant_values
from souk.catalog.tables import inventory_levels
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish

# A bulk change tells of many products in one event each 500, and of a few by the event of each.
MAX_TOLD_ONE_BY_ONE = 50
EVENT_BATCH = 500
_Key = tuple[str, str, str]


def update_product(session: Session, product_id: int, draft: ProductDraft) -> None:
    """Make the product what `draft` says; raises ProductMissing, ProductInvalid.

    A variant is kept when its draft names its id or has its options; the others are deleted.
    """
    check_product(draft)
    found = session.execute(
        select(Product.handle, Product.published_at).where(Product.id == product_id).with_for_update()
    ).first()
    if found is None:
        raise ProductMissing
    values = product_values(draft)
    if draft.published_at is None and draft.status == "active" and found.published_at is not None:
        values |= {"published_at": found.published_at, "scheduled": found.published_at > clock.now()}
    wanted = slugify(draft.handle) if draft.handle else found.handle
    values["handle"] = free_handle(session, Product.handle, wanted, key=Product.id, own=product_id)
    session.execute(update(Product).where(Product.id == product_id).values(**values, updated_at=clock.now()))
    lead_on(session, f"/products/{found.handle}", f"/products/{values['handle']}")
    _replace_variants(session, product_id, draft.variants)
    if draft.media is not None:
        replace_media(session, product_id, draft.media)
    if draft.collection_ids is not None:
        leave_collections(session, product_id, keep=draft.collection_ids)
        join_collections(session, product_id, draft.collection_ids)
    touch_products(session, [product_id])


def touch_products(session: Session, product_ids: Sequence[int]) -> None:
    """Refresh the copies and tell search and caches that these products changed."""
    if not product_ids:
        return
    refresh_copies(session, product_ids)
    tell_of_products(session, [*product_ids, *(set(refresh_bundles(session, product_ids)) - set(product_ids))])


def tell_of_products(session: Session, product_ids: Sequence[int]) -> None:
    """Tell search, collections and caches that what they know of these products is old."""
    if len(product_ids) <= MAX_TOLD_ONE_BY_ONE:
        for product_id in product_ids:
            publish(session, Event("product.updated", product_id))
        return
    for start in range(0, len(product_ids), EVENT_BATCH):
        batch = list(product_ids[start : start + EVENT_BATCH])
        publish(session, Event("products.imported", batch[0], {"product_ids": batch}))


def refuse_owed(session: Session, variant_ids: Sequence[int]) -> None:
    """Raise VariantOwed when a variant has units that an order or a running payment waits for, or VariantInBundle."""
    refuse_parts(session, variant_ids)
    levels = inventory_levels.c
    owed = select(Variant.title).join(inventory_levels, levels.variant_id == Variant.id)
    found = session.execute(owed.where(Variant.id.in_(variant_ids), levels.committed + levels.reserved > 0)).first()
    if found is not None:
        raise VariantOwed(found.title)


def _replace_variants(session: Session, product_id: int, drafts: Sequence[VariantDraft]) -> None:
    columns = select(Variant.id, Variant.option1, Variant.option2, Variant.option3)
    present = session.execute(columns.where(Variant.product_id == product_id)).all()
    by_options: dict[_Key, int] = {(row[1], row[2], row[3]): row[0] for row in present}
    ids = _matches(drafts, by_options, {row[0] for row in present})
    gone = sorted({row[0] for row in present} - set(ids))
    refuse_owed(session, gone)
    session.execute(delete(Variant).where(Variant.id.in_(gone)))
    # Two variants may swap their options: the old ones must be out of the way of the unique constraint first.
    session.execute(
        update(Variant).where(Variant.product_id == product_id).values(option1=func.concat("\x01", Variant.id))
    )
    for position, (variant_id, draft) in enumerate(zip(ids, drafts, strict=True), 1):
        values = variant_values(product_id, position, draft)
        if variant_id is None:
            session.execute(insert(Variant).values(values))
        else:
            session.execute(update(Variant).where(Variant.id == variant_id).values(values))


def _matches(drafts: Sequence[VariantDraft], by_options: dict[_Key, int], present: set[int]) -> list[int | None]:
    named = {draft.id for draft in drafts if draft.id is not None}
    if not named <= present:
        raise ProductInvalid("variants", "a variant id belongs to another product; leave it out to add a variant.")
    free = {key: variant_id for key, variant_id in by_options.items() if variant_id not in named}
    ids: list[int | None] = []
    for draft in drafts:
        padded = (*draft.options, "", "", "")
        ids.append(draft.id or free.pop((padded[0], padded[1], padded[2]), None))
    return ids
