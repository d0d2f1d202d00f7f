"""Tell a supervisor whether this process lives and whether what it needs answers; on every host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import redis
from flask import Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from souk.kernel.connections import redis_of
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.web.surfaces import SURFACES

Check = Callable[[], object]
_FAILURES = (SQLAlchemyError, psycopg.Error, redis.RedisError, SoukError, OSError)


def check_postgres() -> None:
    with transaction(control_scope(), read_only=True) as session:
        session.execute(text("SELECT 1 FROM control.tenants LIMIT 1"))


def check_redis() -> None:
    redis_of().ping()


def init_health(app: Flask, needed: Mapping[str, Check], optional: Mapping[str, Check]) -> None:
    """Add /healthz and /readyz; a failing optional check is shown and does not make the process unready."""

    def healthz() -> Response:
        return jsonify(status="ok")

    def readyz() -> tuple[Response, int]:
        found = {name: _state(check) for name, check in {**needed, **optional}.items()}
        ready = all(found[name]["status"] == "ok" for name in needed)
        return jsonify(status="ready" if ready else "unready", checks=found), 200 if ready else 503

    for surface in SURFACES:
        app.add_url_rule("/healthz", "healthz", healthz, subdomain=surface)
        app.add_url_rule("/readyz", "readyz", readyz, subdomain=surface)


def _state(check: Check) -> dict[str, Any]:
    try:
        check()
    except _FAILURES as error:
        return {"status": "down", "error": type(error).__name__}
    return {"status": "ok"}
