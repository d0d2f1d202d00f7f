"""The queue before the checkout: how many buyers may be inside at once, for the shop or for single products."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from souk.checkout.admission.errors import BadAdmission
from souk.checkout.admission.guard import queue_sizes
from souk.checkout.admission.policy import Admission, read_admission, save_admission
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import asked, done, page
from souk.web.dashboard.search_reads import find_products, products_by_id
from souk.web.dashboard.typed_values import cleaned, typed_number

_PREFIX = "product-"
_MOST_DIGITS = 18


@blueprint.get("/shops/<slug>/admission")
@in_shop(Permission.SETTINGS)
def admission(access: ShopAccess) -> Answer:
    return _page(access)


def _page(access: ShopAccess, error: SoukError | None = None, typed: Mapping[str, str] | None = None) -> str:
    find = asked("find")
    with transaction(access.scope, read_only=True) as session:
        known, sizes = read_admission(session), queue_sizes(session)
        products = products_by_id(session, list(known.products))
        found = [row for row in find_products(session, find) if row.id not in known.products] if find else []
    return page(
        "admission.html", admission=known, sizes=sizes, products=products, find=find, found=found, error=error,
        typed=typed or {},
    )  # fmt: skip


@blueprint.post("/shops/<slug>/admission")
@in_shop(Permission.SETTINGS)
def save_admission_limits(access: ShopAccess) -> Answer:
    form = request.form
    try:
        wanted = Admission(
            typed_number(cleaned(form.get("limit", "")), "Buyers") or 0,
            typed_number(cleaned(form.get("minutes", "")), "Minutes") or 0,
            _products(form),
        )
        with transaction(access.scope) as session:
            if len(products_by_id(session, list(wanted.products))) < len(wanted.products):
                raise BadAdmission("products")
            save_admission(session, wanted)
    except SoukError as error:
        return _page(access, error, form), error.status
    said = "Buyers pass through the queue from now on." if wanted.on else "There is no queue; everybody may pass."
    return done(said, "admission", access)


def _products(form: Mapping[str, str]) -> dict[int, int]:
    """Return the limits that stand in the form; an empty one takes the product out."""
    found: dict[int, int] = {}
    for name, value in form.items():
        key, limit = name.removeprefix(_PREFIX), cleaned(value)
        if name.startswith(_PREFIX) and key.isascii() and key.isdecimal() and len(key) <= _MOST_DIGITS and limit:
            found[int(key)] = typed_number(limit, "Buyers") or 0
    return found
