"""One variant: what the matrix has no room for, and its metafields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.bundles.read import components_of
from souk.catalog.edit_variants import VariantEdit, edit_variants
from souk.catalog.errors import ProductMissing
from souk.catalog.models import INVENTORY_POLICIES, Product, Variant
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.shipping.profiles import list_profiles
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.metafield_inputs import save_inputs, stored_inputs, typed_inputs
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.product_form import NoPrice
from souk.web.dashboard.stock import whole_number
from souk.web.dashboard.typed_values import typed_amount
from souk.web.dashboard.variant_cells import AMOUNTS, limit_of, text_of

_TEXTS = ("price", "compare_at_price", "cost", "sku", "barcode", "weight_grams", "unit_measure", "tax_class",
          "shipping_profile", "inventory_policy",
          "backorder_limit")  # fmt: skip
_SWITCHES = ("inventory_tracked", "requires_shipping", "taxable")


class BadTaxClass(Invalid):
    code = "invalid_tax_class"

    def __init__(self) -> None:
        super().__init__("A tax class is a name of small letters, digits and _, such as reduced.", field="tax_class")


@blueprint.route("/shops/<slug>/products/<int:product_id>/variants/<int:variant_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def variant(access: ShopAccess, product_id: int, variant_id: int) -> Answer:
    if request.method == "GET":
        return _variant_page(access, product_id, variant_id)
    form: dict[str, Any] = {name: request.form.get(name, "").replace("\0", "").strip() for name in _TEXTS}
    form |= {name: name in request.form for name in _SWITCHES}
    try:
        with transaction(access.scope) as session:
            _read(session, product_id, variant_id)
            save_inputs(session, "variant", variant_id, request.form)
            edit_variants(session, {variant_id: _edit(form)})
    except ProductMissing:
        raise
    except SoukError as error:
        return _variant_page(access, product_id, variant_id, form, error), error.status
    return done("The variant is saved.", "variant", access, product_id=product_id, variant_id=variant_id)


def _variant_page(
    access: ShopAccess,
    product_id: int,
    variant_id: int,
    form: Mapping[str, Any] | None = None,
    error: SoukError | None = None,
) -> str:
    with transaction(access.scope, read_only=True) as session:
        found = _read(session, product_id, variant_id)
        profiles = [one.name for one in list_profiles(session)]
        parts = components_of(session, [variant_id]).get(variant_id, [])
        inputs = stored_inputs(session, "variant", variant_id) if form is None else typed_inputs(
            session, "variant", request.form
        )  # fmt: skip
    if form is None:
        form = {name: text_of(found, name, _currency()) for name in _TEXTS}
        form |= {name: getattr(found, name) for name in _SWITCHES}
    failed = str(error.extra.get("field", "")) if error else ""
    return page(
        "variant.html", found=found, parts=parts, form=form, inputs=inputs, failed=failed, profiles=profiles,
        policies=INVENTORY_POLICIES, error=error,
    )  # fmt: skip


def _read(session: Session, product_id: int, variant_id: int) -> Any:
    columns = select(*Variant.__table__.c, Product.title.label("product"))
    query = columns.join(Product, Product.id == Variant.product_id)
    found = session.execute(query.where(Variant.id == variant_id, Product.id == product_id)).first()
    if found is None:
        raise ProductMissing
    return found


def _edit(form: Mapping[str, Any]) -> VariantEdit:
    values: dict[str, Any] = {
        name: form[name] for name in ("sku", "barcode", "unit_measure", "shipping_profile", *_SWITCHES)
    }
    values["inventory_policy"] = form["inventory_policy"] or "deny"
    values["backorder_limit"] = limit_of(form["backorder_limit"])
    for name in AMOUNTS:
        values[name] = typed_amount(form[name], _currency())
    if values["price"] is None:
        raise NoPrice
    tax_class = form["tax_class"] or "standard"
    if not tax_class.replace("_", "a").isalnum() or not tax_class.isascii() or len(tax_class) > 40:  # noqa: PLR2004
        raise BadTaxClass
    return VariantEdit(**values, tax_class=tax_class, weight_grams=whole_number(form["weight_grams"] or "0"))


def _currency() -> str:
    return str(g.shop_settings.get("currency", "USD"))
