"""The shop's tax table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class TaxRate(TenantBase):
    """`country` is ISO 3166-1 alpha-2; `province` the ISO 3166-2 part after the dash, or '' for the whole country.
    `rate` is a fraction: 0.190000 is 19 %.

    `postal_from` to `postal_to` is a range of postal codes as `postal_key` writes them, both '' for all of them; a
    code is compared by as many characters as the bound has. The rate holds from `valid_from` to `valid_to`, both days
    included; an open end is null.
    """

    __tablename__ = "tax_rates"
    __table_args__ = (
        UniqueConstraint(
            "country",
            "province",
            "postal_from",
            "tax_class",
            "name",
            "valid_from",
            name="uq_tax_rates_place",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("rate >= 0 AND rate < 1", name="rate"),
        CheckConstraint("(postal_from = '') = (postal_to = '') AND postal_from <= postal_to", name="postal_range"),
        CheckConstraint("valid_from <= valid_to", name="days"),
    )

    id: Mapped[Key]
    country: Mapped[str]
    province: Mapped[str] = mapped_column(default="", server_default="")
    postal_from: Mapped[str] = mapped_column(default="", server_default="")
    postal_to: Mapped[str] = mapped_column(default="", server_default="")
    tax_class: Mapped[str] = mapped_column(default="standard", server_default="standard")
    name: Mapped[str]
    rate: Mapped[Decimal]
    applies_to_shipping: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    created_at: Mapped[CreatedAt]
