"""Statements that are compiled once and run on the driver, below SQLAlchemy's Session.

A Session composes, looks up, binds and wraps a statement anew each time: 0.4 ms of processor time for a small one,
of which the driver needs 0.1. What every page and every checkout sends is therefore a `Statement`: written as a
Core expression, so that names and types stay checked, and kept as text with numbered parameters.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import psycopg
from sqlalchemy import ARRAY, ClauseElement, Connection
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

T = TypeVar("T")
# Numbered parameters spare the driver the search for named ones.
_DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_DRIVER = "driver"
# The dialect asks for the type number of a result where it is a number: this is the one that arrives as a Decimal.
_NUMERIC_OID = 1700


class NotForTheDriverError(TypeError):
    """The statement needs SQLAlchemy at each run: an IN of changing length, or a type that it converts itself."""


@dataclass(frozen=True, slots=True)
class _Driver:
    connection: Connection
    cursor: psycopg.RawCursor[tuple[Any, ...]]


def open_driver(session: Session, connection: Connection) -> None:
    """Let statements of `session` run on its connection; one cursor serves all of them, since each is read at once."""
    driver = cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)
    session.info[_DRIVER] = _Driver(connection, psycopg.RawCursor(driver))


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`names` are those of $1, $2, ...; `binders` turn a value into what the driver takes; `defaults` make values."""

    text: str
    names: Sequence[str]
    known: frozenset[str]
    fixed: Mapping[str, Any]
    defaults: Mapping[str, Callable[[], Any]]
    binders: Mapping[str, Callable[[Any], Any]]
    into: Callable[[Sequence[Any]], Any]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        values = {**self.fixed, **given}
        for name, make in self.defaults.items():
            if name not in values:
                values[name] = make()
        if values.keys() != self.known:
            raise TypeError(f"The statement takes {sorted(self.names)} and was given {sorted(values)}.")
        for name, bind in self.binders.items():
            values[name] = bind(values[name])
        return [values[name] for name in self.names]


class Statement(Generic[T]):
    """One statement, sent by `all`, `first`, `one`, `scalar` or `run` with the values of its bind parameters.

    Rows are named tuples, or what `into` makes of their columns. `columns` are those that an insert or update
    without values of its own is given; others get the default that Python has for them. A list goes in as one
    array: `= ANY(...)` instead of IN.
    """

    def __init__(
        self, source: ClauseElement, into: Callable[..., T] | None = None, columns: Sequence[str] = ()
    ) -> None:
        self._source = source
        self._into = into
        self._columns = columns
        self._compiled: _Compiled | None = None

    def all(self, session: Session, **values: Any) -> list[T]:
        cursor, into = self._send(session, values)
        return [into(row) for row in cursor.fetchall()]

    def first(self, session: Session, **values: Any) -> T | None:
        cursor, into = self._send(session, values)
        row = cursor.fetchone()
        return None if row is None else into(row)

    def one(self, session: Session, **values: Any) -> T:
        """Return the row that must be there; raises LookupError without one."""
        found = self.first(session, **values)
        if found is None:
            raise LookupError("No row, where the statement must find one.")
        return found

    def scalar(self, session: Session, **values: Any) -> Any:
        """Return the first column of the first row, None without one."""
        row = self._send(session, values)[0].fetchone()
        return None if row is None else row[0]

    def run(self, session: Session, **values: Any) -> int:
        """Send it and return how many rows it wrote."""
        return self._send(session, values)[0].rowcount

    def _send(
        self, session: Session, given: Mapping[str, Any]
    ) -> tuple[psycopg.RawCursor[tuple[Any, ...]], Callable[[Sequence[Any]], T]]:
        if self._compiled is None:
            self._compiled = _compile(self._source, self._into, self._columns)
        compiled, driver = self._compiled, cast("_Driver", session.info[_DRIVER])
        # Whoever watches the statements of an engine sees these too: the tests count them and die before them.
        for listener in driver.connection.engine.dispatch.before_cursor_execute:
            listener(driver.connection, driver.cursor, compiled.text, (), None, False)
        try:
            driver.cursor.execute(compiled.text, compiled.values(given))
        except psycopg.Error as error:
            raise _wrapped(error, compiled.text) from error
        return driver.cursor, compiled.into


def _wrapped(error: psycopg.Error, statement: str) -> DBAPIError:
    # Everybody handles SQLAlchemy's form of the driver's errors, which shows no values either.
    return cast(
        "DBAPIError",
        DBAPIError.instance(statement, None, error, psycopg.Error, hide_parameters=True, dialect=_DIALECT),
    )


def _compile(source: ClauseElement, into: Callable[..., Any] | None, columns: Sequence[str]) -> _Compiled:
    compiled = cast("SQLCompiler", source.compile(dialect=_DIALECT, column_keys=list(columns) or None))
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise NotForTheDriverError(f"This statement has an IN or a literal that changes: {compiled}")
    fixed, binders, defaults = {}, {}, _defaults(compiled)
    for bind, name in compiled.bind_names.items():
        if bind.callable is not None:
            defaults[name] = bind.callable
        elif not bind.required:
            fixed[name] = bind.value
        binder = bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
        if binder is not None:
            binders[name] = binder
    return _Compiled(
        text=compiled.string,
        names=compiled.positiontup or (),
        known=frozenset(compiled.positiontup or ()),
        fixed={name: value for name, value in fixed.items() if name not in defaults},
        defaults=defaults,
        binders=binders,
        into=_maker(compiled, into),
    )


def _defaults(compiled: SQLCompiler) -> dict[str, Callable[[], Any]]:
    return {
        column.key: _default(column.default if compiled.isinsert else column.onupdate)
        for column in [*compiled.insert_prefetch, *compiled.update_prefetch]
    }


def _default(default: Any) -> Callable[[], Any]:
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def _maker(compiled: SQLCompiler, into: Callable[..., Any] | None) -> Callable[[Sequence[Any]], Any]:
    columns = compiled._result_columns  # noqa: SLF001 - the only list of them for every kind of statement
    for column in columns:
        kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
        if kind.dialect_impl(_DIALECT).result_processor(_DIALECT, _NUMERIC_OID) is not None:
            raise NotForTheDriverError(f"{column.keyname} has a type that SQLAlchemy converts.")
    if into is not None:
        return lambda row: into(*row)
    if not columns:
        return tuple
    names = [column.keyname for column in columns]
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - its names are data
    return cast("Callable[[Sequence[Any]], Any]", row._make)
