"""What a bundle consists of: its parts with their number, and a search for more."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.bundles.compose import MOST_COMPONENTS, MOST_UNITS, set_components
from souk.catalog.bundles.errors import BundleInvalid
from souk.catalog.bundles.read import Component, components_of, find_variants
from souk.catalog.errors import ProductMissing
from souk.catalog.models import Product, Variant
from souk.inventory.availability import UNLIMITED, availability
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import asked, done, page
from souk.web.dashboard.stock import whole_number

_MAX_DIGITS = 16


@blueprint.get("/shops/<slug>/products/<int:product_id>/variants/<int:variant_id>/bundle")
@in_shop(Permission.CATALOG)
def bundle(access: ShopAccess, product_id: int, variant_id: int) -> Answer:
    return _bundle_page(access, product_id, variant_id)


@blueprint.post("/shops/<slug>/products/<int:product_id>/variants/<int:variant_id>/bundle")
@in_shop(Permission.CATALOG)
def save_bundle(access: ShopAccess, product_id: int, variant_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            _read(session, product_id, variant_id)
            present = components_of(session, [variant_id]).get(variant_id, [])
            set_components(session, variant_id, _typed(present))
    except ProductMissing:
        raise
    except SoukError as error:
        return _bundle_page(access, product_id, variant_id, error), error.status
    return done("The bundle is saved.", "bundle", access, product_id=product_id, variant_id=variant_id)


def _typed(present: list[Component]) -> dict[int, int]:
    """Read `units-<variant>` and `drop-<variant>` of the parts, and `add`, one more."""
    form = request.form
    wanted = {
        part.variant_id: whole_number(form.get(f"units-{part.variant_id}", str(part.quantity)))
        for part in present
        if f"drop-{part.variant_id}" not in form
    }
    added = form.get("add", "")
    if added:
        if not (added.isascii() and added.isdecimal()) or len(added) > _MAX_DIGITS:
            raise BundleInvalid("search for the component and choose it from the list.")
        wanted.setdefault(int(added), 1)
    return wanted


def _bundle_page(access: ShopAccess, product_id: int, variant_id: int, error: SoukError | None = None) -> str:
    words = asked("q")
    with transaction(access.scope, read_only=True) as session:
        found = _read(session, product_id, variant_id)
        parts = components_of(session, [variant_id]).get(variant_id, [])
        matches = find_variants(session, words, apart_from=variant_id) if words else []
        had = {part.variant_id for part in parts}
        matches = [one for one in matches if one.variant_id not in had]
        free = availability(session, [variant_id, *(one.variant_id for one in (*parts, *matches))])
    return page(
        "bundle.html", found=found, parts=parts, matches=matches, words=words, free=free, endless=UNLIMITED,
        most_units=MOST_UNITS, full=len(parts) >= MOST_COMPONENTS, error=error,
    )  # fmt: skip


def _read(session: Session, product_id: int, variant_id: int) -> Any:
    columns = select(Variant.id, Variant.product_id, Variant.title, Product.title.label("product"))
    query = columns.join(Product, Product.id == Variant.product_id)
    found = session.execute(query.where(Variant.id == variant_id, Product.id == product_id)).first()
    if found is None:
        raise ProductMissing
    return found
