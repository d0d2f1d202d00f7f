"""The columns of other domains' tables that the catalogue needs: it imports none of these domains."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text, column, table

media = table(
    "media",
    column("id", BigInteger),
    column("storage_key", Text),
    column("filename", Text),
    column("alt", Text),
    column("width", BigInteger),
    column("height", BigInteger),
    column("focal_x", BigInteger),
    column("focal_y", BigInteger),
)
inventory_levels = table(
    "inventory_levels",
    column("variant_id", BigInteger),
    column("on_hand", BigInteger),
    column("committed", BigInteger),
    column("reserved", BigInteger),
)
order_lines = table("order_lines", column("product_id", BigInteger), column("variant_id", BigInteger))
redirects = table("redirects", column("path", Text), column("target", Text))
pages = table("pages", column("id", BigInteger), column("handle", Text), column("title", Text))
