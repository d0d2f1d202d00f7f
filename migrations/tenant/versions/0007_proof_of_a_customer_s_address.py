"""Proof of a customer's address"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('customers', sa.Column('email_proven_at', sa.DateTime(timezone=True), nullable=True))
    # Autogenerate does not compare CHECK constraints.
    op.drop_constraint(op.f('ck_customer_tokens_kind'), 'customer_tokens', type_='check')
    op.create_check_constraint(
        op.f('ck_customer_tokens_kind'),
        'customer_tokens',
        "kind IN ('session', 'api', 'password_reset', 'email_proof')",
    )


def downgrade() -> None:
    raise RuntimeError("Souk migrates forward only: expand, deploy, contract. Write a new revision instead.")
