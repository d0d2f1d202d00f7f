"""The tables of stored pictures, and of those that are still to be fetched from elsewhere."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Media(TenantBase):
    """`storage_key` is made of the content's hash, so that the same picture is stored once.

    `focal_x` and `focal_y` are percent from the left and the top: what must stay in sight where a picture is cut.
    """

    __tablename__ = "media"
    __table_args__ = (
        UniqueConstraint("storage_key"),
        CheckConstraint("width > 0 AND height > 0 AND byte_size > 0", name="size"),
        CheckConstraint("focal_x BETWEEN 0 AND 100 AND focal_y BETWEEN 0 AND 100", name="focal"),
    )

    id: Mapped[Key]
    storage_key: Mapped[str]
    filename: Mapped[str]
    content_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    byte_size: Mapped[int]
    sha256: Mapped[str]
    alt: Mapped[str] = mapped_column(default="", server_default="")
    focal_x: Mapped[int] = mapped_column(SmallInteger, default=50, server_default="50")
    focal_y: Mapped[int] = mapped_column(SmallInteger, default=50, server_default="50")
    created_at: Mapped[CreatedAt]


class MediaFetch(TenantBase):
    """A picture that an import named by its address. The product stands without it; a job brings it.

    `error` is a sentence for the merchant, of the last attempt. `variant_ids` are the variants that show this picture.
    """

    __tablename__ = "media_fetches"
    __table_args__ = (
        UniqueConstraint("product_id", "url"),
        CheckConstraint("status IN ('pending', 'done', 'failed')", name="status"),
        CheckConstraint("(status = 'done') = (media_id IS NOT NULL)", name="media"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_media_fetches_due", "next_attempt_at", postgresql_where=text("status = 'pending'")),
        Index("ix_media_fetches_failed", "id", postgresql_where=text("status = 'failed'")),
        Index("ix_media_fetches_media_id", "media_id"),
    )

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    url: Mapped[str]
    alt: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[int] = mapped_column(default=1, server_default="1")
    variant_ids: Mapped[list[int]] = mapped_column(default=list, server_default="{}")
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    # When it is tried next; also the end of the lease of the job that has it in hand.
    next_attempt_at: Mapped[CreatedAt]
    error_code: Mapped[str] = mapped_column(default="", server_default="")
    error: Mapped[str] = mapped_column(default="", server_default="")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
