"""The shop's tax table."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class TaxRate(TenantBase):
    """`country` is ISO 3166-1 alpha-2; `province` the ISO 3166-2 part after the dash, or '' for the whole country.
    `rate` is a fraction: 0.190000 is 19 %.
    """

    __tablename__ = "tax_rates"
    __table_args__ = (
        UniqueConstraint("country", "province", "tax_class", "name"),
        CheckConstraint("rate >= 0 AND rate < 1", name="rate"),
    )

    id: Mapped[Key]
    country: Mapped[str]
    province: Mapped[str] = mapped_column(default="", server_default="")
    tax_class: Mapped[str] = mapped_column(default="standard", server_default="standard")
    name: Mapped[str]
    rate: Mapped[Decimal]
    applies_to_shipping: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[CreatedAt]
