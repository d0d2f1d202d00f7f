"""Stock in depth"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('inventory_counts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('location_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('status', sa.Text(), server_default='open', nullable=False),
    sa.Column('actor', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('open', 'applied', 'canceled')", name=op.f('ck_inventory_counts_status')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_inventory_counts_location_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inventory_counts'))
    )
    op.create_index('ix_inventory_counts_location_id', 'inventory_counts', ['location_id'], unique=False)
    op.create_table('inventory_transfers',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('origin_id', sa.BigInteger(), nullable=True),
    sa.Column('destination_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Text(), server_default='in_transit', nullable=False),
    sa.Column('reference', sa.Text(), server_default='', nullable=False),
    sa.Column('expected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('actor', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('in_transit', 'received', 'canceled')", name=op.f('ck_inventory_transfers_status')),
    sa.CheckConstraint('origin_id <> destination_id', name=op.f('ck_inventory_transfers_two_places')),
    sa.ForeignKeyConstraint(['destination_id'], ['locations.id'], name=op.f('fk_inventory_transfers_destination_id')),
    sa.ForeignKeyConstraint(['origin_id'], ['locations.id'], name=op.f('fk_inventory_transfers_origin_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inventory_transfers'))
    )
    op.create_index('ix_inventory_transfers_destination_id', 'inventory_transfers', ['destination_id'], unique=False)
    op.create_index('ix_inventory_transfers_origin_id', 'inventory_transfers', ['origin_id'], unique=False)
    op.create_table('inventory_count_lines',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('count_id', sa.BigInteger(), nullable=False),
    sa.Column('variant_id', sa.BigInteger(), nullable=False),
    sa.Column('counted', sa.BigInteger(), nullable=False),
    sa.Column('expected', sa.BigInteger(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('counted >= 0', name=op.f('ck_inventory_count_lines_counted')),
    sa.ForeignKeyConstraint(['count_id'], ['inventory_counts.id'], name=op.f('fk_inventory_count_lines_count_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_inventory_count_lines_variant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inventory_count_lines')),
    sa.UniqueConstraint('count_id', 'variant_id', name=op.f('uq_inventory_count_lines_count_id_variant_id'))
    )
    op.create_index('ix_inventory_count_lines_variant_id', 'inventory_count_lines', ['variant_id'], unique=False)
    op.create_table('inventory_transfer_lines',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('transfer_id', sa.BigInteger(), nullable=False),
    sa.Column('variant_id', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('received', sa.BigInteger(), server_default='0', nullable=False),
    sa.CheckConstraint('quantity > 0 AND received >= 0 AND received <= quantity', name=op.f('ck_inventory_transfer_lines_quantity')),
    sa.ForeignKeyConstraint(['transfer_id'], ['inventory_transfers.id'], name=op.f('fk_inventory_transfer_lines_transfer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_inventory_transfer_lines_variant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inventory_transfer_lines')),
    sa.UniqueConstraint('transfer_id', 'variant_id', name=op.f('uq_inventory_transfer_lines_transfer_id_variant_id'))
    )
    op.create_index('ix_inventory_transfer_lines_variant_id', 'inventory_transfer_lines', ['variant_id'], unique=False)
    op.add_column('inventory_levels', sa.Column('incoming', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('inventory_levels', sa.Column('oversell_limit', sa.BigInteger(), nullable=True))
    op.add_column('inventory_levels', sa.Column('debt', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('inventory_levels', sa.Column('low_stock_at', sa.BigInteger(), nullable=True))
    op.add_column('inventory_levels', sa.Column('hot_pinned', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('inventory_levels', sa.Column('hot_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('inventory_levels', sa.Column('folded_available', sa.BigInteger(), nullable=True))
    op.add_column('inventory_levels', sa.Column('version', sa.BigInteger(), server_default='1', nullable=False))
    op.add_column('inventory_movements', sa.Column('transfer_id', sa.BigInteger(), nullable=True))
    op.add_column('inventory_movements', sa.Column('count_id', sa.BigInteger(), nullable=True))
    op.drop_index(op.f('ix_inventory_reservations_level_id'), table_name='inventory_reservations')
    op.create_index('ix_inventory_reservations_level_id_created_at', 'inventory_reservations', ['level_id', 'created_at'], unique=False)
    op.add_column('locations', sa.Column('priority', sa.BigInteger(), server_default='1', nullable=False))
    op.create_index('uq_locations_name', 'locations', [sa.literal_column('lower(name)')], unique=True)
    op.add_column('variants', sa.Column('backorder_limit', sa.BigInteger(), nullable=True))
    op.drop_constraint(op.f('ck_inventory_levels_never_oversold'), 'inventory_levels', type_='check')
    # Units of a hot level are made from what is on the shelf: such a level may not sell beyond it.
    op.execute(
        "UPDATE inventory_levels SET debt = greatest(0, committed + reserved - on_hand), oversellable = false"
        " WHERE hot AND oversellable"
    )
    op.create_check_constraint(
        op.f('ck_inventory_levels_never_oversold'), 'inventory_levels',
        "(oversellable AND oversell_limit IS NULL) OR on_hand - committed - reserved + debt"
        " + CASE WHEN oversellable THEN oversell_limit ELSE 0 END >= 0",
    )
    op.create_check_constraint(
        op.f('ck_inventory_levels_bounds'), 'inventory_levels',
        "incoming >= 0 AND debt >= 0 AND oversell_limit >= 0 AND low_stock_at >= 0",
    )
    op.create_check_constraint(
        op.f('ck_inventory_levels_hot_is_countable'), 'inventory_levels', "NOT (hot AND oversellable)"
    )
    op.create_check_constraint(op.f('ck_locations_name'), 'locations', "name <> ''")
    op.create_check_constraint(op.f('ck_variants_backorder_limit'), 'variants', "backorder_limit >= 0")


def downgrade() -> None:
    raise RuntimeError("Souk migrates forward only: expand, deploy, contract. Write a new revision instead.")
