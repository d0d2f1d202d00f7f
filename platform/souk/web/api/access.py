"""Who is calling: a customer or an app, by bearer token of this shop."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from flask import request
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from souk.customers.sessions import customer_of_token
from souk.kernel import clock, ratelimit
from souk.kernel.errors import Forbidden, Unauthorized
from souk.kernel.models import ApiToken
from souk.kernel.tenancy import TenantScope
from souk.kernel.tokens import hash_token

CALLS_PER_MINUTE = 600
# A write for every read would make each read a write; five minutes is exact enough for a list of tokens.
USED_EVERY = timedelta(minutes=5)


class BadToken(Unauthorized):
    code = "invalid_token"

    def __init__(self) -> None:
        super().__init__(
            "The bearer token is missing, unknown to this shop, expired or revoked; sign in again for a fresh one."
        )


class MissingPermission(Forbidden):
    code = "missing_permission"

    def __init__(self, permission: str) -> None:
        super().__init__(f"This token lacks {permission}; make one that has it.", permission=permission)


def bearer() -> str:
    """Return the token of the Authorization header; raise BadToken without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise BadToken
    return token.strip()


def require_customer(session: Session, *, revoked: bool = False) -> int:
    """Return the id of the customer whose API token this is; `revoked`: or was, until it was revoked."""
    customer = customer_of_token(session, bearer(), "api", revoked=revoked)
    if customer is None:
        raise BadToken
    return customer.id


def require_app(session: Session, permission: str) -> int:
    """Return the id of the token that the shop issued with `permission` (or with `*`); writing holds reading."""
    now = clock.now()
    found = session.execute(
        select(ApiToken.id, ApiToken.scopes, ApiToken.last_used_at).where(
            ApiToken.token_hash == hash_token(bearer()),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
        )
    ).first()
    if found is None:
        raise BadToken
    if not allows(found.scopes, permission):
        raise MissingPermission(permission)
    if found.last_used_at is None or found.last_used_at < now - USED_EVERY:
        session.execute(update(ApiToken).where(ApiToken.id == found.id).values(last_used_at=now))
    token_id: int = found.id
    return token_id


def allows(scopes: Collection[str], permission: str) -> bool:
    """Tell whether a token with these scopes may; writing holds reading."""
    return not {permission, permission.replace("read_", "write_", 1), "*"}.isdisjoint(scopes)


def count_call(scope: TenantScope, token_id: int) -> None:
    """Raise RateLimited after 600 requests of one token within a minute; no transaction may wait for it."""
    key = f"admin-api:{scope.tenant_id}:{token_id}"
    ratelimit.limit(key, attempts=CALLS_PER_MINUTE, seconds=60, pod=scope.pod)
