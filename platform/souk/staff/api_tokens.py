"""Issue, list and revoke the tokens with which apps call a shop's admin API."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import Invalid, NotFound
from souk.kernel.models import ApiToken
from souk.kernel.tokens import hash_token, new_token

MAX_NAME = 80


class BadTokenRequest(Invalid):
    code = "invalid_token_request"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class UnknownToken(NotFound):
    code = "unknown_token"

    def __init__(self) -> None:
        super().__init__("This shop has no such working token; it may have been revoked already.")


@dataclass(frozen=True, slots=True)
class TokenRecord:
    id: int
    name: str
    scopes: Sequence[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None

    @property
    def status(self) -> str:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= clock.now() else "active"


def issue_token(
    session: Session, name: str, scopes: Collection[str], *, known: Collection[str], expires_at: datetime | None = None
) -> str:
    """Return the secret of a new token, which nobody can read again; raises BadTokenRequest.

    `known` are the scopes that exist.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise BadTokenRequest("name", f"Give the token a name of 1 to {MAX_NAME} characters, such as the app's.")
    if not scopes or not set(scopes) <= set(known):
        raise BadTokenRequest("scopes", "Tick at least one thing that the token may do.")
    secret = new_token("souk_")
    row = {"name": name, "token_hash": hash_token(secret), "scopes": sorted(set(scopes)), "expires_at": expires_at}
    session.execute(insert(ApiToken).values(**row, created_at=clock.now()))
    return secret


def list_tokens(session: Session) -> list[TokenRecord]:
    """Return every token of the shop, newest first."""
    columns = (
        ApiToken.id, ApiToken.name, ApiToken.scopes, ApiToken.created_at, ApiToken.last_used_at, ApiToken.expires_at,
        ApiToken.revoked_at,
    )  # fmt: skip
    return [TokenRecord(*row) for row in session.execute(select(*columns).order_by(ApiToken.id.desc()))]


def revoke_token(session: Session, token_id: int) -> None:
    """End a token at once; raises UnknownToken."""
    ended = update(ApiToken).where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
    if session.execute(ended.values(revoked_at=clock.now()).returning(ApiToken.id)).first() is None:
        raise UnknownToken
