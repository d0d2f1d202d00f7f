"""Browser sessions and API tokens: opened, read, listed and ended. Only hashes are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from souk.customers.errors import UnknownSession
from souk.customers.models import Customer, CustomerToken
from souk.customers.queries import COLUMNS, CustomerRecord
from souk.kernel import clock
from souk.kernel.tokens import hash_token, new_token

Kind = Literal["session", "api"]
LIFETIME = timedelta(days=30)
# A write for every page would make each page a write; five minutes is exact enough for a list of sessions.
SEEN_EVERY = timedelta(minutes=5)
_AGENT_LENGTH = 300


class SignedIn(NamedTuple):
    """`token` is the only copy of the secret."""

    customer_id: int
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionRecord:
    id: int
    kind: str
    user_agent: str
    ip_address: str
    last_seen_at: datetime
    created_at: datetime


_COLUMNS = (
    CustomerToken.id,
    CustomerToken.kind,
    CustomerToken.user_agent,
    CustomerToken.ip_address,
    CustomerToken.last_seen_at,
    CustomerToken.created_at,
)


def open_session(
    session: Session, customer_id: int, kind: Kind, *, user_agent: str = "", ip_address: str = ""
) -> SignedIn:
    """Issue a token that is good for 30 days; the caller has proved who the customer is."""
    token, now = new_token("souk_cust_"), clock.now()
    values = {
        "customer_id": customer_id,
        "kind": kind,
        "token_hash": hash_token(token),
        "user_agent": user_agent.replace("\0", "")[:_AGENT_LENGTH],
        "ip_address": ip_address,
        "last_seen_at": now,
        "expires_at": now + LIFETIME,
    }
    session.execute(insert(CustomerToken).values(values))
    return SignedIn(customer_id, token, now + LIFETIME)


def customer_of_token(session: Session, token: str, kind: Kind, *, revoked: bool = False) -> CustomerRecord | None:
    """Return who holds `token`; None when it is unknown in this shop, expired, revoked or of another kind.

    `revoked` takes one that has been revoked too.
    """
    valid = (CustomerToken.token_hash == hash_token(token),) if revoked else _live(token)
    row = session.execute(
        select(*COLUMNS)
        .join(CustomerToken, CustomerToken.customer_id == Customer.id)
        .where(*valid, CustomerToken.kind == kind, Customer.disabled_at.is_(None))
    ).first()
    return None if row is None else CustomerRecord(*row)


def session_of_token(session: Session, token: str) -> SessionRecord | None:
    row = session.execute(select(*_COLUMNS).where(*_live(token))).first()
    return None if row is None else SessionRecord(*row)


def note_seen(session: Session, token: str) -> None:
    """Move the session's last sight forward when it is older than five minutes."""
    now = clock.now()
    stale = CustomerToken.last_seen_at < now - SEEN_EVERY
    session.execute(update(CustomerToken).where(*_live(token), stale).values(last_seen_at=now))


def list_sessions(session: Session, customer_id: int) -> list[SessionRecord]:
    """Return the open sessions and API tokens of a customer, last seen first."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(CustomerToken.customer_id == customer_id, CustomerToken.kind.in_(["session", "api"]), *_open())
        .order_by(CustomerToken.last_seen_at.desc(), CustomerToken.id.desc())
    )
    return [SessionRecord(*row) for row in rows]


def revoke(session: Session, token: str) -> None:
    """End the session or API token; one that has ended already stays so."""
    session.execute(update(CustomerToken).where(*_live(token)).values(revoked_at=clock.now()))


def end_session(session: Session, customer_id: int, session_id: int) -> None:
    """End one of the customer's own sessions; raises UnknownSession for anybody else's."""
    ended = session.execute(
        update(CustomerToken)
        .where(CustomerToken.id == session_id, CustomerToken.customer_id == customer_id, *_open())
        .values(revoked_at=clock.now())
        .returning(CustomerToken.id)
    )
    if ended.first() is None:
        raise UnknownSession


def end_all_sessions(session: Session, customer_id: int, *, keep_token: str = "") -> None:
    """End everything the customer is signed in with, reset links too, except `keep_token`."""
    others = update(CustomerToken).where(CustomerToken.customer_id == customer_id, *_open())
    if keep_token:
        others = others.where(CustomerToken.token_hash != hash_token(keep_token))
    session.execute(others.values(revoked_at=clock.now()))


def _open() -> tuple[ColumnElement[bool], ...]:
    return CustomerToken.revoked_at.is_(None), CustomerToken.expires_at > clock.now()


def _live(token: str) -> tuple[ColumnElement[bool], ...]:
    return CustomerToken.token_hash == hash_token(token), *_open()
