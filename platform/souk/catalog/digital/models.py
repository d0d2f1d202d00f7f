"""The table of files that are sold."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class DigitalFile(TenantBase):
    """A file that buyers of a product get, or of one of its variants.

    `storage_key` is a folder of `parts` that no public address leads to. A file that is taken out of the product is
    no longer `active`: nobody who buys now gets it, and those who bought it keep it. `variant_id` is a plain number:
    a file of a variant that is gone belongs to nothing, and must not become one of the whole product.
    """

    __tablename__ = "digital_files"
    __table_args__ = (
        CheckConstraint("parts > 0 AND byte_size > 0", name="size"),
        Index("ix_digital_files_product_id", "product_id"),
    )

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    variant_id: Mapped[int | None]
    filename: Mapped[str]
    storage_key: Mapped[str]
    parts: Mapped[int]
    byte_size: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[CreatedAt]
