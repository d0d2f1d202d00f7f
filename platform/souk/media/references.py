"""Find what the rows of a shop refer to, in whatever table and column: a key may stand in a theme's settings, in an
order's line or in the journal of an import, and a list of columns would be wrong with the next feature.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope

# A table of a large shop is read whole, by nobody's request.
TIMEOUT_MS = 120_000
# Longer numbers are no ids.
_DIGITS = 18
_TABLES = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
)
REFERRING = text("""
SELECT c.conrelid::regclass::text AS table_name, a.attname AS column_name
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = 'media'::regclass AND c.confdeltype <> 'c'
""")
# A metafield refers to a picture by its number alone: whatever number stands there keeps the picture of that number.
_WITH_METAFIELDS = text("""
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND a.attname = 'metafields' AND a.atttypid = 'jsonb'::regtype
""")


def keys_in_rows(scope: TenantScope) -> set[str]:
    """Return every key of this shop's files that a row has anywhere but as the name of a picture's own row.

    Of a file in parts it is the folder. Opens a transaction for each table.
    """
    with transaction(scope, read_only=True) as session:
        tables = list(session.scalars(_TABLES))
    pattern = rf"((?:files/)?t{scope.tenant_id}/(?:[a-z]+/)?[a-z0-9]{{32}})"
    found: set[str] = set()
    for table in tables:
        if table == "media":
            continue
        # The name comes from the catalogue and is quoted; the row's own text form has every column in it.
        statement = text(
            f"SELECT DISTINCT m[1] FROM \"{table}\" AS r, regexp_matches(r::text, :pattern, 'g') AS m"  # noqa: S608
        )
        with transaction(scope, read_only=True, timeout_ms=TIMEOUT_MS) as session:
            found.update(session.scalars(statement, {"pattern": pattern}))
    return found


def unused_pictures(session: Session, keys: list[str], before: datetime, *, forget: bool) -> list[str]:
    """Return the keys of older pictures that no foreign key and no metafield names; `forget` deletes their rows.

    A foreign key that would be set to nothing counts as well: that a picture vanishes from an article is no clean-up.
    """
    conditions = [
        "m.storage_key = ANY(:keys)",
        "m.created_at < :before",
        "m.id <> ALL(CAST(:kept AS bigint[]))",
        *(
            f"NOT EXISTS (SELECT 1 FROM {row.table_name} r WHERE r.{row.column_name} = m.id)"  # noqa: S608 - of the catalogue
            for row in session.execute(REFERRING)
        ),
    ]
    chosen = f"FROM media m WHERE {' AND '.join(conditions)}"
    words = f"DELETE {chosen} RETURNING m.storage_key" if forget else f"SELECT m.storage_key {chosen}"
    given = {"keys": keys, "before": before, "kept": _numbers_in_metafields(session)}
    return list(session.scalars(text(words), given))


def _numbers_in_metafields(session: Session) -> list[int]:
    numbers: set[int] = set()
    for table in session.scalars(_WITH_METAFIELDS).all():
        values = f'"{table}" AS r, jsonb_path_query(r.metafields, \'lax $.** ? (@.type() == "number")\') AS v'
        found = text(f"SELECT DISTINCT v #>> '{{}}' FROM {values} WHERE r.metafields <> '{{}}'")  # noqa: S608 - of the catalogue
        numbers.update(int(each) for each in session.scalars(found) if each.isdecimal() and len(each) < _DIGITS)
    return sorted(numbers)
