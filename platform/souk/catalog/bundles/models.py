"""The table of what bundles consist of."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import Key
from souk.kernel.db import TenantBase


class BundleComponent(TenantBase):
    """`quantity` units of a variant are in each unit of a bundle, which has no stock of its own.

    A component cannot be deleted while a bundle has it: the bundle would be sold without it.
    """

    __tablename__ = "bundle_components"
    __table_args__ = (
        UniqueConstraint("bundle_id", "component_id"),
        CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity"),
        CheckConstraint("bundle_id <> component_id", name="not_itself"),
        Index("ix_bundle_components_component_id", "component_id"),
    )

    id: Mapped[Key]
    bundle_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    component_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    quantity: Mapped[int]
