"""Price lists: which there are, what each says, and their prices one by one or as a file."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.pricing.delete_list import delete_price_list
from souk.pricing.drafts import PriceDraft
from souk.pricing.errors import PricesRefused
from souk.pricing.prices_csv import MAX_BYTES, read_prices, write_prices
from souk.pricing.queries import list_price_lists, prices_of_list, read_price_list
from souk.pricing.rules import read_rules
from souk.pricing.save_list import save_price_list
from souk.pricing.set_prices import replace_prices, set_variant_prices
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page, page_number
from souk.web.dashboard.price_list_form import PriceListForm, blank_list, draft_of_list, stored_list, typed_list

SHOWN_PRICES = 100


@blueprint.get("/shops/<slug>/prices")
@in_shop()
def price_lists(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        rows, rules = list_price_lists(session), read_rules(session)
    return page("price_lists.html", rows=rows, rules=rules)


@blueprint.route("/shops/<slug>/prices/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_price_list(access: ShopAccess) -> Answer:
    return _save(access, None) if request.method == "POST" else _editor(access, None, blank_list())


@blueprint.route("/shops/<slug>/prices/<int:price_list_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def price_list(access: ShopAccess, price_list_id: int) -> Answer:
    return _save(access, price_list_id) if request.method == "POST" else _editor(access, price_list_id)


@blueprint.post("/shops/<slug>/prices/<int:price_list_id>/delete")
@in_shop(Permission.CATALOG)
def remove_price_list(access: ShopAccess, price_list_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_price_list(session, price_list_id)
    return done("The price list is gone; orders keep their prices.", "price_lists", access)


@blueprint.get("/shops/<slug>/prices/<int:price_list_id>/prices.csv")
@in_shop(Permission.CATALOG)
def price_list_file(access: ShopAccess, price_list_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        found = read_price_list(session, price_list_id)
        text = write_prices(prices_of_list(session, price_list_id), found.currency or read_rules(session).base)
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="prices-{found.id}.csv"'
    return response


@blueprint.post("/shops/<slug>/prices/<int:price_list_id>/prices")
@in_shop(Permission.CATALOG)
def write_price_list_prices(access: ShopAccess, price_list_id: int) -> Answer:
    """Take one row (`sku`, `min_quantity`, `price`, `compare_at_price`), take one out (`remove`), or a whole `file`."""
    try:
        with transaction(access.scope) as session:
            currency = read_price_list(session, price_list_id).currency
            if request.form.get("remove", "").isdecimal():
                set_variant_prices(session, price_list_id, [], [int(request.form["remove"][:18])])
            elif "file" in request.files:
                replace_prices(session, price_list_id, read_prices(session, _file(), currency))
            else:
                _set_one(session, price_list_id, currency)
    except NotFound:
        raise
    except SoukError as error:
        return _editor(access, price_list_id, error=error), error.status
    return done("The prices are saved.", "price_list", access, price_list_id=price_list_id)


def _file() -> str:
    content: bytes = request.files["file"].read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise PricesRefused(1, "the file is larger than 5 MB; use a percentage for most of the prices.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PricesRefused(1, "save the file as CSV in UTF-8.") from None


def _set_one(session: Session, list_id: int, currency: str) -> None:
    """Set one price beside those that the variant has from other quantities on."""
    names = ("sku", "min_quantity", "price", "compare_at_price")
    cells = ['"' + request.form.get(name, "").replace('"', "").replace("\n", " ")[:100] + '"' for name in names]
    new = read_prices(session, ",".join(names) + "\n" + ",".join(cells) + "\n", currency)
    kept = [
        PriceDraft(row.variant_id, row.price, row.min_quantity, row.compare_at_price)
        for row in prices_of_list(session, list_id)
        for one in new
        if row.variant_id == one.variant_id and row.min_quantity != one.min_quantity
    ]
    set_variant_prices(session, list_id, [*kept, *new])


def _save(access: ShopAccess, list_id: int | None) -> Answer:
    form = typed_list(request.form)
    try:
        draft = draft_of_list(form)
        with transaction(access.scope) as session:
            saved = save_price_list(session, draft, list_id)
    except NotFound:
        raise
    except SoukError as error:
        return _editor(access, list_id, form, error), error.status
    return done("The price list is saved.", "price_list", access, price_list_id=saved)


def _editor(
    access: ShopAccess, list_id: int | None, form: PriceListForm | None = None, error: SoukError | None = None
) -> str:
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rules = read_rules(session)
        known = read_price_list(session, list_id) if list_id is not None else None
        prices = prices_of_list(session, known.id, SHOWN_PRICES, (number - 1) * SHOWN_PRICES) if known else []
    form = form or (stored_list(known) if known else blank_list())
    shown: dict[str, Any] = {"form": form, "known": known, "prices": prices, "number": number, "per_page": SHOWN_PRICES}
    return page("price_list.html", rules=rules, error=error, **shown)
