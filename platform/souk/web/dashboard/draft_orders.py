"""Draft orders: put together by staff, paid by the buyer through a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, redirect, request, url_for
from flask_login import current_user

from souk.checkout.draft_invoice import cancel_draft, checkout_token, invoice_draft, price_draft, reopen_draft
from souk.checkout.draft_quote import keep_quote
from souk.checkout.place_draft import place_draft
from souk.inventory.locations import LocationRow, list_locations
from souk.kernel.answers import answered
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.money import Money
from souk.orders.draft import Priced
from souk.orders.drafting.save import create_draft, list_drafts, read_draft, write_draft
from souk.orders.goods import Goods, find_goods
from souk.orders.markets import draft_market
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number
from souk.web.dashboard.stock import whole_number

ADDRESS = ("name", "line1", "line2", "postal_code", "city", "state", "country", "phone")


@blueprint.get("/shops/<slug>/draft-orders")
@in_shop(Permission.ORDERS)
def draft_orders(access: ShopAccess) -> Answer:
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_drafts(session, page=number, limit=PER_PAGE)
    return page("draft_orders.html", rows=rows, total=total, number=number, per_page=PER_PAGE)


@blueprint.post("/shops/<slug>/draft-orders")
@in_shop(Permission.ORDERS)
def new_draft_order(access: ShopAccess) -> Answer:
    with transaction(access.scope) as session:
        draft_id = create_draft(session, g.shop_settings["currency"], current_user.record.actor)
    return redirect(url_for("dashboard.draft_order", slug=access.slug, draft_id=draft_id), 303)


@blueprint.get("/shops/<slug>/draft-orders/<int:draft_id>")
@in_shop(Permission.ORDERS)
def draft_order(access: ShopAccess, draft_id: int) -> Answer:
    return _page(access, draft_id)


def _read(
    access: ShopAccess, draft_id: int, words: str
) -> tuple[Any, Priced, Sequence[Goods], str | None, Sequence[LocationRow]]:
    with transaction(access.scope, read_only=True) as session:
        draft = read_draft(session, draft_id)
        priced = price_draft(session, draft.content, draft.currency)
        market = draft_market(session, draft.content, draft.currency)
        found = find_goods(session, words, market) if draft.status in {"open", "invoiced"} else []
        places = [row for row in list_locations(session, with_inactive=False) if row.pickup]
        return draft, priced, found, checkout_token(session, draft), places


def _page(access: ShopAccess, draft_id: int, error: SoukError | None = None) -> str:
    words = asked("q")
    draft, priced, found, token, places = answered(access.scope, lambda: _read(access, draft_id, words))
    link = f"{config().origin(access.primary_host)}/checkout/{token}" if token and draft.status == "invoiced" else ""
    return page(
        "draft_order.html", draft=draft, content=draft.content, priced=priced, found=found, words=words, link=link,
        address_fields=ADDRESS, places=places, error=error,
    )  # fmt: skip


@blueprint.post("/shops/<slug>/draft-orders/<int:draft_id>")
@in_shop(Permission.ORDERS)
def save_draft_order(access: ShopAccess, draft_id: int) -> Answer:
    try:
        answered(access.scope, lambda: _write(access, draft_id))
    except SoukError as error:
        return _page(access, draft_id, error), error.status
    words = request.form.get("q", "")[:100]
    return redirect(url_for("dashboard.draft_order", slug=access.slug, draft_id=draft_id, q=words or None), 303)


def _write(access: ShopAccess, draft_id: int) -> None:
    with transaction(access.scope) as session:
        draft = reopen_draft(session, draft_id)
        write_draft(session, draft_id, _typed(draft))
        keep_quote(session, draft_id)


def _typed(draft: Any) -> dict[str, Any]:
    form = request.form

    def money(name: str) -> int | None:
        text = form.get(name, "").strip().replace(",", ".")
        return Money.from_major(text, draft.currency).amount if text else None

    lines = [
        {
            "variant_id": line["variant_id"],
            "quantity": whole_number(form.get(f"quantity-{line['variant_id']}") or "0"),
            "unit_price": money(f"price-{line['variant_id']}"),
        }
        for line in draft.content["lines"]
    ]
    lines = [line for line in lines if line["quantity"]]
    added = form.get("add", "")
    if added.isdecimal() and int(added) not in {line["variant_id"] for line in lines}:
        lines.append({"variant_id": int(added), "quantity": 1, "unit_price": None})
    amount = money("shipping_amount")
    title = form.get("shipping_title", "").replace("\0", "").strip() or "Shipping"
    place = form.get("pickup", "")
    address = {name: form.get(name, "").replace("\0", "").strip()[:200] for name in ADDRESS}
    return {
        "lines": lines,
        "pickup": int(place) if place.isascii() and place.isdecimal() and len(place) < 16 else None,  # noqa: PLR2004 - a bigint
        "email": form.get("email", ""),
        "shipping_address": address if any(address.values()) else {},
        "shipping": None if amount is None else {"title": title, "amount": amount},
        "note": form.get("note", "").replace("\0", ""),
        "tags": form.get("tags", "").replace("\0", "").split(","),
    }


@blueprint.post("/shops/<slug>/draft-orders/<int:draft_id>/<any(invoice, place, cancel):action>")
@in_shop(Permission.ORDERS)
def step_draft_order(access: ShopAccess, draft_id: int, action: str) -> Answer:
    try:
        if action == "place":
            order_id = place_draft(access.scope, draft_id)
            return done("The order stands and waits for its money.", "order", access, order_id=order_id)
        with transaction(access.scope) as session:
            if action == "cancel":
                cancel_draft(session, draft_id)
            else:
                invoice_draft(session, draft_id, whole_number(request.form.get("hold_days") or "0"))
    except SoukError as error:
        return _page(access, draft_id, error), error.status
    told = "The draft is canceled." if action == "cancel" else "The draft can be paid; the customer gets a mail."
    return done(told, "draft_order", access, draft_id=draft_id)
