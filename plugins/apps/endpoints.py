"""Where a shop's apps want events sent: make, list, change, forget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from plugins.apps.errors import BadEndpoint, EndpointTaken, TooManyEndpoints, UnknownEndpoint
from plugins.apps.signing import secret_of
from plugins.apps.topics import TOPICS
from souk.kernel import clock
from souk.kernel.db import scope_of
from souk.kernel.models import WebhookEndpoint
from souk.media.fetch.address import LONGEST, is_public

MOST_ENDPOINTS = 20
_PORTS = frozenset([443, 8443])
_COLUMNS: tuple[Any, ...] = (
    WebhookEndpoint.id, WebhookEndpoint.tenant_id, WebhookEndpoint.token_id, WebhookEndpoint.url,
    WebhookEndpoint.topics, WebhookEndpoint.status, WebhookEndpoint.disabled_reason, WebhookEndpoint.secret_version,
    WebhookEndpoint.failing_since, WebhookEndpoint.created_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`failing_since` is when the first of an unbroken row of failures happened."""

    id: int
    tenant_id: int
    token_id: int
    url: str
    topics: Sequence[str]
    status: str
    disabled_reason: str
    secret_version: int
    failing_since: datetime | None
    created_at: datetime

    @property
    def secret(self) -> str:
        return secret_of(self.tenant_id, self.id, self.secret_version)


def create_endpoint(session: Session, token_id: int, url: str, topics: Sequence[str]) -> Endpoint:
    """Keep an address of the app that holds this token; raises BadEndpoint, EndpointTaken, TooManyEndpoints."""
    _check(url, topics)
    tenant_id = scope_of(session).tenant_id
    mine = WebhookEndpoint.tenant_id == tenant_id
    if session.execute(select(func.count(WebhookEndpoint.id)).where(mine)).scalar_one() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(MOST_ENDPOINTS)
    _refuse_taken(session, url, own=None)
    row = insert(WebhookEndpoint).values(
        tenant_id=tenant_id, token_id=token_id, url=url, topics=sorted(set(topics)), created_at=clock.now()
    )
    return read_endpoint(session, session.execute(row.returning(WebhookEndpoint.id)).scalar_one())


def list_endpoints(session: Session) -> list[Endpoint]:
    """Return the shop's endpoints, newest first."""
    mine = WebhookEndpoint.tenant_id == scope_of(session).tenant_id
    rows = session.execute(select(*_COLUMNS).where(mine).order_by(WebhookEndpoint.id.desc()))
    return [Endpoint(*row) for row in rows]


def read_endpoint(session: Session, endpoint_id: int) -> Endpoint:
    """Return one of the shop's endpoints; raises UnknownEndpoint."""
    row = session.execute(select(*_COLUMNS).where(*_own(session, endpoint_id))).first()
    if row is None:
        raise UnknownEndpoint
    return Endpoint(*row)


def change_endpoint(session: Session, endpoint_id: int, **changes: Any) -> Endpoint:
    """Change `url` or `topics`, or make it `active` again; raises UnknownEndpoint, BadEndpoint, EndpointTaken."""
    before = read_endpoint(session, endpoint_id)
    _check(changes.get("url", before.url), changes.get("topics", before.topics))
    if "url" in changes:
        _refuse_taken(session, changes["url"], own=endpoint_id)
    if "topics" in changes:
        changes["topics"] = sorted(set(changes["topics"]))
    if changes.get("status") == "active":
        changes |= {"disabled_reason": "", "failing_since": None}
    if changes:
        session.execute(update(WebhookEndpoint).where(*_own(session, endpoint_id)).values(**changes))
    return read_endpoint(session, endpoint_id)


def rotate_secret(session: Session, endpoint_id: int) -> Endpoint:
    """Sign with another secret from now on; raises UnknownEndpoint."""
    changed = update(WebhookEndpoint).where(*_own(session, endpoint_id))
    session.execute(changed.values(secret_version=WebhookEndpoint.secret_version + 1))
    return read_endpoint(session, endpoint_id)


def delete_endpoint(session: Session, endpoint_id: int) -> None:
    """Send nothing more there, not even what waits; raises UnknownEndpoint."""
    gone = delete(WebhookEndpoint).where(*_own(session, endpoint_id)).returning(WebhookEndpoint.id)
    if session.execute(gone).first() is None:
        raise UnknownEndpoint


def _own(session: Session, endpoint_id: int) -> tuple[Any, Any]:
    # Row level security says the same; a role that sees more must find no more.
    return WebhookEndpoint.id == endpoint_id, WebhookEndpoint.tenant_id == scope_of(session).tenant_id


def _refuse_taken(session: Session, url: str, *, own: int | None) -> None:
    taken = select(WebhookEndpoint.id).where(
        WebhookEndpoint.url == url, WebhookEndpoint.tenant_id == scope_of(session).tenant_id
    )
    found = session.execute(taken).scalar_one_or_none()
    if found is not None and found != own:
        raise EndpointTaken


def _check(url: str, topics: Sequence[str]) -> None:
    """Refuse what can never be sent; where the name leads is asked when something is sent, outside any transaction."""
    unknown = sorted(set(topics) - set(TOPICS))
    if unknown or not topics:
        raise BadEndpoint("topics", f"Choose among {', '.join(TOPICS)}.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port or 443
    except (ValueError, UnicodeError):
        raise BadEndpoint("url", "This is no address; it looks like https://app.example.com/webhooks.") from None
    if parts.scheme != "https" or not host or parts.username or parts.password or parts.fragment or len(url) > LONGEST:
        raise BadEndpoint("url", "An address begins with https:// and has no user name, password or fragment.")
    if port not in _PORTS:
        raise BadEndpoint("url", "Events are sent to port 443 or 8443.")
    if host == "localhost" or host.endswith(".localhost") or not _may_be_public(host):
        raise BadEndpoint("url", "The address must be on the public internet.")


def _may_be_public(host: str) -> bool:
    try:
        return is_public(ip_address(host))
    except ValueError:
        return True
