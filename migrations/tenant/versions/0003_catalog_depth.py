"""Catalog depth"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('metafield_definitions',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('owner_type', sa.Text(), nullable=False),
    sa.Column('namespace', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), server_default='', nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('validations', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('storefront', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('filterable', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('position', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("owner_type IN ('product', 'variant', 'collection')", name=op.f('ck_metafield_definitions_owner_type')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_metafield_definitions')),
    sa.UniqueConstraint('owner_type', 'namespace', 'key', name=op.f('uq_metafield_definitions_owner_type_namespace_key'))
    )
    op.add_column('categories', sa.Column('position', sa.BigInteger(), server_default='1', nullable=False))
    op.add_column('collections', sa.Column('rules', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True))
    op.add_column('collections', sa.Column('seo_title', sa.Text(), server_default='', nullable=False))
    op.add_column('collections', sa.Column('seo_description', sa.Text(), server_default='', nullable=False))
    op.add_column('collections', sa.Column('metafields', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))
    op.create_index('ix_collections_rules', 'collections', ['id'], unique=False, postgresql_where=sa.text('rules IS NOT NULL'))
    op.add_column('media', sa.Column('focal_x', sa.SmallInteger(), server_default='50', nullable=False))
    op.add_column('media', sa.Column('focal_y', sa.SmallInteger(), server_default='50', nullable=False))
    op.create_check_constraint(op.f('ck_media_focal'), 'media', 'focal_x BETWEEN 0 AND 100 AND focal_y BETWEEN 0 AND 100')
    op.add_column('products', sa.Column('scheduled', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('products', sa.Column('metafields', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))
    op.create_index('ix_products_scheduled', 'products', ['published_at'], unique=False, postgresql_where=sa.text('scheduled'))
    op.add_column('reviews', sa.Column('reply', sa.Text(), server_default='', nullable=False))
    op.add_column('reviews', sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('variants', sa.Column('metafields', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))


def downgrade() -> None:
    raise RuntimeError("Souk migrates forward only: expand, deploy, contract. Write a new revision instead.")
