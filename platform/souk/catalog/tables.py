"""The columns of higher domains' tables that listings read: the catalogue imports none of these domains."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text, column, table

media = table(
    "media",
    column("id", BigInteger),
    column("storage_key", Text),
    column("alt", Text),
    column("width", BigInteger),
    column("height", BigInteger),
)
inventory_levels = table(
    "inventory_levels",
    column("variant_id", BigInteger),
    column("on_hand", BigInteger),
    column("committed", BigInteger),
    column("reserved", BigInteger),
)
