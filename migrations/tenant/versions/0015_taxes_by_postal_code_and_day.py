"""Taxes by postal code and day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('customers', sa.Column('tax_exempt', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('tax_rates', sa.Column('postal_from', sa.Text(), server_default='', nullable=False))
    op.add_column('tax_rates', sa.Column('postal_to', sa.Text(), server_default='', nullable=False))
    op.add_column('tax_rates', sa.Column('valid_from', sa.Date(), nullable=True))
    op.add_column('tax_rates', sa.Column('valid_to', sa.Date(), nullable=True))
    op.drop_constraint('uq_tax_rates_country_province_tax_class_name', 'tax_rates', type_='unique')
    op.create_unique_constraint('uq_tax_rates_place', 'tax_rates', ['country', 'province', 'postal_from', 'tax_class', 'name', 'valid_from'], postgresql_nulls_not_distinct=True)
    op.create_check_constraint(op.f('ck_tax_rates_postal_range'), 'tax_rates', "(postal_from = '') = (postal_to = '') AND postal_from <= postal_to")
    op.create_check_constraint(op.f('ck_tax_rates_days'), 'tax_rates', 'valid_from <= valid_to')


def downgrade() -> None:
    op.drop_constraint(op.f('ck_tax_rates_days'), 'tax_rates', type_='check')
    op.drop_constraint(op.f('ck_tax_rates_postal_range'), 'tax_rates', type_='check')
    op.drop_constraint('uq_tax_rates_place', 'tax_rates', type_='unique')
    op.create_unique_constraint('uq_tax_rates_country_province_tax_class_name', 'tax_rates', ['country', 'province', 'tax_class', 'name'])
    op.drop_column('tax_rates', 'valid_to')
    op.drop_column('tax_rates', 'valid_from')
    op.drop_column('tax_rates', 'postal_to')
    op.drop_column('tax_rates', 'postal_from')
    op.drop_column('customers', 'tax_exempt')
