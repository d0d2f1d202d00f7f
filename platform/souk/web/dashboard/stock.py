"""Count stock: one row for each variant at each location."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import func, or_, select

from souk.catalog.models import Product, Variant
from souk.inventory.adjust import set_on_hand
from souk.inventory.models import InventoryLevel, Location
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, done, page, page_number

MOST = 10_000_000
_COLUMNS: tuple[Any, ...] = (
    Variant.id, Variant.title, Variant.sku, Variant.inventory_tracked, Product.id.label("product_id"),
    Product.title.label("product"), Location.id.label("location_id"), Location.name.label("location"),
    func.coalesce(InventoryLevel.on_hand, 0).label("on_hand"),
    func.coalesce(InventoryLevel.committed, 0).label("committed"),
    func.coalesce(InventoryLevel.reserved, 0).label("reserved"),
)  # fmt: skip


class BadQuantity(Invalid):
    code = "invalid_quantity"

    def __init__(self) -> None:
        super().__init__(f"A count is a whole number from 0 to {MOST:,}.", field="quantity")


def whole_number(raw: str) -> int:
    """Read a count of units; raises BadQuantity."""
    text = raw.strip()
    if not (text.isascii() and text.isdecimal()) or int(text[:12]) > MOST or len(text) > 12:  # noqa: PLR2004 - beyond MOST
        raise BadQuantity
    return int(text)


@blueprint.get("/shops/<slug>/stock")
@in_shop()
def stock(access: ShopAccess) -> Answer:
    return _stock_page(access)


def _stock_page(access: ShopAccess, error: SoukError | None = None) -> str:
    query = request.args.get("q", "").replace("\0", "").strip()[:100]
    number = page_number(request.args.get("page"))
    wanted = []
    if query:
        pattern = f"%{query.lower()}%"
        wanted.append(or_(func.lower(Product.title).like(pattern), func.lower(Variant.sku).like(pattern)))
    with transaction(access.scope, read_only=True) as session:
        rows = session.execute(
            select(*_COLUMNS)
            .select_from(Variant)
            .join(Product, Product.id == Variant.product_id)
            .join(Location, Location.active.is_(True))
            .outerjoin(
                InventoryLevel,
                (InventoryLevel.variant_id == Variant.id) & (InventoryLevel.location_id == Location.id),
            )
            .where(*wanted)
            .order_by(Product.title, Product.id, Variant.position, Variant.id, Location.id)
            .limit(PER_PAGE)
            .offset((number - 1) * PER_PAGE)
        ).all()
    return page("stock.html", rows=rows, query=query, number=number, per_page=PER_PAGE, error=error)


@blueprint.post("/shops/<slug>/stock/<int:variant_id>/<int:location_id>")
@in_shop(Permission.STOCK)
def count_stock(access: ShopAccess, variant_id: int, location_id: int) -> Answer:
    try:
        quantity = whole_number(request.form.get("quantity", ""))
        with transaction(access.scope) as session:
            set_on_hand(session, variant_id, location_id, quantity, "count", current_user.record.actor)
    except SoukError as error:
        return _stock_page(access, error), error.status
    return done("The count is saved.", "stock", access, q=request.args.get("q") or None)
