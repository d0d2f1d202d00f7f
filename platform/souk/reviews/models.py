"""Reviews with their ratings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Review(TenantBase):
    """`verified`: the author bought the product in this shop. `reply` is the merchant's public answer."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("status IN ('pending', 'published', 'hidden')", name="status"),
        Index("ix_reviews_product_id", "product_id", "status", "created_at"),
        Index(
            "uq_reviews_product_id_customer_id",
            "product_id",
            "customer_id",
            unique=True,
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    author: Mapped[str]
    rating: Mapped[int]
    title: Mapped[str] = mapped_column(default="", server_default="")
    body: Mapped[str] = mapped_column(default="", server_default="")
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    verified: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    reply: Mapped[str] = mapped_column(default="", server_default="")
    replied_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
