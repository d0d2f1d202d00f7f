"""Set a new password with a secret that came by mail."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.customers.email_proof import note_email_proven
from souk.customers.errors import ResetLinkInvalid
from souk.customers.models import Customer, CustomerToken
from souk.customers.sessions import end_all_sessions
from souk.customers.throttle import count_reset, forget_sign_ins
from souk.kernel import clock
from souk.kernel.email_address import normalize_email
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.passwords import hash_password
from souk.kernel.tokens import hash_token, new_token

LIFETIME = timedelta(hours=1)


def request_password_reset(session: Session, email: str, *, ip_address: str = "") -> None:
    """Have a link mailed that is good for one hour; an unknown address is answered the same and gets none.

    A guest who bought gets one too: the mail proves the address, and so opens the account with its orders.
    """
    address = normalize_email(email)
    count_reset(session, address, ip_address)
    wanted = select(Customer.id).where(Customer.email == address, Customer.disabled_at.is_(None))
    customer_id = session.execute(wanted).scalar_one_or_none()
    if customer_id is None:
        return
    token, now = new_token(), clock.now()
    values = {
        "customer_id": customer_id,
        "kind": "password_reset",
        "token_hash": hash_token(token),
        "ip_address": ip_address,
        "last_seen_at": now,
        "expires_at": now + LIFETIME,
    }
    session.execute(insert(CustomerToken).values(values))
    publish(session, Event("customer.password_reset_requested", customer_id, {"token": token}))


def reset_password(session: Session, token: str, password: str) -> int:
    """Set the password, end every session and return the customer's number; the mail has proven the address.

    Raises:
        WeakPassword, ResetLinkInvalid: nothing changed.

    """
    password_hash = hash_password(password)
    now = clock.now()
    used = session.execute(
        update(CustomerToken)
        .where(
            CustomerToken.token_hash == hash_token(token),
            CustomerToken.kind == "password_reset",
            CustomerToken.revoked_at.is_(None),
            CustomerToken.expires_at > now,
        )
        .values(revoked_at=now)
        .returning(CustomerToken.customer_id)
    ).scalar_one_or_none()
    if used is None:
        raise ResetLinkInvalid
    changed = update(Customer).where(Customer.id == used).values(password_hash=password_hash, updated_at=now)
    email = session.execute(changed.returning(Customer.email)).scalar_one()
    note_email_proven(session, used)
    end_all_sessions(session, used)
    forget_sign_ins(session, email)
    return used
