"""What staff do with an order: send it, note its payment, cancel it, give money back."""

from __future__ import annotations

from flask import request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.kernel.money import Money
from souk.orders.cancel import cancel_order
from souk.orders.collect import picked_up, ready_for_pickup
from souk.orders.fulfill import fulfill_order
from souk.orders.mark_paid import mark_paid
from souk.orders.models import Order, OrderLine
from souk.orders.refund import RefundLine, refund_order
from souk.orders.track import note_carrier, set_tracking
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_reads import UnknownOrder
from souk.web.dashboard.orders import order_page
from souk.web.dashboard.pages import done
from souk.web.dashboard.stock import whole_number


class NotConfirmed(Invalid):
    code = "not_confirmed"

    def __init__(self) -> None:
        super().__init__("Tick the box that says yes; this cannot be taken back.", field="confirm")


class BadTrackingAddress(Invalid):
    code = "invalid_tracking_url"

    def __init__(self) -> None:
        super().__init__("A tracking address begins with https:// or http://.", field="tracking_url")


@blueprint.post("/shops/<slug>/orders/<int:order_id>/fulfill")
@in_shop(Permission.FULFILL)
def fulfill(access: ShopAccess, order_id: int) -> Answer:
    try:
        tracking = _tracking()
        with transaction(access.scope) as session:
            lines = _quantities(session, order_id, "line")
            place = request.form.get("location", "")
            location_id = int(place) if place.isdecimal() else None
            actor = current_user.record.actor
            fulfill_order(session, order_id, lines, **tracking, location_id=location_id, actor=actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The parcel is on its way; the customer gets a mail.", "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/orders/<int:order_id>/collect")
@in_shop(Permission.FULFILL)
def collect(access: ShopAccess, order_id: int) -> Answer:
    ready = request.form.get("step") == "ready"
    try:
        with transaction(access.scope) as session:
            (ready_for_pickup if ready else picked_up)(session, order_id, current_user.record.actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    said = "The order lies ready; the customer gets a mail." if ready else "The order is picked up."
    return done(said, "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/orders/<int:order_id>/parcels/<int:fulfillment_id>")
@in_shop(Permission.FULFILL)
def track_parcel(access: ShopAccess, order_id: int, fulfillment_id: int) -> Answer:
    actor = current_user.record.actor
    try:
        typed = _tracking()
        told = typed["tracking_company"], typed["tracking_number"], typed["tracking_url"]
        with transaction(access.scope) as session:
            set_tracking(session, order_id, fulfillment_id, *told, actor)
            note_carrier(session, order_id, fulfillment_id, request.form.get("tracking_status", ""), actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The parcel is up to date.", "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/orders/<int:order_id>/mark-paid")
@in_shop(Permission.ORDERS)
def mark_as_paid(access: ShopAccess, order_id: int) -> Answer:
    try:
        confirmed()
        with transaction(access.scope) as session:
            mark_paid(session, order_id, current_user.record.actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The order is paid.", "order", access, order_id=order_id)


def _tracking() -> dict[str, str]:
    names = ("tracking_company", "tracking_number", "tracking_url")
    typed = {name: request.form.get(name, "").replace("\0", "").strip()[:300] for name in names}
    if typed["tracking_url"] and not typed["tracking_url"].startswith(("https://", "http://")):
        raise BadTrackingAddress
    return typed


@blueprint.post("/shops/<slug>/orders/<int:order_id>/cancel")
@in_shop(Permission.ORDERS)
def cancel(access: ShopAccess, order_id: int) -> Answer:
    form = request.form
    try:
        confirmed()
        cancel_order(access.scope, order_id, form.get("reason", ""), "restock" in form, current_user.record.actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The order is canceled.", "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/orders/<int:order_id>/refund")
@in_shop(Permission.ORDERS)
def refund(access: ShopAccess, order_id: int) -> Answer:
    form = request.form
    try:
        confirmed()
        with transaction(access.scope, read_only=True) as session:
            # Left empty, the amount is what the units and the shipping cost.
            amount = amount_of(session, order_id, form["amount"]) if form.get("amount", "").strip() else None
            shipping = amount_of(session, order_id, form.get("shipping") or "0")
            quantities = _quantities(session, order_id, "refund")
        lines = [RefundLine(line_id, quantity, f"restock-{line_id}" in form) for line_id, quantity in quantities]
        # The key came with the page, so that a form sent twice moves the money once.
        key = f"dashboard-{form.get('key', '')[:100]}"
        reason = form.get("reason", "").replace("\0", "")
        actor = current_user.record.actor
        outcome = refund_order(access.scope, order_id, amount, lines, reason, actor, key, shipping=shipping)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    message = "The money is on its way back." if outcome.status == "succeeded" else "The refund waits for the provider."
    return done(message, "order", access, order_id=order_id)


def confirmed() -> None:
    """Raise NotConfirmed unless the box of the form is ticked."""
    if "confirm" not in request.form:
        raise NotConfirmed


def amount_of(session: Session, order_id: int, typed: str) -> int:
    """Read a typed amount in the order's currency; raises UnknownOrder, UnreadableAmount."""
    currency = session.execute(select(Order.currency).where(Order.id == order_id)).scalar_one_or_none()
    if currency is None:
        raise UnknownOrder
    return Money.from_major(typed.strip().replace(",", "."), currency).amount


def _quantities(session: Session, order_id: int, prefix: str) -> list[tuple[int, int]]:
    """Read the inputs `<prefix>-<line>`; a line at 0 is left out."""
    ids = session.scalars(select(OrderLine.id).where(OrderLine.order_id == order_id).order_by(OrderLine.id))
    typed = [(line_id, whole_number(request.form.get(f"{prefix}-{line_id}") or "0")) for line_id in ids]
    return [(line_id, quantity) for line_id, quantity in typed if quantity]
