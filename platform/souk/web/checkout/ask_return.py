"""A buyer asks to send goods back, from the page of the order."""

from __future__ import annotations

from flask import g, redirect, request
from werkzeug.wrappers import Response

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.returning.queries import returnable
from souk.orders.returning.request import REASONS, ReturnLine, request_return
from souk.web.api.guard import refuse_unsafe
from souk.web.checkout.branding import read_branding
from souk.web.checkout.order_reads import order_id_of, read_order_view
from souk.web.checkout.render import page

_DIGITS = 4


def ask_return(token: str, error: SoukError | None = None) -> Response:
    with transaction(g.shop.scope, read_only=True) as session:
        view, brand = read_order_view(session, token), read_branding(session)
        left = returnable(session, view.order.id)
    lines = [line for line in view.lines if left.get(line.id, 0) > 0]
    return page(
        "return.html", brand, status=error.status if error else 200, order=view.order, lines=lines, left=left,
        reasons=REASONS, error=error, typed=request.form,
    )  # fmt: skip


def send_return(token: str) -> Response:
    form = request.form
    try:
        refuse_unsafe(dict(form))
        with transaction(g.shop.scope) as session:
            order_id = order_id_of(session, token)
            lines = [
                ReturnLine(int(name.removeprefix("line-")), int(units), form.get("reason", ""))
                for name, units in form.items()
                if name.startswith("line-") and _counts(name.removeprefix("line-"), units)
            ]
            request_return(session, order_id, lines, note=form.get("note", ""))
    except SoukError as refused:
        return ask_return(token, refused)
    return redirect(f"/orders/{token}", 303)


def _counts(line: str, units: str) -> bool:
    known = line.isascii() and line.isdecimal() and len(line) < 19  # noqa: PLR2004 - fits a bigint
    return known and units.isascii() and units.isdecimal() and len(units) <= _DIGITS and int(units) > 0
