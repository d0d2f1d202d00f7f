"""The only module that builds connections: pod -> Postgres, Redis.

Prepared statements are off: they break under PgBouncer's transaction mode, and a
change of search_path forces a new plan anyway.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import psycopg
import redis
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from souk.kernel.config import config
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import DEFAULT_POD

POOL_SIZE = 4
POOL_OVERFLOW = 8
# A backend keeps 0.2-0.8 MB for every tenant it has touched and frees it only by ending.
RECYCLE_SECONDS = 900
CONNECT_TIMEOUT_SECONDS = 5
REDIS_TIMEOUT_SECONDS = 2.0

_lock = threading.Lock()
_engines: dict[str, Engine] = {}
_redis: dict[str, redis.Redis] = {}
_pods: dict[str, Pod] = {}


class UnknownPod(SoukError):
    status = 500
    code = "unknown_pod"

    def __init__(self, name: str) -> None:
        super().__init__(f"No pod is called {name!r}; `souk pod list` shows the pods and `souk pod add` makes one.")


class NotConfigured(SoukError):
    status = 500
    code = "not_configured"

    def __init__(self, variable: str) -> None:
        super().__init__(f"{variable} is not set; set it, or start with `souk up`, which brings its own services.")


@dataclass(frozen=True, slots=True)
class Pod:
    """Where one pod's stores are. Empty `redis_url` means the default pod's Redis."""

    name: str
    database_url: str
    database_admin_url: str
    redis_url: str


def pod(name: str) -> Pod:
    """Return a pod's addresses; pods other than the default one stand in control.pods."""
    if name == DEFAULT_POD:
        settings = config()
        return Pod(name, settings.database_url, settings.database_admin_url, settings.redis_url)
    if name not in _pods:
        _pods[name] = _read_pod(name)
    return _pods[name]


def _read_pod(name: str) -> Pod:
    with admin_connection(DEFAULT_POD) as connection:
        row = connection.execute(
            "SELECT database_url, database_admin_url, redis_url FROM control.pods WHERE name = %s", (name,)
        ).fetchone()
    if row is None:
        raise UnknownPod(name)
    return Pod(name, row[0], row[1], row[2])


def engine_of(pod_name: str) -> Engine:
    """Return the pooled engine of a pod, in driver autocommit: `kernel.db` sends BEGIN itself."""
    with _lock:
        if pod_name not in _engines:
            _engines[pod_name] = _build_engine(pod(pod_name).database_url)
        return _engines[pod_name]


def _build_engine(url: str) -> Engine:
    if not url:
        raise NotConfigured("DATABASE_URL")
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_recycle=RECYCLE_SECONDS,
        pool_use_lifo=True,
        # An error's text reaches logs and the outbox; the values of its statement may be secrets.
        hide_parameters=True,
        connect_args={"prepare_threshold": None, "connect_timeout": CONNECT_TIMEOUT_SECONDS},
    )


def admin_connection(pod_name: str) -> psycopg.Connection:
    """Open a connection as the owner of all schemas: for migrations and provisioning only."""
    url = pod(pod_name).database_admin_url
    if not url:
        raise NotConfigured("DATABASE_ADMIN_URL")
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(dsn, prepare_threshold=None, connect_timeout=CONNECT_TIMEOUT_SECONDS)


def redis_of(pod_name: str = DEFAULT_POD) -> redis.Redis:
    """Return the Redis client of a pod; every call on it may raise redis.RedisError."""
    url = pod(pod_name).redis_url or pod(DEFAULT_POD).redis_url
    if not url:
        raise NotConfigured("REDIS_URL")
    with _lock:
        if url not in _redis:
            _redis[url] = redis.Redis.from_url(
                url, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS
            )
        return _redis[url]


def dispose() -> None:
    """Close every connection of this process: after a fork, and between tests that swap the services."""
    with _lock:
        for engine in _engines.values():
            engine.dispose()
        for client in _redis.values():
            client.close()
        _engines.clear()
        _redis.clear()
        _pods.clear()
