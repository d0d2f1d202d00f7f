"""The table of metafield definitions; the values stand on the rows of their owners."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class MetafieldDefinition(TenantBase):
    """What a merchant may write at an owner under `namespace.key`, and of which type.

    `validations`: {"min", "max", "choices", ...} as far as the type knows them. `storefront`: themes may read it.
    `filterable`: listings may filter by it.
    """

    __tablename__ = "metafield_definitions"
    __table_args__ = (
        UniqueConstraint("owner_type", "namespace", "key"),
        CheckConstraint("owner_type IN ('product', 'variant', 'collection')", name="owner_type"),
    )

    id: Mapped[Key]
    owner_type: Mapped[str]
    namespace: Mapped[str]
    key: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    type: Mapped[str]
    validations: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    storefront: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    filterable: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    position: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[CreatedAt]
