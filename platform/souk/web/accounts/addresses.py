"""The address book."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from souk.addresses.fields import BUSINESS, FIELDS
from souk.customers.addresses import (
    add_address,
    change_address,
    list_addresses,
    make_default,
    read_address,
    remove_address,
)
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.web.accounts.frame import blueprint, done, me, page


@blueprint.get("/addresses")
def addresses() -> Response:
    with transaction(g.shop.scope, read_only=True) as session:
        rows = list_addresses(session, me().id)
    return page("addresses.html", rows=rows)


@blueprint.route("/addresses/new", methods=["GET", "POST"])
def new_address() -> Response:
    if request.method == "GET":
        country = g.brand.country or "US"
        return page("address.html", form={"name": me().name, "country": country})
    return _save(None)


@blueprint.route("/addresses/<int:address_id>", methods=["GET", "POST"])
def address(address_id: int) -> Response:
    if request.method == "POST":
        return _save(address_id)
    with transaction(g.shop.scope, read_only=True) as session:
        found = read_address(session, me().id, address_id)
    return page("address.html", form=found.address)


def _save(address_id: int | None) -> Response:
    typed = {name: request.form.get(name, "") for name in (*FIELDS, *BUSINESS)}
    if request.form.get("do") == "country":
        # Another country has other parts and states; nothing is checked or kept yet.
        return page("address.html", form=typed | {"state": ""})
    try:
        with transaction(g.shop.scope) as session:
            if address_id is None:
                add_address(session, me().id, typed)
            else:
                change_address(session, me().id, address_id, typed)
    except SoukError as error:
        return page("address.html", form=typed, error=error)
    return done("addresses")


@blueprint.post("/addresses/<int:address_id>/default")
def default_address(address_id: int) -> Response:
    with transaction(g.shop.scope) as session:
        make_default(session, me().id, address_id)
    return done("addresses")


@blueprint.post("/addresses/<int:address_id>/remove")
def drop_address(address_id: int) -> Response:
    with transaction(g.shop.scope) as session:
        remove_address(session, me().id, address_id)
    return done("addresses")
