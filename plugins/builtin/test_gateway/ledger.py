"""The gateway's own memory: an outside world that remembers charges when we forget them."""

# ruff: noqa: S608 - what is put into the statements are constants of this module
from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

BUSY_SECONDS = 10.0

_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS charges (
  key TEXT PRIMARY KEY, amount INTEGER NOT NULL, currency TEXT NOT NULL,
  status TEXT NOT NULL, error_code TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS captures (
  key TEXT PRIMARY KEY, charge_key TEXT NOT NULL REFERENCES charges (key), amount INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refunds (
  key TEXT PRIMARY KEY, charge_key TEXT NOT NULL REFERENCES charges (key), amount INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS methods (
  reference TEXT PRIMARY KEY, customer TEXT NOT NULL, token TEXT NOT NULL, charge_key TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
# What was taken of a charge: all of a captured one, the captures of one that was authorized first.
_TAKEN = "(SELECT COALESCE(SUM(amount), 0) FROM captures WHERE charge_key = c.key)"
_GIVEN = "(SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE charge_key = c.key AND key <> ?)"


@dataclass(frozen=True, slots=True)
class Charge:
    """`captured` and `refunded` are sums of what moved, in minor units."""

    key: str
    amount: int
    currency: str
    status: str
    error_code: str
    captured: int = 0
    refunded: int = 0


class Ledger:
    """Charges, captures and refunds in one SQLite file, shared by web and worker."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as database:
            database.executescript(_SCHEMA)

    def insert(self, charge: Charge) -> Charge:
        """Keep a charge; a key that is known keeps its first one, which is returned."""
        with self._open() as database:
            database.execute(
                "INSERT OR IGNORE INTO charges (key, amount, currency, status, error_code) VALUES (?, ?, ?, ?, ?)",
                (charge.key, charge.amount, charge.currency, charge.status, charge.error_code),
            )
            _take_captured(database, charge.key)
            return _read(database, charge.key) or charge

    def find(self, key: str) -> Charge | None:
        with self._open() as database:
            return _read(database, key)

    def advance(self, key: str, status: str, error_code: str = "", *, before: str = "requires_action") -> Charge | None:
        """Move a charge on from the status `before`; any other, and one that has ended, stays as it is."""
        with self._open() as database:
            database.execute(
                "UPDATE charges SET status = ?, error_code = ? WHERE key = ? AND status = ?"
                " AND status NOT IN ('captured', 'failed', 'canceled')",
                (status, error_code, key, before),
            )
            _take_captured(database, key)
            return _read(database, key)

    def capture(self, charge_key: str, amount: int, key: str, *, final: bool) -> bool:
        """Take at most what is authorized; the same `key` is the same capture."""
        with self._open() as database:
            database.execute(
                "INSERT OR IGNORE INTO captures (key, charge_key, amount)"
                f" SELECT ?, c.key, ? FROM charges c WHERE c.key = ? AND c.status = 'authorized'"
                f" AND c.amount >= ? + {_TAKEN}",
                (key, amount, charge_key, amount),
            )
            taken = database.execute("SELECT 1 FROM captures WHERE key = ?", (key,)).fetchone() is not None
            if taken:
                database.execute(
                    "UPDATE charges AS c SET status = 'captured' WHERE key = ? AND status = 'authorized'"
                    f" AND (? OR amount = {_TAKEN})",
                    (charge_key, final),
                )
            return taken

    def refund(self, charge_key: str, amount: int, key: str) -> bool:
        """Give back at most what was taken; the same `key` is the same refund."""
        with self._open() as database:
            database.execute(
                "INSERT OR IGNORE INTO refunds (key, charge_key, amount)"
                f" SELECT ?, c.key, ? FROM charges c WHERE c.key = ? AND {_TAKEN} >= ? + {_GIVEN}",
                (key, amount, charge_key, amount, key),
            )
            return database.execute("SELECT 1 FROM refunds WHERE key = ?", (key,)).fetchone() is not None

    def captured(self, key_prefix: str) -> list[int]:
        """Return what was taken of each charge whose key begins like this: what buyers really paid."""
        with self._open() as database:
            rows = database.execute(
                f"SELECT {_TAKEN} AS taken FROM charges c WHERE substr(key, 1, ?) = ? AND taken > 0 ORDER BY key",
                (len(key_prefix), key_prefix),
            )
            return [amount for (amount,) in rows]

    def keys(self, prefix: str) -> list[str]:
        """Return the keys of all charges that begin like this."""
        with self._open() as database:
            rows = database.execute("SELECT key FROM charges WHERE substr(key, 1, ?) = ?", (len(prefix), prefix))
            return [key for (key,) in rows]

    def keep_method(self, charge_key: str, customer: str, token: str) -> None:
        """Keep what a charge was paid with; a repeated charge keeps it once."""
        with self._open() as database:
            database.execute(
                "INSERT OR IGNORE INTO methods (reference, customer, token, charge_key) VALUES (?, ?, ?, ?)",
                (f"tm_{secrets.token_hex(8)}", customer, token, charge_key),
            )

    def method_of(self, charge_key: str) -> tuple[str, str] | None:
        """Return (reference, customer) of the method that was kept with a charge."""
        with self._open() as database:
            row = database.execute("SELECT reference, customer FROM methods WHERE charge_key = ?", (charge_key,))
            found = row.fetchone()
            return None if found is None else (str(found[0]), str(found[1]))

    def token_of(self, reference: str, customer: str) -> str:
        """Return what a customer's kept method behaves like, empty for one that is not theirs or was forgotten."""
        with self._open() as database:
            row = database.execute(
                "SELECT token FROM methods WHERE reference = ? AND customer = ?", (reference, customer)
            ).fetchone()
            return str(row[0]) if row is not None else ""

    def forget_method(self, reference: str) -> None:
        with self._open() as database:
            database.execute("DELETE FROM methods WHERE reference = ?", (reference,))

    def webhook_secret(self) -> str:
        """Return what the gateway signs its messages with, made at first use."""
        with self._open() as database:
            database.execute(
                "INSERT OR IGNORE INTO secrets (name, value) VALUES ('webhook', ?)", (secrets.token_hex(32),)
            )
            return str(database.execute("SELECT value FROM secrets WHERE name = 'webhook'").fetchone()[0])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS)) as database, database:
            # A lost test charge after a power cut is no loss; a sync for each one would slow every buyer.
            database.execute("PRAGMA synchronous = OFF")
            yield database


def _take_captured(database: sqlite3.Connection, key: str) -> None:
    """Keep one capture of the whole for a charge that was captured without being authorized first."""
    database.execute(
        "INSERT OR IGNORE INTO captures (key, charge_key, amount) SELECT key || '-whole', key, amount FROM charges"
        " WHERE key = ? AND status = 'captured' AND NOT EXISTS (SELECT 1 FROM captures WHERE charge_key = charges.key)",
        (key,),
    )


def _read(database: sqlite3.Connection, key: str) -> Charge | None:
    row = database.execute(
        f"SELECT key, amount, currency, status, error_code, {_TAKEN}, {_GIVEN} FROM charges c WHERE key = ?",
        ("", key),
    ).fetchone()
    return None if row is None else Charge(*row)
