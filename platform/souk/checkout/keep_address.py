"""Keep the address of a purchase in its customer's address book, for who ticked that box."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.addresses.errors import BadAddress
from souk.checkout.pickup import collects
from souk.checkout.queries import CheckoutRow
from souk.customers.addresses import add_address, list_addresses
from souk.customers.errors import TooManyAddresses


def keep_address(session: Session, checkout: CheckoutRow) -> None:
    """Add the address that the order went to, unless it is there; a full book costs nobody their order.

    `extras.save_address` is the customer who was signed in when it was ticked: nobody else's book is written to.
    """
    owner, address = checkout.customer_id, dict(checkout.shipping_address)
    if owner is None or checkout.extras.get("save_address") != owner or collects(checkout.shipping_rate):
        return
    if any(one.address == address for one in list_addresses(session, owner)):
        return
    try:
        add_address(session, owner, address)
    except (BadAddress, TooManyAddresses):
        return
