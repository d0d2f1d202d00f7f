"""The generated DDL and the chain of revisions lead to the same schema, and nothing leaves its schema."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from migrations.chains import CHAINS, FOLDER, ddl, head, steps
from migrations.compare import is_compared
from migrations.generate import ddl_of, revision_sql
from migrations.metadata import METADATA
from souk.kernel.connections import admin_connection
from souk.kernel.tenancy import TenantScope

_CATALOGUE = """
SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, ''), is_identity
  FROM information_schema.columns WHERE table_schema = %(schema)s
UNION ALL
SELECT 'index', tablename, indexname, regexp_replace(indexdef, %(schema)s || '\\.', '', 'g'), '', '', ''
  FROM pg_indexes WHERE schemaname = %(schema)s
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
  FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
ORDER BY 1, 2, 3
"""


def _catalogue(connection: psycopg.Connection, schema: str) -> list[tuple[str, ...]]:
    connection.execute(f"SET LOCAL search_path TO {schema}".encode())
    return connection.execute(_CATALOGUE, {"schema": schema}).fetchall()


@pytest.mark.parametrize("chain", CHAINS)
def test_generated_files_are_current(chain: str) -> None:
    files = {path.name: path.read_text() for path in (FOLDER / chain / "sql").glob("*.sql")}

    assert ddl(chain) == ddl_of(METADATA[chain])
    assert files == revision_sql(chain)


def test_the_chain_and_the_ddl_make_the_same_shop(platform: None) -> None:
    with admin_connection("default") as connection:
        for schema, texts in {
            "by_ddl": [ddl("tenant")],
            "by_chain": [step.sql for step in steps("tenant")],
        }.items():
            connection.execute(f"CREATE SCHEMA {schema}; SET LOCAL search_path TO {schema}".encode())
            for text in texts:
                connection.execute(text.encode())
        by_ddl, by_chain = _catalogue(connection, "by_ddl"), _catalogue(connection, "by_chain")
        connection.rollback()

    assert len(by_ddl) > 500
    assert by_ddl == by_chain


def test_a_new_revision_would_change_nothing_that_stands(platform: None) -> None:
    with admin_connection("default") as connection:
        connection.execute(f"CREATE SCHEMA as_it_is; SET LOCAL search_path TO as_it_is; {ddl('tenant')}".encode())
        connection.commit()
        dsn, password = connection.info.dsn, connection.info.password
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(dsn, password=password, options="-csearch_path=as_it_is"),
    )
    try:
        with engine.connect() as compared:
            context = MigrationContext.configure(compared, opts={"include_object": is_compared})
            assert compare_metadata(context, METADATA["tenant"]) == []
    finally:
        engine.dispose()
        with admin_connection("default") as connection:
            connection.execute("DROP SCHEMA as_it_is CASCADE")


def test_no_foreign_key_leaves_its_schema(shop: TenantScope) -> None:
    with admin_connection("default") as connection:
        crossing = connection.execute(
            "SELECT c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid"
            " WHERE c.contype = 'f' AND t.relnamespace <> c.connamespace"
        ).fetchall()

    assert crossing == []


def test_versions_are_numbered_without_gaps() -> None:
    for chain in CHAINS:
        versions = [step.version for step in steps(chain)]

        assert versions == [f"{number:04d}" for number in range(1, len(versions) + 1)]
        assert head(chain) == versions[-1]
        assert Path(FOLDER / chain / "ddl.sql").exists()
