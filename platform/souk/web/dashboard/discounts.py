"""The shop's discounts: list, editor, codes and what they have done."""

from __future__ import annotations

from flask import Response, g, request

from souk.discounts.bulk_codes import codes_of_discount, csv_of, generate_codes
from souk.discounts.models import Discount
from souk.discounts.queries import list_discounts, read_discount, usage_of
from souk.discounts.save import delete_discount, save_discount
from souk.discounts.simulate import Simulation, simulate
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.discount_form import DiscountForm, blank_form, draft_of, orders_to_try, stored_form, typed_form
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number
from souk.web.dashboard.product_reads import list_collections
from souk.web.dashboard.search_reads import find_products, products_by_id
from souk.web.dashboard.typed_values import cleaned, typed_number

SHOWN_CODES = 20
METHODS = ("code", "automatic")


@blueprint.get("/shops/<slug>/discounts")
@in_shop()
def discounts(access: ShopAccess) -> Answer:
    query, method, number = asked("q"), asked("method", METHODS), page_number(request.args.get("page"))
    where = [Discount.method == method] if method else []
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_discounts(session, *where, query=query, page=number, limit=PER_PAGE)
    return page("discounts.html", rows=rows, total=total, query=query, method=method, number=number, per_page=PER_PAGE)


@blueprint.route("/shops/<slug>/discounts/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_discount(access: ShopAccess) -> Answer:
    return _save(access, None) if request.method == "POST" else _editor(access, None, blank_form())


@blueprint.route("/shops/<slug>/discounts/<int:discount_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def discount(access: ShopAccess, discount_id: int) -> Answer:
    if request.method == "POST":
        return _save(access, discount_id)
    with transaction(access.scope, read_only=True) as session:
        found = read_discount(session, discount_id)
    return _editor(access, discount_id, stored_form(found, g.shop_settings["currency"]))


@blueprint.post("/shops/<slug>/discounts/<int:discount_id>/delete")
@in_shop(Permission.CATALOG)
def remove_discount(access: ShopAccess, discount_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_discount(session, discount_id)
    return done("The discount is gone; orders keep what it took off.", "discounts", access)


@blueprint.post("/shops/<slug>/discounts/<int:discount_id>/codes")
@in_shop(Permission.CATALOG)
def make_discount_codes(access: ShopAccess, discount_id: int) -> Answer:
    try:
        count = typed_number(cleaned(request.form.get("count", "")), "How many") or 0
        uses = typed_number(cleaned(request.form.get("uses", "1")), "Uses of each")
        with transaction(access.scope) as session:
            made = generate_codes(session, discount_id, count, cleaned(request.form.get("prefix", "")), uses or None)
    except NotFound:
        raise
    except SoukError as error:
        return _stored_editor(access, discount_id, error), error.status
    return done(f"{made} codes are made; download them as a file.", "discount", access, discount_id=discount_id)


@blueprint.get("/shops/<slug>/discounts/<int:discount_id>/codes.csv")
@in_shop(Permission.CATALOG)
def discount_codes_file(access: ShopAccess, discount_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        found = read_discount(session, discount_id)
        rows = codes_of_discount(session, discount_id)
    response = Response("".join(csv_of(rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="codes-{found.id}.csv"'
    return response


def _save(access: ShopAccess, discount_id: int | None) -> Answer:
    form = typed_form(request.form)
    if request.form.get("do") == "find":
        return _editor(access, discount_id, form)
    try:
        draft = draft_of(form, g.shop_settings["currency"])
        if request.form.get("do") == "simulate":
            with transaction(access.scope, read_only=True) as session:
                tried = simulate(session, draft, orders_to_try(form))
            return _editor(access, discount_id, form, tried=tried)
        with transaction(access.scope) as session:
            saved = save_discount(session, draft, discount_id)
    except NotFound:
        raise
    except SoukError as error:
        return _editor(access, discount_id, form, error), error.status
    return done("The discount is saved.", "discount", access, discount_id=saved)


def _stored_editor(access: ShopAccess, discount_id: int, error: SoukError) -> str:
    with transaction(access.scope, read_only=True) as session:
        found = read_discount(session, discount_id)
    return _editor(access, discount_id, stored_form(found, g.shop_settings["currency"]), error)


def _editor(
    access: ShopAccess,
    discount_id: int | None,
    form: DiscountForm,
    error: SoukError | None = None,
    tried: Simulation | None = None,
) -> str:
    with transaction(access.scope, read_only=True) as session:
        known = read_discount(session, discount_id) if discount_id is not None else None
        chosen = products_by_id(session, form.products)
        found = [row for row in find_products(session, form.find) if row.id not in chosen] if form.find else []
        return page(
            "discount.html", form=form, known=known, error=error, tried=tried, collections=list_collections(session),
            products=[*chosen.values(), *found], usage=usage_of(session, discount_id) if discount_id else None,
            codes=codes_of_discount(session, discount_id, SHOWN_CODES) if discount_id else (),
        )  # fmt: skip
