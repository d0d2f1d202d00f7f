"""Send a buyer the link of an order that they name by its number; whoever asks learns nothing."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from souk.customers.throttle import count_order_search
from souk.kernel.email_address import normalize_email
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tokens import new_token
from souk.orders.models import Order

_MOST_DIGITS = 15


def request_order_link(session: Session, number: str, email: str, *, ip_address: str = "") -> None:
    """Have the link of the order `number` ("#1042" or "1042") mailed to its address, if it was bought with `email`.

    An order that does not exist, or belongs to another address, is answered the same and gets no mail.
    Raises BadEmail; RateLimited after five searches for one address, or 50 from one place, in an hour.
    """
    address = normalize_email(email)
    count_order_search(session, address, ip_address)
    typed = number.replace("\x00", "").strip()
    digits = typed.removeprefix("#")
    known = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS
    named = or_(Order.name == typed, Order.number == int(digits)) if known else Order.name == typed
    found = session.execute(
        select(Order.id).where(Order.email == address, named).order_by(Order.id.desc()).limit(1)
    ).scalar_one_or_none()
    if found is not None:
        # The token is no secret here: it tells this mail apart from the one of an earlier search.
        publish(session, Event("order.link_requested", found, {"token": new_token()}))
