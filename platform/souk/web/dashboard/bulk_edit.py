"""The bulk-edit grid: cells of the variants of several products, saved together."""

from __future__ import annotations

from typing import Any

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.edit_variants import edit_variants, lock_products
from souk.catalog.errors import ProductMissing
from souk.catalog.models import INVENTORY_POLICIES, Product, Variant
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.product_bulk import MOST_IN_GRID, TIMEOUT_MS
from souk.web.dashboard.variant_cells import GRID, Row, edits_of, failed_cells, refuse_stale, rows_of, take_typed

MOST_ROWS = 500
_COLUMNS: tuple[Any, ...] = (
    Variant.id, Variant.product_id, Variant.title, Variant.price, Variant.compare_at_price, Variant.sku,
    Variant.barcode, Variant.inventory_policy,
)  # fmt: skip


@blueprint.route("/shops/<slug>/products/bulk-edit", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def bulk_edit(access: ShopAccess) -> Answer:
    currency = str(g.shop_settings.get("currency", "USD"))
    with transaction(access.scope, read_only=True) as session:
        rows, titles = _read(session, currency)
    if request.method == "GET":
        return _grid(rows, titles)
    filling = request.form.get("action") == "fill"
    if filling:
        take_typed(rows, request.form, {name: request.form.get(f"all-{name}", "") for name in GRID})
        return _grid(rows, titles)
    try:
        with transaction(access.scope, timeout_ms=TIMEOUT_MS) as session:
            # Read again under the lock: what somebody else saved a moment ago is compared too.
            lock_products(session, titles)
            rows, titles = _read(session, currency)
            take_typed(rows, request.form)
            refuse_stale(rows)
            changed = edit_variants(session, edits_of(rows, currency))
    except SoukError as error:
        return _grid(rows, titles, error), error.status
    said = "1 product is changed." if len(changed) == 1 else f"{len(changed)} products are changed."
    return done(said, "bulk_edit", access, ids=request.args.getlist("ids"))


def _grid(rows: list[Row], titles: dict[int, str], error: SoukError | None = None) -> str:
    return page(
        "bulk_edit.html", rows=rows, titles=titles, policies=INVENTORY_POLICIES, failed=failed_cells(error),
        most=MOST_ROWS, dirty=any(row.changed() for row in rows), error=error,
    )  # fmt: skip


def _read(session: Session, currency: str) -> tuple[list[Row], dict[int, str]]:
    asked = [int(item) for item in request.args.getlist("ids") if item.isascii() and item.isdecimal()][:MOST_IN_GRID]
    products = select(Product.id, Product.title).where(Product.id.in_(asked)).order_by(Product.title, Product.id)
    titles = {row.id: row.title for row in session.execute(products)}
    if not titles:
        raise ProductMissing
    variants = select(*_COLUMNS).join(Product, Product.id == Variant.product_id).where(Product.id.in_(titles))
    found = session.execute(variants.order_by(Product.title, Product.id, Variant.position).limit(MOST_ROWS)).all()
    return rows_of(found, GRID, currency, titles), titles
