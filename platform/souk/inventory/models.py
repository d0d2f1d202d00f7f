"""Stock levels, reservations of checkouts, hot-path units and the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase

MOVEMENT_KINDS = ("allocated", "received", "shipped", "released", "adjusted")


class Location(TenantBase):
    """A place that holds stock. The first one is made with the shop; buyers are served by ascending `priority`."""

    __tablename__ = "locations"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        Index("uq_locations_name", text("lower(name)"), unique=True),
    )

    id: Mapped[Key]
    name: Mapped[str]
    priority: Mapped[int] = mapped_column(default=1, server_default="1")
    address: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    # Where buyers may collect their orders: {price: minor units, instructions, ready_hours}; empty where they may not.
    pickup: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    created_at: Mapped[CreatedAt]


class InventoryLevel(TenantBase):
    """Available = on_hand - committed - reserved. Changed only together with a movement or a reservation.

    `oversellable` is a copy of "not tracked, or policy continue" and `oversell_limit` (None: no limit) of how far
    below zero that may go, which lets the CHECK stand for everything that may run out. `debt` is what had been
    promised beyond when the limit was lowered: no sale may add to it. `version` rises with every change of
    on_hand, never with a sale, so that it tells whether a count was made of the stock as it is now.
    `folded_available` is what a hot level had for sale when its units were last counted.
    """

    __tablename__ = "inventory_levels"
    __table_args__ = (
        UniqueConstraint("variant_id", "location_id"),
        CheckConstraint("committed >= 0 AND reserved >= 0", name="parts"),
        CheckConstraint(
            "(oversellable AND oversell_limit IS NULL) OR on_hand - committed - reserved + debt"
            " + CASE WHEN oversellable THEN oversell_limit ELSE 0 END >= 0",
            name="never_oversold",
        ),
        CheckConstraint("incoming >= 0 AND debt >= 0 AND oversell_limit >= 0 AND low_stock_at >= 0", name="bounds"),
        # Units of the pool are made from what is on the shelf: they could not go below zero.
        CheckConstraint("NOT (hot AND oversellable)", name="hot_is_countable"),
        Index("ix_inventory_levels_location_id", "location_id"),
        Index("ix_inventory_levels_low", "id", postgresql_where=text("low_since IS NOT NULL")),
    )

    id: Mapped[Key]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    on_hand: Mapped[int] = mapped_column(default=0, server_default="0")
    committed: Mapped[int] = mapped_column(default=0, server_default="0")
    reserved: Mapped[int] = mapped_column(default=0, server_default="0")
    # On its way here in transfers that are not received yet.
    incoming: Mapped[int] = mapped_column(default=0, server_default="0")
    oversellable: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    oversell_limit: Mapped[int | None]
    debt: Mapped[int] = mapped_column(default=0, server_default="0")
    low_stock_at: Mapped[int | None]
    # A hot level is sold from inventory_units, so that buyers do not queue for this row.
    hot: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # A merchant's wish, such as for a sale that was announced; others cool down by themselves.
    hot_pinned: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    hot_since: Mapped[datetime | None]
    folded_available: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    # When it fell to `low_stock_at`, until the staff have been told of it.
    low_since: Mapped[datetime | None]
    updated_at: Mapped[CreatedAt]


class InventoryReservation(TenantBase):
    """Stock that a checkout holds until it is paid, given up or expired."""

    __tablename__ = "inventory_reservations"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("status IN ('open', 'allocated', 'released')", name="status"),
        UniqueConstraint("checkout_id", "level_id"),
        Index("ix_inventory_reservations_open", "expires_at", postgresql_where=text("status = 'open'")),
        Index("ix_inventory_reservations_level_id_created_at", "level_id", "created_at"),
    )

    id: Mapped[Key]
    checkout_id: Mapped[int] = mapped_column(ForeignKey("checkouts.id"))
    level_id: Mapped[int] = mapped_column(ForeignKey("inventory_levels.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    status: Mapped[str] = mapped_column(default="open", server_default="open")
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]


class InventoryUnit(TenantBase):
    """One sellable unit of a hot level; claimed with SKIP LOCKED. `reservation_id` marks the claim."""

    __tablename__ = "inventory_units"
    __table_args__ = (
        Index("ix_inventory_units_free", "level_id", "id", postgresql_where=text("reservation_id IS NULL")),
        Index("ix_inventory_units_reservation_id", "reservation_id"),
        {"postgresql_with": {"fillfactor": 50}},
    )

    id: Mapped[Key]
    level_id: Mapped[int] = mapped_column(ForeignKey("inventory_levels.id", ondelete="CASCADE"))
    reservation_id: Mapped[int | None] = mapped_column(ForeignKey("inventory_reservations.id"))


class InventoryMovement(TenantBase):
    """The insert-only ledger. received and adjusted change on_hand; allocated and released change committed;
    shipped lowers both.
    """

    __tablename__ = "inventory_movements"
    __table_args__ = (
        CheckConstraint("kind IN ('received', 'allocated', 'shipped', 'released', 'adjusted')", name="kind"),
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("kind <> 'adjusted' OR reason <> ''", name="reason"),
        Index("ix_inventory_movements_level_id", "level_id", "id"),
        Index("ix_inventory_movements_order_id", "order_id"),
    )

    id: Mapped[Key]
    level_id: Mapped[int] = mapped_column(ForeignKey("inventory_levels.id", ondelete="CASCADE"))
    kind: Mapped[str]
    quantity: Mapped[int]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    order_id: Mapped[int | None]
    fulfillment_id: Mapped[int | None]
    transfer_id: Mapped[int | None]
    count_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]


class InventoryTransfer(TenantBase):
    """Goods on their way to a location; without an origin they come from a supplier."""

    __tablename__ = "inventory_transfers"
    __table_args__ = (
        CheckConstraint("status IN ('in_transit', 'received', 'canceled')", name="status"),
        CheckConstraint("origin_id <> destination_id", name="two_places"),
        Index("ix_inventory_transfers_origin_id", "origin_id"),
        Index("ix_inventory_transfers_destination_id", "destination_id"),
    )

    id: Mapped[Key]
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    destination_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    status: Mapped[str] = mapped_column(default="in_transit", server_default="in_transit")
    reference: Mapped[str] = mapped_column(default="", server_default="")
    expected_at: Mapped[datetime | None]
    actor: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None]


class InventoryTransferLine(TenantBase):
    __tablename__ = "inventory_transfer_lines"
    __table_args__ = (
        UniqueConstraint("transfer_id", "variant_id"),
        CheckConstraint("quantity > 0 AND received >= 0 AND received <= quantity", name="quantity"),
        Index("ix_inventory_transfer_lines_variant_id", "variant_id"),
    )

    id: Mapped[Key]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("inventory_transfers.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0, server_default="0")


class InventoryCount(TenantBase):
    """A count of a location's shelves, entered over hours while the shop sells, applied at once."""

    __tablename__ = "inventory_counts"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'applied', 'canceled')", name="status"),
        Index("ix_inventory_counts_location_id", "location_id"),
    )

    id: Mapped[Key]
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    name: Mapped[str] = mapped_column(default="", server_default="")
    status: Mapped[str] = mapped_column(default="open", server_default="open")
    actor: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None]


class InventoryCountLine(TenantBase):
    """`expected` is what was on hand when the variant was counted: the difference to it is applied, so that
    what was shipped between counting and applying is not counted twice.
    """

    __tablename__ = "inventory_count_lines"
    __table_args__ = (
        UniqueConstraint("count_id", "variant_id"),
        CheckConstraint("counted >= 0", name="counted"),
        Index("ix_inventory_count_lines_variant_id", "variant_id"),
    )

    id: Mapped[Key]
    count_id: Mapped[int] = mapped_column(ForeignKey("inventory_counts.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    counted: Mapped[int]
    expected: Mapped[int]
    counted_at: Mapped[CreatedAt]
