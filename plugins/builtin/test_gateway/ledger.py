"""The gateway's own memory: an outside world that remembers charges when we forget them."""

from __future__ import annotations

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
CREATE TABLE IF NOT EXISTS refunds (
  key TEXT PRIMARY KEY, charge_key TEXT NOT NULL REFERENCES charges (key), amount INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Charge:
    key: str
    amount: int
    currency: str
    status: str
    error_code: str


class Ledger:
    """Charges and refunds in one SQLite file, shared by web and worker."""

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
            return _read(database, charge.key) or charge

    def find(self, key: str) -> Charge | None:
        with self._open() as database:
            return _read(database, key)

    def advance(self, key: str, status: str, error_code: str = "") -> Charge | None:
        """Move a charge on from `requires_action`; any other stays as it is."""
        with self._open() as database:
            database.execute(
                "UPDATE charges SET status = ?, error_code = ? WHERE key = ? AND status = 'requires_action'",
                (status, error_code, key),
            )
            return _read(database, key)

    def refund(self, charge_key: str, amount: int, key: str) -> bool:
        """Give back at most what was captured; the same `key` is the same refund."""
        with self._open() as database:
            database.execute(
                "INSERT OR IGNORE INTO refunds (key, charge_key, amount)"
                " SELECT ?, c.key, ? FROM charges c WHERE c.key = ? AND c.status = 'captured' AND c.amount >= ? +"
                " (SELECT COALESCE(SUM(r.amount), 0) FROM refunds r WHERE r.charge_key = c.key AND r.key <> ?)",
                (key, amount, charge_key, amount, key),
            )
            return database.execute("SELECT 1 FROM refunds WHERE key = ?", (key,)).fetchone() is not None

    def captured(self, key_prefix: str) -> list[int]:
        """Return the amounts captured under keys that begin like this: what buyers really paid."""
        with self._open() as database:
            rows = database.execute(
                "SELECT amount FROM charges WHERE status = 'captured' AND substr(key, 1, ?) = ? ORDER BY key",
                (len(key_prefix), key_prefix),
            )
            return [amount for (amount,) in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS)) as database, database:
            # A lost test charge after a power cut is no loss; a sync for each one would slow every buyer.
            database.execute("PRAGMA synchronous = OFF")
            yield database


def _read(database: sqlite3.Connection, key: str) -> Charge | None:
    row = database.execute(
        "SELECT key, amount, currency, status, error_code FROM charges WHERE key = ?", (key,)
    ).fetchone()
    return None if row is None else Charge(*row)
