"""PostgreSQL and Redis of every pod: whether they answer, and whether the application may do only what it should."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import redis
from sqlalchemy.engine import make_url

from cli.doctor.finding import Finding, ok, warning, wrong
from souk.kernel.connections import Pod, admin_connection, pod, redis_of
from souk.kernel.tenancy import DEFAULT_POD
from tenants.pods import pod_names

OLDEST_POSTGRES = 160000
TIMEOUT_SECONDS = 5
START = "souk up   (or set DATABASE_URL, DATABASE_ADMIN_URL and REDIS_URL)"


def check_configuration() -> Iterator[Finding]:
    """The first question: without addresses nothing else can be asked."""
    here = pod(DEFAULT_POD)
    missing = [
        name
        for name, value in (
            ("DATABASE_URL", here.database_url),
            ("DATABASE_ADMIN_URL", here.database_admin_url),
            ("REDIS_URL", here.redis_url),
        )
        if not value
    ]
    if missing:
        yield wrong(f"No platform runs here, and {', '.join(missing)} is not set.", START)


def check_owner() -> Iterator[Finding]:
    """The login that makes shops and migrates them."""
    try:
        with admin_connection(DEFAULT_POD) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        yield wrong(f"PostgreSQL does not answer: {_line(error)}", START)
        return
    shown = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version < OLDEST_POSTGRES:
        yield wrong(f"{shown} is too old.", "Move the database to PostgreSQL 16 or newer.")
    else:
        yield ok(f"{shown} answers.")


def check_logins() -> Iterator[Finding]:
    """The application's login: a superuser would see every shop, whatever role it takes on."""
    for name in pod_names():
        address = pod(name)
        try:
            powerful = _is_powerful(address)
        except psycopg.OperationalError as error:
            yield wrong(f"Pod {name}: the application cannot sign in: {_line(error)}", "souk migrate")
            continue
        if powerful:
            cure = "Give DATABASE_URL a login of its own, such as souk_app; `souk migrate` makes the role."
            yield wrong(f"Pod {name}: the application signs in as a superuser.", cure)
        else:
            yield ok(f"Pod {name}: the application signs in without rights of its own.")


def check_redis() -> Iterator[Finding]:
    for name in pod_names():
        try:
            redis_of(name).ping()
            policy = _eviction(name)
        except redis.RedisError as error:
            yield wrong(f"Pod {name}: Redis does not answer: {error}", START)
            continue
        if policy not in {"noeviction", "unknown"}:
            cure = "redis-cli CONFIG SET maxmemory-policy noeviction"
            yield warning(f"Pod {name}: Redis drops keys when it is full ({policy}); jobs would wait longer.", cure)
        else:
            yield ok(f"Pod {name}: Redis answers.")


def _is_powerful(address: Pod) -> bool:
    dsn = make_url(address.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, prepare_threshold=None, connect_timeout=TIMEOUT_SECONDS) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = session_user"
        ).fetchone()
    return bool(row and row[0])


def _eviction(name: str) -> str:
    try:
        found = redis_of(name).config_get("maxmemory-policy")
    except redis.ResponseError:  # hosted services forbid CONFIG
        return "unknown"
    return str(found.get("maxmemory-policy", "unknown")) if isinstance(found, dict) else "unknown"


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
