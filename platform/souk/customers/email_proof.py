"""Prove that an account's address is its owner's: a secret goes out by mail and comes back from the account itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from souk.customers.errors import ProofLinkInvalid
from souk.customers.models import Customer, CustomerToken
from souk.customers.throttle import count_reset
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tokens import hash_token, new_token

LIFETIME = timedelta(days=7)


def request_email_proof(session: Session, customer_id: int, *, ip_address: str = "") -> None:
    """Have a link mailed that is good for seven days; an address that is proven already gets none.

    Raises RateLimited after five mails to one address in an hour, those for new passwords among them.
    """
    wanted = select(Customer.email).where(Customer.id == customer_id, Customer.email_proven_at.is_(None))
    email = session.execute(wanted).scalar_one_or_none()
    if email is None:
        return
    count_reset(session, email, ip_address)
    token, now = new_token(), clock.now()
    values = {
        "customer_id": customer_id,
        "kind": "email_proof",
        "token_hash": hash_token(token),
        "ip_address": ip_address,
        "last_seen_at": now,
        "expires_at": now + LIFETIME,
    }
    session.execute(insert(CustomerToken).values(values))
    publish(session, Event("customer.email_proof_requested", customer_id, {"token": token}))


def prove_email(session: Session, customer_id: int, token: str) -> None:
    """Note that the customer, who is signed in, has received the mail; raises ProofLinkInvalid.

    The account must be the one that asked: a stranger who clicks the link in an unexpected mail must not
    prove the address for whoever typed it.
    """
    now = clock.now()
    used = session.execute(
        update(CustomerToken)
        .where(
            CustomerToken.token_hash == hash_token(token),
            CustomerToken.customer_id == customer_id,
            CustomerToken.kind == "email_proof",
            CustomerToken.revoked_at.is_(None),
            CustomerToken.expires_at > now,
        )
        .values(revoked_at=now)
        .returning(CustomerToken.id)
    ).first()
    if used is None:
        raise ProofLinkInvalid
    note_email_proven(session, customer_id)


def note_email_proven(session: Session, customer_id: int) -> None:
    """Keep the first time that the address was proven."""
    proven = func.coalesce(Customer.email_proven_at, clock.now())
    session.execute(update(Customer).where(Customer.id == customer_id).values(email_proven_at=proven))
