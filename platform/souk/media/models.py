"""The table of stored pictures."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Media(TenantBase):
    """`storage_key` is made of the content's hash, so that the same picture is stored once."""

    __tablename__ = "media"
    __table_args__ = (
        UniqueConstraint("storage_key"),
        CheckConstraint("width > 0 AND height > 0 AND byte_size > 0", name="size"),
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
    created_at: Mapped[CreatedAt]
