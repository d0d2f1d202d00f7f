"""Alembic's environment for all three chains: it only writes SQL and compares models, it never migrates a shop."""

from __future__ import annotations

from alembic import context

from migrations.compare import is_compared
from migrations.metadata import METADATA

chain = context.config.get_main_option("chain") or "tenant"
connection = context.config.attributes.get("connection")

if context.is_offline_mode():
    context.configure(
        dialect_name="postgresql",
        target_metadata=METADATA[chain],
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        transactional_ddl=False,
    )
else:
    context.configure(
        connection=connection,
        target_metadata=METADATA[chain],
        include_schemas=chain != "tenant",
        include_object=is_compared,
    )
with context.begin_transaction():
    context.run_migrations()
