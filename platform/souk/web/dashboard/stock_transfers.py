"""Transfers: send goods from one location to another, and take in what arrives."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request
from sqlalchemy.orm import Session

from souk.inventory.browse_transfers import STATUSES, list_transfers, read_transfer
from souk.inventory.cancel_transfer import cancel_transfer
from souk.inventory.count_file import parse_lines, units_by_variant
from souk.inventory.errors import BadTransfer, UnknownTransfer
from souk.inventory.locations import list_locations
from souk.inventory.receive_transfer import receive_transfer
from souk.inventory.transfer import create_transfer
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number, zone
from souk.web.dashboard.stock import actor, whole_number


@blueprint.get("/shops/<slug>/transfers")
@in_shop()
def transfers(access: ShopAccess) -> Answer:
    number, status = page_number(request.args.get("page")), asked("status", STATUSES)
    with transaction(access.scope, read_only=True) as session:
        rows = list_transfers(session, status=status, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    return page(
        "transfers.html", rows=rows[:PER_PAGE], more=len(rows) > PER_PAGE, number=number, status=status,
        statuses=STATUSES,
    )  # fmt: skip


@blueprint.route("/shops/<slug>/transfers/new", methods=["GET", "POST"])
@in_shop(Permission.STOCK)
def new_transfer(access: ShopAccess) -> Answer:
    if request.method == "GET":
        return _new_page(access)
    try:
        with transaction(access.scope) as session:
            made = _create(session)
    except SoukError as error:
        return _new_page(access, error), error.status
    return done("The goods are on their way.", "transfer", access, transfer_id=made)


@blueprint.get("/shops/<slug>/transfers/<int:transfer_id>")
@in_shop()
def transfer(access: ShopAccess, transfer_id: int) -> Answer:
    return _transfer_page(access, transfer_id)


@blueprint.post("/shops/<slug>/transfers/<int:transfer_id>/receive")
@in_shop(Permission.STOCK)
def receive_goods(access: ShopAccess, transfer_id: int) -> Answer:
    try:
        arrived = {
            int(name.removeprefix("v-")): whole_number(value or "0")
            for name, value in request.form.items()
            if name.startswith("v-") and name.removeprefix("v-").isdecimal()
        }
        with transaction(access.scope) as session:
            receive_transfer(session, transfer_id, arrived, actor=actor())
    except UnknownTransfer:
        raise
    except SoukError as error:
        return _transfer_page(access, transfer_id, error), error.status
    return done("What arrived is in stock.", "transfer", access, transfer_id=transfer_id)


@blueprint.post("/shops/<slug>/transfers/<int:transfer_id>/cancel")
@in_shop(Permission.STOCK)
def cancel_goods(access: ShopAccess, transfer_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            cancel_transfer(session, transfer_id, actor=actor())
    except UnknownTransfer:
        raise
    except SoukError as error:
        return _transfer_page(access, transfer_id, error), error.status
    return done("The rest of the transfer is canceled.", "transfer", access, transfer_id=transfer_id)


def _create(session: Session) -> int:
    form = request.form
    wanted = units_by_variant(session, parse_lines(form.get("lines", "")))
    return create_transfer(
        session,
        _place("origin_id"),
        _place("destination_id") or 0,
        {variant_id: units for variant_id, units in wanted.items() if units},
        actor=actor(),
        reference=form.get("reference", ""),
        expected_at=_expected(form.get("expected_at", "")),
    )


def _place(name: str) -> int | None:
    raw = request.form.get(name, "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 19 else None  # noqa: PLR2004 - beyond any id


def _expected(raw: str) -> datetime | None:
    if not raw:
        return None
    try:
        return datetime.fromisoformat(raw).replace(tzinfo=zone()).astimezone(UTC)
    except ValueError:
        raise BadTransfer("Write the day as year-month-day, such as 2027-01-31.", field="expected_at") from None


def _new_page(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        places = list_locations(session, with_inactive=False)
    return page("transfer_new.html", places=places, form=request.form, error=error)


def _transfer_page(access: ShopAccess, transfer_id: int, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        found, lines = read_transfer(session, transfer_id)
    return page("transfer.html", transfer=found, lines=lines, statuses=STATUSES, error=error)
