"""The table of stored pictures."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint
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
