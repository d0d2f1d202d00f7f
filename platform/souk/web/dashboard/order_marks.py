"""Holds, tags and notes of an order, and putting it away."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.annotate import note_on_order, note_risk, tag_order
from souk.orders.archive import archive_order, reopen_order
from souk.orders.hold import hold_order, release_hold
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.orders import order_page
from souk.web.dashboard.pages import done


@blueprint.post("/shops/<slug>/orders/<int:order_id>/<any(hold, release):switch>")
@in_shop(Permission.FULFILL)
def hold(access: ShopAccess, order_id: int, switch: str) -> Answer:
    actor = current_user.record.actor
    try:
        with transaction(access.scope) as session:
            if switch == "hold":
                hold_order(session, order_id, request.form.get("reason", ""), actor)
            else:
                release_hold(session, order_id, actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    told = "The order is on hold." if switch == "hold" else "The order can be sent again."
    return done(told, "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/orders/<int:order_id>/<any(archive, reopen):turn>")
@in_shop(Permission.FULFILL)
def archive(access: ShopAccess, order_id: int, turn: str) -> Answer:
    try:
        with transaction(access.scope) as session:
            (archive_order if turn == "archive" else reopen_order)(session, order_id, current_user.record.actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    told = "The order is archived." if turn == "archive" else "The order is open again."
    return done(told, "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/orders/<int:order_id>/<any(tags, notes, risks):what>")
@in_shop(Permission.FULFILL)
def annotate(access: ShopAccess, order_id: int, what: str) -> Answer:
    text, actor = request.form.get("text", "").replace("\0", ""), current_user.record.actor
    try:
        with transaction(access.scope) as session:
            if what == "tags":
                tag_order(session, order_id, text.split(","), actor)
            elif what == "notes":
                note_on_order(session, order_id, text, actor)
            else:
                note_risk(session, order_id, actor, request.form.get("level", ""), text)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("It is noted.", "order", access, order_id=order_id)
