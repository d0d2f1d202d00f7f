"""The signed-in buyer's own addresses on the checkout page: which one is chosen, and what that fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import g

from souk.addresses.fields import BUSINESS, FIELDS
from souk.customers.addresses import AddressRecord, list_addresses, read_address
from souk.customers.errors import UnknownAddress
from souk.customers.sessions import customer_of_token
from souk.kernel.db import transaction
from souk.web.checkout.form import CheckoutForm
from souk.web.cookies import CUSTOMER, read_cookie

NEW = 0


def signed_in() -> int | None:
    """Return the customer of the browser's session: the address of the page alone opens nothing that is saved."""
    cookie = read_cookie(CUSTOMER)
    if not cookie:
        return None
    with transaction(g.shop.scope, read_only=True) as session:
        customer = customer_of_token(session, cookie, "session")
    return customer.id if customer else None


def addresses_of(buyer: int | None) -> Sequence[AddressRecord]:
    if buyer is None:
        return ()
    with transaction(g.shop.scope, read_only=True) as session:
        return list_addresses(session, buyer)


def chosen_among(addresses: Sequence[AddressRecord], typed: Mapping[str, str]) -> int:
    """Return the id of the saved address that stands in the fields, NEW where none does."""
    names = (*FIELDS, *BUSINESS)
    same = (
        one.id for one in addresses if all((one.address.get(name) or "") == (typed.get(name) or "") for name in names)
    )
    return next(same, NEW)


def with_choice(form: CheckoutForm) -> CheckoutForm:
    """Fill in what the buyer chose, and note who wants a typed address kept; the fields win unless the choice changed.

    Raises UnknownAddress: it was removed meanwhile, or belongs to somebody else.
    """
    if form.extras.get("save_address"):
        # The customer's number, not a yes: whoever was handed the link must not write into their address book.
        form = replace(form, extras={**form.extras, "save_address": signed_in() or NEW})
    if form.saved_address in {None, form.address_shown}:
        return form
    if form.saved_address == NEW:
        return replace(form, address=dict.fromkeys(form.address, "") | {"country": form.address["country"]})
    buyer = signed_in()
    if buyer is None:
        raise UnknownAddress
    with transaction(g.shop.scope, read_only=True) as session:
        kept = read_address(session, buyer, form.saved_address or NEW).address
    return replace(form, address={name: kept.get(name) or "" for name in form.address})
