"""The variants matrix: options and their values, and a table of what differs between variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import g, request
from flask_login import current_user
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from souk.catalog.drafts import MAX_OPTIONS, MAX_VARIANTS
from souk.catalog.edit_variants import edit_variants, lock_products
from souk.catalog.errors import ProductMissing
from souk.catalog.models import INVENTORY_POLICIES, Variant
from souk.catalog.set_options import OptionDraft, set_options
from souk.inventory.adjust import set_on_hand
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.gallery import stored_pictures
from souk.web.dashboard.pages import done, page, page_number, picture_url
from souk.web.dashboard.product_editor import TIMEOUT_MS
from souk.web.dashboard.product_reads import read_product, variants_of
from souk.web.dashboard.variant_cells import (
    MATRIX,
    Row,
    counts_of,
    edits_of,
    failed_cells,
    refuse_stale,
    rows_of,
    take_typed,
)

PER_PAGE = 100
BLANK_VALUES = 3
FILLED = tuple(name for name in MATRIX if name != "on_hand")


@dataclass(slots=True)
class OptionInput:
    """One option as typed: its name, and (value, what it was) of each value; `was` is the place it has now."""

    name: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)
    was: str = ""


@blueprint.get("/shops/<slug>/products/<int:product_id>/variants")
@in_shop(Permission.CATALOG)
def variants(access: ShopAccess, product_id: int) -> Answer:
    return _matrix(access, product_id)


@blueprint.post("/shops/<slug>/products/<int:product_id>/options")
@in_shop(Permission.CATALOG)
def save_options(access: ShopAccess, product_id: int) -> Answer:
    typed = _typed_options()
    try:
        with transaction(access.scope, timeout_ms=TIMEOUT_MS) as session:
            made, gone = set_options(session, product_id, [_draft(option) for option in typed if _means(option)])
    except ProductMissing:
        raise
    except SoukError as error:
        return _matrix(access, product_id, options=typed, error=error), error.status
    return done(f"{made} variants made, {gone} taken away.", "variants", access, product_id=product_id)


@blueprint.post("/shops/<slug>/products/<int:product_id>/variants")
@in_shop(Permission.CATALOG)
def save_variants(access: ShopAccess, product_id: int) -> Answer:
    everywhere = request.form.get("action") == "fill"
    with transaction(access.scope, read_only=True) as session:
        if read_product(session, product_id) is None:
            raise ProductMissing
    rows: list[Row] = []
    fill = {name: request.form.get(f"all-{name}", "") for name in FILLED} if everywhere else None
    try:
        with transaction(access.scope, timeout_ms=TIMEOUT_MS) as session:
            # Under the lock, so that what somebody else saved a moment ago is compared too.
            lock_products(session, [product_id])
            rows = _rows(session, product_id, whole=everywhere)
            take_typed(rows, request.form, fill)
            refuse_stale(rows)
            edit_variants(session, edits_of(rows, _currency()))
            for variant_id, quantity in counts_of(rows).items():
                set_on_hand(session, variant_id, None, quantity, "edited", current_user.record.actor)
    except SoukError as error:
        shown = rows if not everywhere else None
        return _matrix(access, product_id, rows=shown, error=error), error.status
    asked = {name: value for name, value in request.args.items() if name in {"page", *_FILTERS}}
    changed = sum(1 for row in rows if row.changed())
    return done(f"{changed} variants are saved.", "variants", access, product_id=product_id, **asked)


_FILTERS = {f"option{number}": getattr(Variant, f"option{number}") for number in (1, 2, 3)}


def _matrix(
    access: ShopAccess,
    product_id: int,
    *,
    rows: list[Row] | None = None,
    options: list[OptionInput] | None = None,
    error: SoukError | None = None,
) -> str:
    with transaction(access.scope, read_only=True) as session:
        found = read_product(session, product_id)
        if found is None:
            raise ProductMissing
        total, matching = _count(session, product_id, []), _count(session, product_id, _chosen())
        shown = _rows(session, product_id) if rows is None else rows
        pictures = stored_pictures(session, product_id)
    return page(
        "variants.html", product=found, rows=shown, total=total, matching=matching, pictures=pictures,
        options=_padded(_stored_options(found.options) if options is None else options), policies=INVENTORY_POLICIES,
        chosen={name: request.args.get(name, "") for name in _FILTERS}, most=MAX_VARIANTS, picture=picture_url,
        number=page_number(request.args.get("page")), per_page=PER_PAGE,
        failed=failed_cells(error), dirty=any(row.changed() for row in shown),
        error=error,
    )  # fmt: skip


def _rows(session: Session, product_id: int, *, whole: bool = False) -> list[Row]:
    """Return the rows of this page, or with `whole` of all variants that the filters leave."""
    start = (page_number(request.args.get("page")) - 1) * PER_PAGE
    window = (None, None) if whole else (start, PER_PAGE)
    return rows_of(variants_of(session, product_id, _chosen(), *window), MATRIX, _currency())


def _chosen() -> list[ColumnElement[bool]]:
    return [column == request.args[name] for name, column in _FILTERS.items() if request.args.get(name)]


def _count(session: Session, product_id: int, wanted: list[ColumnElement[bool]]) -> int:
    return session.execute(select(func.count(Variant.id)).where(Variant.product_id == product_id, *wanted)).scalar_one()


def _stored_options(options: list[dict[str, Any]]) -> list[OptionInput]:
    return [
        OptionInput(option["name"], [(value, value) for value in option["values"]], str(place))
        for place, option in enumerate(options)
    ]


def _padded(options: list[OptionInput]) -> list[OptionInput]:
    """Leave room for more values, and for the options that a product may still have."""
    for option in options:
        option.values = [*option.values, *[("", "")] * BLANK_VALUES]
    missing = MAX_OPTIONS - len(options)
    return [*options, *(OptionInput(values=[("", "")] * (2 * BLANK_VALUES)) for _ in range(missing))]


def _typed_options() -> list[OptionInput]:
    """Read o-0-name, o-0-was, and the values o-0-value with o-0-before beside each."""
    return [_typed_option(request.form, f"o-{number}-") for number in range(MAX_OPTIONS)]


def _typed_option(form: Mapping[str, str], prefix: str) -> OptionInput:
    values, before = request.form.getlist(f"{prefix}value"), request.form.getlist(f"{prefix}before")
    pairs = zip(values, [*before, *[""] * len(values)], strict=False)
    kept = [(value.strip(), was) for value, was in pairs if value.strip()]
    return OptionInput(form.get(f"{prefix}name", "").strip(), kept, form.get(f"{prefix}was", ""))


def _means(option: OptionInput) -> bool:
    return bool(option.name or option.values)


def _draft(option: OptionInput) -> OptionDraft:
    return OptionDraft(option.name, tuple(option.values), int(option.was) if option.was in {"0", "1", "2"} else None)


def _currency() -> str:
    return str(g.shop_settings.get("currency", "USD"))
