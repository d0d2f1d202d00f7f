"""Idempotency keys: a repeated POST gets the first answer; its row commits with the effect.

Same key with another body is 422, a key whose first request is still running is 409
(Stripe's semantics). Final answers of the 2xx and 4xx kind are kept for three days;
a 5xx is never kept, so that the client may try again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import Conflict, Invalid
from souk.kernel.models import IdempotencyKey

STALE_AFTER = timedelta(minutes=5)
RETENTION = timedelta(days=3)
MAX_KEY_LENGTH = 255


class KeyReused(Invalid):
    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used with another body; use a new key for a new request.")


class KeyInFlight(Conflict):
    code = "idempotency_key_in_flight"

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still running; ask again in a second.")


class KeyTooLong(Invalid):
    code = "idempotency_key_too_long"

    def __init__(self) -> None:
        super().__init__(f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} printable ASCII characters; use a UUID.")


@dataclass(frozen=True, slots=True)
class Key:
    """`subject` is who sent it, `endpoint` is `POST /path`; `body` is the raw request."""

    subject: str
    endpoint: str
    key: str
    body: bytes

    def __post_init__(self) -> None:
        if not (0 < len(self.key) <= MAX_KEY_LENGTH and self.key.isascii() and self.key.isprintable()):
            raise KeyTooLong

    @property
    def request_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    status_code: int
    body: bytes
    content_type: str


def claim(session: Session, key: Key) -> StoredAnswer | None:
    """Take the key, in a transaction of its own that commits at once; return the kept answer of an earlier request.

    Raises KeyReused and KeyInFlight. A claim older than five minutes belongs to a process that died and is taken over.
    """
    now = clock.now()
    values = {"subject": key.subject, "endpoint": key.endpoint, "key": key.key}
    fresh = insert(IdempotencyKey).values(**values, request_hash=key.request_hash, locked_at=now)
    if session.execute(fresh.on_conflict_do_nothing().returning(IdempotencyKey.id)).first():
        return None
    row = session.execute(
        select(
            IdempotencyKey.id,
            IdempotencyKey.request_hash,
            IdempotencyKey.locked_at,
            IdempotencyKey.status_code,
            IdempotencyKey.response_body,
            IdempotencyKey.content_type,
        )
        .filter_by(**values)
        .with_for_update()
    ).one()
    if row.request_hash != key.request_hash:
        raise KeyReused
    if row.status_code is not None:
        return StoredAnswer(row.status_code, row.response_body or b"", row.content_type)
    if row.locked_at is not None and row.locked_at > now - STALE_AFTER:
        raise KeyInFlight
    session.execute(update(IdempotencyKey).where(IdempotencyKey.id == row.id).values(locked_at=now))
    return None


def keep(session: Session, key: Key, answer: StoredAnswer) -> None:
    """Store the final answer; call it in the transaction of the effect where there is one."""
    session.execute(
        update(IdempotencyKey)
        .filter_by(subject=key.subject, endpoint=key.endpoint, key=key.key)
        .values(
            status_code=answer.status_code,
            response_body=answer.body,
            content_type=answer.content_type,
            locked_at=None,
        )
    )


def release(session: Session, key: Key) -> None:
    """Forget a claim whose request failed for a reason of ours."""
    session.execute(
        delete(IdempotencyKey)
        .filter_by(subject=key.subject, endpoint=key.endpoint, key=key.key)
        .where(IdempotencyKey.status_code.is_(None))
    )
