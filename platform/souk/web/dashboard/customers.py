"""The shop's customers."""

from __future__ import annotations

from flask import request

from souk.customers.addresses import list_addresses
from souk.customers.consents import consents_of
from souk.customers.queries import list_customers, read_customer
from souk.customers.set_tax_exempt import set_tax_exempt
from souk.customers.tags import set_tags
from souk.kernel.db import transaction
from souk.payments.gift_cards.queries import credit_of
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_reads import orders_of_customer
from souk.web.dashboard.pages import PER_PAGE, done, page, page_number
from souk.web.dashboard.typed_values import cleaned


@blueprint.get("/shops/<slug>/customers")
@in_shop()
def customers(access: ShopAccess) -> Answer:
    query = request.args.get("q", "").replace("\0", "").strip()[:100]
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_customers(session, query=query, page=number, limit=PER_PAGE)
    return page("customers.html", rows=rows, total=total, query=query, number=number, per_page=PER_PAGE)


@blueprint.get("/shops/<slug>/customers/<int:customer_id>")
@in_shop()
def customer(access: ShopAccess, customer_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        found = read_customer(session, customer_id)
        addresses = list_addresses(session, customer_id)
        orders = orders_of_customer(session, customer_id)
        credit = credit_of(session, customer_id)
        consents = consents_of(session, found.email)
    return page("customer.html", customer=found, addresses=addresses, orders=orders, credit=credit, consents=consents)


@blueprint.post("/shops/<slug>/customers/<int:customer_id>/tags")
@in_shop(Permission.ORDERS)
def tag_customer(access: ShopAccess, customer_id: int) -> Answer:
    with transaction(access.scope) as session:
        set_tags(session, customer_id, cleaned(request.form.get("tags", ""), 500).split(","))
    return done("The tags are saved.", "customer", access, customer_id=customer_id)


@blueprint.post("/shops/<slug>/customers/<int:customer_id>/tax")
@in_shop(Permission.SETTINGS)
def customer_tax(access: ShopAccess, customer_id: int) -> Answer:
    exempt = "tax_exempt" in request.form
    with transaction(access.scope) as session:
        set_tax_exempt(session, customer_id, exempt=exempt)
    told = "No tax is taken from this customer." if exempt else "This customer pays tax like everybody."
    return done(told, "customer", access, customer_id=customer_id)
