"""The one function that opens transactions, and the bases that models derive from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

import psycopg
import psycopg.errors
import structlog
from sqlalchemy import Connection, MetaData, RootTransaction, UpdateBase
from sqlalchemy.orm import DeclarativeBase, Session

from souk.kernel.columns import TYPES
from souk.kernel.configuration import SQL as CONFIGURATION
from souk.kernel.configuration import keep_sent
from souk.kernel.connections import engine_of
from souk.kernel.errors import SoukError, Unavailable
from souk.kernel.statement import open_driver
from souk.kernel.tenancy import Scope

T = TypeVar("T")
log = structlog.get_logger(__name__)

STATEMENT_TIMEOUT_MS = 5_000
LOCK_TIMEOUT_MS = 2_000
IDLE_TIMEOUT_MS = 10_000
# 0.22-0.83 MB of backend memory per tenant touched: 300 keeps a backend below about 70 MB.
TENANTS_PER_CONNECTION = 300

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class TenantBase(DeclarativeBase):
    """Tables that every shop's schema has; they name no schema, the search path does."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = TYPES


class ControlBase(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMING, schema="control")
    type_annotation_map = TYPES


class PodBase(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMING, schema="pod")
    type_annotation_map = TYPES


class NoScope(SoukError):
    status = 500
    code = "no_scope"

    def __init__(self) -> None:
        super().__init__(
            "A transaction needs a scope; take it from the resolved host, the job or `tenants.queries.scope_of`."
        )


class NetworkInsideTransaction(SoukError):
    status = 500
    code = "network_inside_transaction"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was called while a transaction is open; finish the transaction first.")


class DatabaseBusy(Unavailable):
    code = "database_busy"

    def __init__(self) -> None:
        super().__init__("The database is busy; nothing was changed. Try again in a moment.")


class SchemaBehind(Unavailable):
    """A table or column is not there yet: the shop waits for `souk migrate`, and this code came before it."""

    code = "shop_being_updated"

    def __init__(self) -> None:
        super().__init__(
            "This part of the shop is being updated; nothing was changed. Try again in a minute.", retry_after=60
        )


_depth: ContextVar[int] = ContextVar("open_transactions", default=0)


class TenantSession(Session):
    """Sends insert, update and delete straight to the connection.

    Nobody keeps mapped objects here, so the ORM's search for objects to bring up to date finds
    nothing and costs a third of a small statement.
    """

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        if isinstance(statement, UpdateBase) and not options:
            return self.connection().execute(statement, params)
        return super().execute(statement, params, **options)


@contextmanager
def transaction(
    scope: Scope,
    *,
    read_only: bool = False,
    durable: bool = True,
    configured: bool = False,
    timeout_ms: int = STATEMENT_TIMEOUT_MS,
) -> Iterator[Session]:
    """Run the block in one transaction of `scope`; commit at its end, roll back when it raises.

    `durable=False` does not wait for the disk: a power cut within the next second may take the
    change with it, never a part of it. For carts, whose browser knows what it asked for.
    `configured=True` reads the shop's settings and plugins in the message that begins, for a block that needs them.

    Only an edge calls this: a request, a job, a command. Work that must wait for
    the commit is handed to `after_commit`. Lock and statement time-outs become
    `DatabaseBusy`, a missing table or column `SchemaBehind`; an edge answers both with 503.
    """
    if not isinstance(scope, Scope):
        raise NoScope
    token = _depth.set(_depth.get() + 1)
    callbacks: list[Callable[[], None]]
    try:
        message = _beginning(scope, read_only=read_only, durable=durable, timeout_ms=timeout_ms)
        with engine_of(scope.pod).connect() as connection:
            begun, ending = _begin(connection, f"{message}; {CONFIGURATION}" if configured else message)
            with ending, TenantSession(bind=connection, autoflush=False, expire_on_commit=False) as session:
                session.info["scope"] = scope
                open_driver(session, connection)
                if configured:
                    keep_sent(session, begun)
                callbacks = session.info["after_commit"] = []
                yield session
                session.flush()
            _recycle(connection, scope)
    except Exception as error:
        if _is_busy(error):
            raise DatabaseBusy from error
        if _is_behind(error):
            log.warning("schema_behind", schema=scope.search_path, error=str(getattr(error, "orig", error)))
            raise SchemaBehind from error
        raise
    finally:
        _depth.reset(token)
    for callback in callbacks:
        callback()


def _beginning(scope: Scope, *, read_only: bool, durable: bool, timeout_ms: int) -> str:
    mode = " READ ONLY" if read_only else ""
    message = (
        f"BEGIN{mode}; SET LOCAL ROLE {scope.role}; SET LOCAL search_path TO {scope.search_path};"
        f" SET LOCAL souk.tenant_id = '{scope.tenant_id}'; SET LOCAL statement_timeout = {int(timeout_ms)};"
        f" SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS};"
        f" SET LOCAL idle_in_transaction_session_timeout = {IDLE_TIMEOUT_MS}"
    )
    return message if durable else f"{message}; SET LOCAL synchronous_commit = off"


def _begin(connection: Connection, message: str) -> tuple[psycopg.Cursor[Any], RootTransaction]:
    """Send `message`; returns what it read, and the transaction, which ends as a context."""
    begun = connection.begin()
    try:
        return _send(connection, message), begun
    except psycopg.errors.InsufficientPrivilege:
        # A server process that lists the roles it may take while a shop's is granted may go on without the new one
        # until the next grant to anybody: the list is remembered after it was called out of date. A new one reads anew.
        connection.invalidate()
        begun.rollback()
    begun = connection.begin()
    return _send(connection, message), begun


def _send(connection: Connection, message: str) -> psycopg.Cursor[Any]:
    # One simple-protocol message: no extra round trip, and SET LOCAL ends with the transaction,
    # so that nothing leaks to the next user of the connection or through PgBouncer.
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    return driver.execute(message.encode())


def _recycle(connection: Connection, scope: Scope) -> None:
    seen: set[int] = connection.info.setdefault("tenants", set())
    seen.add(scope.tenant_id)
    if len(seen) > TENANTS_PER_CONNECTION:
        connection.invalidate()


def _is_busy(error: Exception) -> bool:
    cause = getattr(error, "orig", error)
    return isinstance(cause, psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled)


def _is_behind(error: Exception) -> bool:
    cause = getattr(error, "orig", error)
    return isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn)


def read_at_any_version(scope: Scope, read: Callable[[Session], T], before: Callable[[Session], T]) -> T:
    """Return what `read` finds in a transaction of its own, and what `before` finds in a shop that is a version behind.

    Code serves a shop before its migration too: what the version before knew nothing of is then passed over. A shop
    that is up to date pays nothing for it.
    """
    try:
        with transaction(scope, read_only=True) as session:
            return read(session)
    except SchemaBehind:
        with transaction(scope, read_only=True) as session:
            return before(session)


def after_commit(session: Session, callback: Callable[[], None]) -> None:
    """Run `callback` once the transaction of `session` has committed; it is dropped on rollback."""
    session.info["after_commit"].append(callback)


def scope_of(session: Session) -> Scope:
    """Return the scope a session was opened with."""
    return cast("Scope", session.info["scope"])


def refuse_inside_transaction(what: str) -> None:
    """Raise NetworkInsideTransaction when this context holds a transaction: no row lock may wait for a network."""
    if _depth.get():
        raise NetworkInsideTransaction(what)
