"""What a checkout's lines take from the shelves, and which line is short when a part of a bundle is."""

from __future__ import annotations

from collections.abc import Sequence

from souk.inventory.errors import OutOfStock
from souk.orders.draft import DraftLine


def from_shelf(lines: Sequence[DraftLine]) -> list[tuple[int, int]]:
    """Return (variant, quantity) for every line, bundles as their parts."""
    return [taken for line in lines for taken in line.from_shelf()]


def told_by_line(lines: Sequence[DraftLine], short: OutOfStock) -> OutOfStock:
    """Say it in units of what the buyer has in the cart: nobody who buys a bundle knows its parts."""
    left = {item["variant_id"]: item["available"] for item in short.items}
    items = []
    for line in lines:
        parts = line.components or [{"variant_id": line.variant_id, "quantity": 1}]
        units = [left[part["variant_id"]] // part["quantity"] for part in parts if part["variant_id"] in left]
        if units:
            items.append({"variant_id": line.variant_id, "available": min(units)})
    return OutOfStock(items)
