"""Let a customer in who knows the password."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.customers.errors import AccountDisabled, WrongCredentials
from souk.customers.models import Customer
from souk.customers.sessions import Kind, SignedIn, open_session
from souk.customers.throttle import count_sign_in, forget_sign_ins
from souk.kernel.email_address import BadEmail, normalize_email
from souk.kernel.passwords import password_matches


def sign_in(
    session: Session, email: str, password: str, kind: Kind, *, user_agent: str = "", ip_address: str = ""
) -> SignedIn:
    """Check the password and open a session; returns (customer_id, token, expires_at).

    Raises:
        WrongCredentials: in the same time whether or not the account exists.
        AccountDisabled: told only to somebody who knows the password.
        RateLimited: after ten attempts on the account within 15 minutes.

    """
    try:
        address = normalize_email(email)
    except BadEmail:
        raise WrongCredentials from None
    count_sign_in(session, address, ip_address)
    row = session.execute(
        select(Customer.id, Customer.password_hash, Customer.disabled_at).where(Customer.email == address)
    ).first()
    if not password_matches(password, row.password_hash if row else None) or row is None:
        raise WrongCredentials
    if row.disabled_at is not None:
        raise AccountDisabled
    forget_sign_ins(session, address)
    return open_session(session, row.id, kind, user_agent=user_agent, ip_address=ip_address)
