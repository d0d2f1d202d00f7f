"""The tables of entries that merchants define, and of what their kinds consist of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel import clock
from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase

STATUSES = ("draft", "active")


class MetaobjectDefinition(TenantBase):
    """A kind of entry, such as `size_chart`.

    `fields`: [{"key", "name", "type", "description", "required", "validations"}] in the order of the form.
    `storefront`: themes and the shop API may read its entries.
    """

    __tablename__ = "metaobject_definitions"

    id: Mapped[Key]
    type: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    storefront: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[CreatedAt]


class Metaobject(TenantBase):
    """An entry; `field_values` are JSON by the key of the field, as metafields are kept.

    The column has the name of those, by which the clean-up of pictures finds what values refer to.
    """

    __tablename__ = "metaobjects"
    __table_args__ = (
        UniqueConstraint("definition_id", "handle"),
        CheckConstraint("status IN ('draft', 'active')", name="status"),
    )

    id: Mapped[Key]
    definition_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("metaobject_definitions.id", ondelete="CASCADE"))
    handle: Mapped[str]
    title: Mapped[str]
    status: Mapped[str] = mapped_column(default="active", server_default="active")
    field_values: Mapped[dict[str, Any]] = mapped_column("metafields", JSONB, default=dict, server_default="{}")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=text("now()"))
