"""Give a repeated POST its first answer; remember how far an interrupted one came."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.idempotency import Key, StoredAnswer, claim, keep, release
from souk.kernel.models import IdempotencyKey
from souk.kernel.tenancy import TenantScope
from souk.web.api.sealing import seal, unseal

REPLAYED = "Idempotency-Replayed"


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """`subject` is who sent it, `endpoint` is `POST /path`, `body` is what was sent."""

    subject: str
    endpoint: str
    key: str
    body: bytes


class Replay:
    """One claimed key with the body of its request."""

    def __init__(self, scope: TenantScope, request: KeyedRequest, *, secret: bool) -> None:
        self._scope = scope
        self._body = request.body
        self._secret = secret
        # A body may hold a password, and a plain hash of it could be guessed from a copy of the database.
        digest = hmac.digest(config().secret_key.encode(), request.body, hashlib.sha256)
        self._key = Key(request.subject, request.endpoint, request.key, digest)
        self.resumed = ""

    def first_answer(self) -> Response | None:
        """Claim the key; return the kept answer of an earlier request."""
        with transaction(self._scope) as session:
            stored = claim(session, self._key)
            if stored is None:
                self.resumed = self._progress(session)
                return None
        body = unseal(stored.body, self._body) if self._secret else stored.body
        response = Response(body, status=stored.status_code, content_type=stored.content_type)
        response.headers[REPLAYED] = "true"
        return response

    def checkpoint(self, progress: str) -> None:
        """Note what a later run must take up again, such as a checkout that may have been paid."""
        with transaction(self._scope) as session:
            session.execute(update(IdempotencyKey).filter_by(**self._row).values(response_body=progress.encode()))

    def keep_with_effect(self, session: Session, response: Response) -> None:
        """Store the answer in the transaction of its effect: both stand or neither."""
        body = response.get_data()
        sealed = seal(body, self._body) if self._secret else body
        keep(session, self._key, StoredAnswer(response.status_code, sealed, response.content_type or ""))

    def settle(self, response: Response) -> None:
        """Keep a final answer; forget the claim where trying again may help."""
        retry = response.status_code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}
        with transaction(self._scope) as session:
            if retry or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                release(session, self._key)
            else:
                self.keep_with_effect(session, response)

    def keep_open(self) -> None:
        """Let the next request with this key take up the noted checkout at once, instead of beginning a second one."""
        with transaction(self._scope) as session:
            session.execute(update(IdempotencyKey).filter_by(**self._row).values(locked_at=None))

    @property
    def _row(self) -> dict[str, str]:
        return {"subject": self._key.subject, "endpoint": self._key.endpoint, "key": self._key.key}

    def _progress(self, session: Session) -> str:
        query = select(IdempotencyKey.response_body).filter_by(**self._row)
        return (session.execute(query).scalar_one_or_none() or b"").decode()
