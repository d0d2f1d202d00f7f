"""Keep who agreed to what, with the very words; the last word on a matter counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from souk.customers.models import Consent, Customer
from souk.kernel import clock
from souk.kernel.email_address import normalize_email

MARKETING, TERMS = "marketing", "terms"


def note_consent(session: Session, email: str, kind: str, *, given: bool = True, source: str, **words: Any) -> None:
    """Add a line to the record; `words` are wording, version and checkout_id. Raises BadEmail."""
    row = {"email": normalize_email(email), "kind": kind, "given": given, "source": source, **words}
    session.execute(insert(Consent), [row])


def withdraw_marketing(session: Session, email: str, source: str) -> None:
    """Write to nobody of this address any more, whether it is a customer's or a guest's; said twice it stands once."""
    address = normalize_email(email)
    if last_word(session, address) is not False:
        note_consent(session, address, MARKETING, given=False, source=source)
    session.execute(
        update(Customer)
        .where(Customer.email == address, Customer.accepts_marketing)
        .values(accepts_marketing=False, marketing_consent_at=None, updated_at=clock.now())
    )


def last_word(session: Session, email: str) -> bool | None:
    """Return what the owner of an address said last about marketing, None when they never said anything."""
    newest = select(Consent.given).where(Consent.email == email, Consent.kind == MARKETING)
    return session.execute(newest.order_by(Consent.id.desc()).limit(1)).scalar_one_or_none()


def last_words(session: Session, emails: Sequence[str]) -> dict[str, tuple[bool, datetime]]:
    """Return address -> (whether marketing is agreed to, when that was said), for those who said anything."""
    newest = (
        select(func.max(Consent.id)).where(Consent.email.in_(emails), Consent.kind == MARKETING).group_by(Consent.email)
    )
    rows = session.execute(select(Consent.email, Consent.given, Consent.created_at).where(Consent.id.in_(newest)))
    return {email: (given, at) for email, given, at in rows}


def consents_of(session: Session, email: str, limit: int = 50) -> Sequence[Any]:
    """Return an address's record, newest first."""
    columns = (Consent.kind, Consent.given, Consent.source, Consent.wording, Consent.version, Consent.created_at)
    rows = select(*columns).where(Consent.email == email).order_by(Consent.id.desc()).limit(limit)
    return session.execute(rows).all()
