"""Write a new revision by comparing the models with the chain's newest schema.

`python -m migrations.revise tenant "Add gift cards"` applies the chain's SQL to a throw-away database and lets Alembic
write the difference. Read what it wrote: a rename looks like a drop and an add.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, text

from cli.services.postgres import Postgres
from migrations.chains import CHAINS, head, steps
from migrations.generate import alembic_config, generate


def revise(chain: str, message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Postgres(Path(folder) / "postgres", durable=False)
        server.start()
        try:
            _write_revision(chain, message, server.dsn)
        finally:
            server.stop()
    generate(chain)


def _write_revision(chain: str, message: str, dsn: str) -> None:
    engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        if chain != "tenant":
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {chain}"))
        for step in steps(chain):
            connection.exec_driver_sql(step.sql)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num text PRIMARY KEY)")
        if steps(chain):
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head(chain)})
        connection.commit()
        settings = alembic_config(chain)
        settings.attributes["connection"] = connection
        number = f"{int(head(chain)) + 1:04d}"
        command.revision(settings, message=message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    if sys.argv[1:2] not in [[chain] for chain in CHAINS] or not sys.argv[2:]:
        sys.exit(f"usage: python -m migrations.revise {'|'.join(CHAINS)} MESSAGE")
    revise(sys.argv[1], sys.argv[2])
