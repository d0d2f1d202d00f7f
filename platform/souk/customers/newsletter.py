"""Subscribe an address to the shop's news, once its owner has said so in a mail (double opt-in)."""

from __future__ import annotations

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.customers.models import Customer
from souk.kernel import clock
from souk.kernel.email_address import normalize_email
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def request_subscription(session: Session, email: str, token: str, locale: str) -> None:
    """Have a mail sent that asks whether the address is meant; nothing is subscribed yet. Raises BadEmail."""
    payload = {"email": normalize_email(email), "token": token, "locale": locale}
    publish(session, Event("newsletter.requested", 0, payload))


def subscribe(session: Session, email: str, locale: str) -> int:
    """Note the consent of an address that was proven; returns the customer's id. Saying it twice changes nothing."""
    address, now = normalize_email(email), clock.now()
    row = insert(Customer).values(
        email=address, locale=locale, accepts_marketing=True, marketing_consent_at=now, created_at=now, updated_at=now
    )
    made = session.execute(row.on_conflict_do_nothing(index_elements=[Customer.email]).returning(Customer.id))
    customer_id = made.scalar_one_or_none()
    if customer_id is not None:
        publish(session, Event("customer.created", customer_id))
        return customer_id
    changed = update(Customer).where(Customer.email == address)
    consent = func.coalesce(Customer.marketing_consent_at, now)
    values = changed.values(accepts_marketing=True, marketing_consent_at=consent)
    return session.execute(values.returning(Customer.id)).scalar_one()
