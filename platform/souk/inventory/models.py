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
    """A place that holds stock. The first one is made with the shop."""

    __tablename__ = "locations"

    id: Mapped[Key]
    name: Mapped[str]
    address: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[CreatedAt]


class InventoryLevel(TenantBase):
    """Available = on_hand - committed - reserved. Changed only together with a movement or a reservation.

    `oversellable` is a copy of "not tracked, or policy continue", which lets the CHECK stand for
    everything that may run out.
    """

    __tablename__ = "inventory_levels"
    __table_args__ = (
        UniqueConstraint("variant_id", "location_id"),
        CheckConstraint("committed >= 0 AND reserved >= 0", name="parts"),
        CheckConstraint("oversellable OR on_hand - committed - reserved >= 0", name="never_oversold"),
        Index("ix_inventory_levels_location_id", "location_id"),
    )

    id: Mapped[Key]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    on_hand: Mapped[int] = mapped_column(default=0, server_default="0")
    committed: Mapped[int] = mapped_column(default=0, server_default="0")
    reserved: Mapped[int] = mapped_column(default=0, server_default="0")
    oversellable: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # A hot level is sold from inventory_units, so that buyers do not queue for this row.
    hot: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    updated_at: Mapped[CreatedAt]


class InventoryReservation(TenantBase):
    """Stock that a checkout holds until it is paid, given up or expired."""

    __tablename__ = "inventory_reservations"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("status IN ('open', 'allocated', 'released')", name="status"),
        UniqueConstraint("checkout_id", "level_id"),
        Index("ix_inventory_reservations_open", "expires_at", postgresql_where=text("status = 'open'")),
        Index("ix_inventory_reservations_level_id", "level_id"),
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
    actor: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]
