"""Counts: walk along the shelves with a scanner, or send what was written down as a file, then apply it at once."""

from __future__ import annotations

from flask import request
from sqlalchemy.orm import Session

from souk.inventory.browse_counts import list_counts, read_count
from souk.inventory.count_file import parse_count, units_by_variant, variants_by_code
from souk.inventory.counts import apply_count, cancel_count, drop_count_line, enter_count, open_count, scan
from souk.inventory.errors import BadCountFile, UnknownCount
from souk.inventory.locations import list_locations
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, done, page, page_number
from souk.web.dashboard.stock import actor, whole_number

_MAX_FILE_BYTES = 5 * 1024 * 1024
_SAID = {
    "scan": "",
    "file": "The file is entered; nothing has changed in stock yet.",
    "line": "The number is entered.",
    "drop": "The line is taken away.",
    "apply": "The stock is what was counted.",
    "cancel": "The count is canceled; the stock is as it was.",
}


@blueprint.get("/shops/<slug>/counts")
@in_shop()
def counts(access: ShopAccess) -> Answer:
    return _counts_page(access)


@blueprint.post("/shops/<slug>/counts")
@in_shop(Permission.STOCK)
def begin_count(access: ShopAccess) -> Answer:
    raw = request.form.get("location_id", "")
    try:
        with transaction(access.scope) as session:
            made = open_count(session, whole_number(raw), actor=actor(), name=request.form.get("name", ""))
    except SoukError as error:
        return _counts_page(access, error), error.status
    return done("Scan or enter what stands on the shelves.", "count", access, count_id=made)


@blueprint.get("/shops/<slug>/counts/<int:count_id>")
@in_shop()
def count(access: ShopAccess, count_id: int) -> Answer:
    return _count_page(access, count_id)


@blueprint.post("/shops/<slug>/counts/<int:count_id>")
@in_shop(Permission.STOCK)
def change_count(access: ShopAccess, count_id: int) -> Answer:
    action = request.form.get("action", "scan")
    try:
        with transaction(access.scope) as session:
            said = _change(session, count_id, action)
    except UnknownCount:
        raise
    except SoukError as error:
        return _count_page(access, count_id, error), error.status
    return done(said or _SAID.get(action, ""), "count", access, count_id=count_id)


def _change(session: Session, count_id: int, action: str) -> str:
    form = request.form
    if action == "file":
        enter_count(session, count_id, units_by_variant(session, parse_count(_uploaded())))
    elif action == "line":
        enter_count(
            session, count_id, {whole_number(form.get("variant_id", "")): whole_number(form.get("counted", ""))}
        )
    elif action == "drop":
        drop_count_line(session, count_id, whole_number(form.get("variant_id", "")))
    elif action == "apply":
        differing = apply_count(session, count_id, actor=actor())
        words = "one variant differed" if differing == 1 else f"{differing or 'no'} variants differed"
        return f"The stock is what was counted; {words}."
    elif action == "cancel":
        cancel_count(session, count_id)
    else:
        code = form.get("code", "").strip()
        number = scan(session, count_id, variants_by_code(session, [code or "?"])[code or "?"], _units())
        return f"{code}: {number}"
    return ""


def _units() -> int:
    raw = request.form.get("units", "1").strip() or "1"
    return -whole_number(raw[1:]) if raw.startswith("-") else whole_number(raw)


def _uploaded() -> str:
    sent = request.files.get("file")
    data = sent.read(_MAX_FILE_BYTES + 1) if sent else b""
    if not data or len(data) > _MAX_FILE_BYTES:
        raise BadCountFile(1, f"choose a CSV file of at most {_MAX_FILE_BYTES // 1024 // 1024} MB.")
    try:
        return data.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        # What spreadsheets in western Europe write where they do not write UTF-8.
        return data.decode("cp1252", errors="replace").replace("\x00", "")


def _counts_page(access: ShopAccess, error: SoukError | None = None) -> str:
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows = list_counts(session, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
        places = list_locations(session, with_inactive=False)
    return page(
        "counts.html", rows=rows[:PER_PAGE], more=len(rows) > PER_PAGE, number=number, places=places, error=error
    )


def _count_page(access: ShopAccess, count_id: int, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        found, lines = read_count(session, count_id)
    return page("count.html", count=found, lines=lines, error=error)
