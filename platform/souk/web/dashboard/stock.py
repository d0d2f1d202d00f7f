"""Stock levels: one row for each variant at each location, edited in place over the numbers that were seen."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_login import current_user

from souk.catalog.copies import ENDLESS
from souk.inventory.adjust import set_on_hand
from souk.inventory.browse import STATUSES, StockFilter, list_stock
from souk.inventory.change import MOST
from souk.inventory.errors import BadQuantity, StaleStock
from souk.inventory.locations import list_locations
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number

_MAX_DIGITS = 12


def whole_number(raw: str) -> int:
    """Read a count of units; raises BadQuantity."""
    text = raw.strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > _MAX_DIGITS or int(text) > MOST:
        raise BadQuantity(0, MOST)
    return int(text)


def seen_version() -> int | None:
    """Return the version of the level that the form was drawn from; None for a form that does not say."""
    raw = request.form.get("version", "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= _MAX_DIGITS else None


def actor() -> str:
    return str(current_user.record.actor)


@blueprint.get("/shops/<slug>/stock")
@in_shop()
def stock(access: ShopAccess) -> Answer:
    return _stock_page(access)


@blueprint.post("/shops/<slug>/stock/<int:variant_id>/<int:location_id>")
@in_shop(Permission.STOCK)
def count_stock(access: ShopAccess, variant_id: int, location_id: int) -> Answer:
    typed = request.form.get("quantity", "")
    try:
        with transaction(access.scope) as session:
            set_on_hand(
                session, variant_id, location_id, whole_number(typed), "count", actor(), seen_version=seen_version()
            )
    except SoukError as error:
        stale = (variant_id, location_id) if isinstance(error, StaleStock) else None
        return _stock_page(access, error, typed={(variant_id, location_id): typed}, stale=stale), error.status
    return done("The count is saved.", "stock", access, **request.args.to_dict())


def _stock_page(access: ShopAccess, error: SoukError | None = None, **values: Any) -> str:
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        locations = list_locations(session)
        wanted = StockFilter(
            text=asked("q"), location_id=_location({row.id for row in locations}), status=asked("status", STATUSES)
        )
        rows = list_stock(session, wanted, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    return page(
        "stock.html", rows=rows[:PER_PAGE], more=len(rows) > PER_PAGE, wanted=wanted, statuses=STATUSES,
        locations=locations, number=number, error=error, endless=ENDLESS, **{"typed": {}, "stale": None} | values,
    )  # fmt: skip


def _location(known: set[int]) -> int | None:
    raw = asked("location")
    found = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= _MAX_DIGITS else None
    return found if found in known else None
