"""An app that calls a shop's admin API."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert
from werkzeug.test import TestResponse

from souk.kernel.db import transaction
from souk.kernel.models import ApiToken
from souk.kernel.tokens import hash_token, new_token
from tests.fixtures.stores import Store, read

PREFIX = "/api/v1/admin"


class App:
    """`get`, `post` and so on answer (status, JSON)."""

    def __init__(self, store: Store, *scopes: str) -> None:
        self.store = store
        self.token = new_token("souk_")
        with transaction(store.scope) as session:
            row = insert(ApiToken).values(name="app", token_hash=hash_token(self.token), scopes=list(scopes))
            self.token_id: int = session.execute(row.returning(ApiToken.id)).scalar_one()

    def send(self, method: str, path: str, body: Any = None, key: str = "") -> TestResponse:
        return self.store.call(method, PREFIX + path, body, token=self.token, key=key)

    def get(self, path: str) -> tuple[int, Any]:
        return self._answer("GET", path)

    def post(self, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        return self._answer("POST", path, body, key)

    def patch(self, path: str, body: Any, key: str = "") -> tuple[int, Any]:
        return self._answer("PATCH", path, body, key)

    def put(self, path: str, body: Any) -> tuple[int, Any]:
        return self._answer("PUT", path, body)

    def delete(self, path: str) -> tuple[int, Any]:
        return self._answer("DELETE", path)

    def _answer(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        response = self.send(method, path, body, key)
        return response.status_code, read(response)
