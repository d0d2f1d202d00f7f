"""A merchant counts the shelf and says how many there are, or how many more or fewer."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from souk.catalog.bundles.models import BundleComponent
from souk.catalog.models import Product, Variant
from souk.inventory.cause import Cause
from souk.inventory.change import MOST, move_on_hand, open_levels, refuse_stale
from souk.inventory.errors import BadQuantity, BundleHasNoStock, UnknownVariant
from souk.inventory.notice import refresh_product, tell
from souk.inventory.reasons import ledger_reason
from souk.inventory.state import LevelState

RECEIVED = "received"
ADJUSTED = "adjusted"


def set_on_hand(  # noqa: PLR0917 - the order is that of the sentence: set variant at location to quantity
    session: Session,
    variant_id: int,
    location_id: int | None,
    quantity: int,
    reason: str,
    actor: str,
    *,
    seen_version: int | None = None,
) -> LevelState:
    """Set how many units stand at a location (None: the first one) and write the difference to the ledger.

    `reason` is free text; `received` books a delivery. `seen_version` is the `version` of the level that the
    person saw (0 where there was none): an edit over a newer one is refused. Returns the level as it is now.

    Raises:
        UnknownVariant, BundleHasNoStock, UnknownLocation, BadQuantity, StockInUse: nothing was changed.
        StaleStock: the same; its `current` has the newer numbers.

    """
    if not -MOST <= quantity <= MOST:
        raise BadQuantity(0, MOST)
    product_id = _lock_product(session, variant_id)
    level = open_levels(session, location_id, [variant_id])[variant_id]
    refuse_stale(level, seen_version)
    difference = quantity - level.on_hand
    kind = RECEIVED if reason == RECEIVED and difference > 0 else ADJUSTED
    changed = move_on_hand(session, level, difference, kind, Cause(actor=actor, reason=reason or "count"))
    _tell(session, product_id, level, changed)
    return changed


def adjust_on_hand(
    session: Session,
    variant_id: int,
    location_id: int | None,
    difference: int,
    *,
    reason: str,
    actor: str,
    note: str = "",
    seen_version: int | None = None,
) -> LevelState:
    """Add `difference` units (below zero: take them away) for one of `reasons.REASONS`; returns the level as it is now.

    Raises:
        UnknownVariant, BundleHasNoStock, UnknownLocation, BadQuantity, BadReason, StockInUse, StaleStock: nothing was
        changed.

    """
    if not difference or not -MOST <= difference <= MOST:
        raise BadQuantity(-MOST, MOST)
    text = ledger_reason(reason, note)
    product_id = _lock_product(session, variant_id)
    level = open_levels(session, location_id, [variant_id])[variant_id]
    refuse_stale(level, seen_version)
    kind = RECEIVED if reason == RECEIVED and difference > 0 else ADJUSTED
    changed = move_on_hand(session, level, difference, kind, Cause(actor=actor, reason=text))
    _tell(session, product_id, level, changed)
    return changed


def _lock_product(session: Session, variant_id: int) -> int:
    # The product is locked before the level, as a merchant who saves the product does.
    product_id = session.execute(
        select(Product.id)
        .join(Variant, Variant.product_id == Product.id)
        .where(Variant.id == variant_id)
        .with_for_update(of=Product, key_share=True)
    ).scalar_one_or_none()
    if product_id is None:
        raise UnknownVariant(variant_id)
    if session.scalar(select(exists().where(BundleComponent.bundle_id == variant_id))):
        raise BundleHasNoStock
    return product_id


def _tell(session: Session, product_id: int, before: LevelState, after: LevelState) -> None:
    refresh_product(session, product_id)
    if (before.available > 0) == (after.available > 0):
        # Pages show how many are left: an edit is told even where it changes nothing else.
        tell(
            session,
            product_id=product_id,
            variant_id=after.variant_id,
            available=after.available,
            crossed_zero=False,
        )
