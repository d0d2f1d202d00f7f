"""The stock of one variant: where it stands, why it moved, adjustments with a reason, when to warn."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.copies import ENDLESS
from souk.catalog.models import Product, Variant
from souk.inventory.adjust import adjust_on_hand
from souk.inventory.browse import MovementRow, StockFilter, list_stock, movements_of
from souk.inventory.change import open_levels, restore_pool
from souk.inventory.errors import UnknownVariant
from souk.inventory.reasons import REASONS
from souk.inventory.temperature import pin_hot
from souk.inventory.threshold import set_threshold
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.models import Order
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page
from souk.web.dashboard.stock import actor, seen_version, whole_number
from souk.web.dashboard.themes import people

_MAX_DIGITS = 18


@blueprint.get("/shops/<slug>/stock/<int:variant_id>")
@in_shop()
def variant_stock(access: ShopAccess, variant_id: int) -> Answer:
    return _variant_page(access, variant_id)


@blueprint.post("/shops/<slug>/stock/<int:variant_id>/<int:location_id>/adjust")
@in_shop(Permission.STOCK)
def adjust_stock(access: ShopAccess, variant_id: int, location_id: int) -> Answer:
    form = request.form
    try:
        units = whole_number(form.get("quantity", ""))
        with transaction(access.scope) as session:
            adjust_on_hand(
                session,
                variant_id,
                location_id,
                -units if form.get("direction") == "less" else units,
                reason=form.get("reason", ""),
                note=form.get("note", ""),
                actor=actor(),
                seen_version=seen_version(),
            )
    except UnknownVariant:
        raise
    except SoukError as error:
        return _variant_page(access, variant_id, error), error.status
    return done("The stock is adjusted.", "variant_stock", access, variant_id=variant_id)


@blueprint.post("/shops/<slug>/stock/<int:variant_id>/<int:location_id>/settings")
@in_shop(Permission.STOCK)
def set_stock_rules(access: ShopAccess, variant_id: int, location_id: int) -> Answer:
    raw = request.form.get("low_stock_at", "").strip()
    try:
        threshold = whole_number(raw) if raw else None
        with transaction(access.scope) as session:
            level = open_levels(session, location_id, [variant_id])[variant_id]
            restore_pool(session, level)
            set_threshold(session, level.id, threshold)
            if ("hot" in request.form) != level.hot_pinned:
                pin_hot(session, level.id, pinned="hot" in request.form)
    except UnknownVariant:
        raise
    except SoukError as error:
        return _variant_page(access, variant_id, error), error.status
    return done("This is kept.", "variant_stock", access, variant_id=variant_id)


def _variant_page(access: ShopAccess, variant_id: int, error: SoukError | None = None) -> str:
    raw = asked("before")
    before = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= _MAX_DIGITS else None
    with transaction(access.scope, read_only=True) as session:
        found = session.execute(
            select(Variant.id, Variant.title, Variant.sku, Variant.inventory_policy, Variant.backorder_limit,
                   Variant.inventory_tracked, Product.id.label("product_id"), Product.title.label("product"))
            .join(Product, Product.id == Variant.product_id)
            .where(Variant.id == variant_id)
        ).first()  # fmt: skip
        if found is None:
            raise UnknownVariant(variant_id)
        rows = list_stock(session, StockFilter(variant_ids=[variant_id]))
        ledger = movements_of(session, variant_id, before_id=before, limit=PER_PAGE + 1)
        orders = _order_names(session, ledger)
    staff = [line.actor for line in ledger if line.actor.startswith("staff:")]
    return page(
        "stock_variant.html", variant=found, rows=rows, ledger=ledger[:PER_PAGE], more=len(ledger) > PER_PAGE,
        reasons=REASONS, before=before, error=error, endless=ENDLESS, orders=orders,
        names=people(staff) if staff else {},
    )  # fmt: skip


def _order_names(session: Session, ledger: Sequence[MovementRow]) -> dict[int, str]:
    ids = {line.order_id for line in ledger if line.order_id is not None}
    if not ids:
        return {}
    return {row[0]: row[1] for row in session.execute(select(Order.id, Order.name).where(Order.id.in_(ids)))}
