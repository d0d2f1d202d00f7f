"""Tell whether anything in any table changed."""

from __future__ import annotations

from collections.abc import Sequence

from souk.kernel.connections import admin_connection

# When somebody was last seen is noted on every request of theirs, refused or not.
_NOTED = ("last_seen_at", "last_used_at")


def fingerprint(schemas: Sequence[str]) -> dict[str, str]:
    """Return table -> hash of all its rows, for each table of these schemas."""
    with admin_connection("default") as admin:
        tables = admin.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname = ANY(%s)"
            " ORDER BY 1",
            (list(schemas),),
        ).fetchall()
        each = [
            f"SELECT '{table}', md5(coalesce(string_agg(row, '|' ORDER BY row), '')) FROM"
            f" (SELECT (to_jsonb(t) - '{{{','.join(_NOTED)}}}'::text[])::text AS row FROM {table} t) rows"
            for (table,) in tables
        ]
        return dict(admin.execute(" UNION ALL ".join(each).encode()).fetchall())


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the tables whose rows differ."""
    return sorted(table for table in before.keys() | after.keys() if before.get(table) != after.get(table))
