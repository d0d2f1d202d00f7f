"""The list of products: filters, order, and the views that staff saved."""

from __future__ import annotations

from flask import request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, done, page, page_number, picture_url
from souk.web.dashboard.product_query import SORTS, STATUSES, STOCK, query_of, query_of_address, read_choices
from souk.web.dashboard.product_reads import list_products
from souk.web.dashboard.saved_views import delete_view, list_views, save_view


@blueprint.get("/shops/<slug>/products")
@in_shop()
def products(access: ShopAccess) -> Answer:
    return products_page(access)


def products_page(access: ShopAccess, error: SoukError | None = None, ticked: tuple[int, ...] = ()) -> str:
    """Show the list that the address asks for; `ticked` rows stay chosen when an action was refused."""
    query, number = query_of(request.args), page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_products(session, query, number)
        choices, views = read_choices(session), list_views(session)
    return page(
        "products.html", rows=rows, total=total, query=query, choices=choices, views=views, sorts=SORTS,
        statuses=STATUSES, stock=STOCK, number=number, per_page=PER_PAGE, ticked=ticked, picture=picture_url,
        error=error,
    )  # fmt: skip


@blueprint.post("/shops/<slug>/products/views")
@in_shop(Permission.CATALOG)
def change_views(access: ShopAccess) -> Answer:
    name, address = request.form.get("name", ""), query_of_address(request.form.get("address", "")).address()
    removing = request.form.get("action") == "delete"
    try:
        with transaction(access.scope) as session:
            if removing:
                delete_view(session, name)
            else:
                save_view(session, name, address)
    except SoukError as error:
        return products_page(access, error), error.status
    asked = {} if removing else query_of_address(address).arguments()
    return done("The view is deleted." if removing else "The view is saved.", "products", access, **asked)
