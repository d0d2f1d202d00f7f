"""What can be wrong with stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from souk.kernel.errors import Conflict, NotFound


class OutOfStock(Conflict):
    """`items`: [{variant_id, available}] for everything that is short."""

    code = "out_of_stock"

    def __init__(self, items: Sequence[Mapping[str, int]]) -> None:
        self.items = [dict(item) for item in items]
        super().__init__(
            "There is not enough stock for this quantity; lower it to what is available, or remove the item.",
            items=self.items,
        )


class StockInUse(Conflict):
    code = "stock_in_use"

    def __init__(self, quantity: int, in_use: int) -> None:
        super().__init__(
            f"{in_use} units belong to orders and checkouts, so the stock cannot be set to {quantity};"
            " cancel orders first or set a higher number.",
            in_use=in_use,
        )


class UnknownVariant(NotFound):
    code = "unknown_variant"

    def __init__(self, variant_id: int) -> None:
        super().__init__(f"There is no variant {variant_id}; take the id from the product.", variant_id=variant_id)


class UnknownLocation(NotFound):
    code = "unknown_location"

    def __init__(self, location_id: int | None) -> None:
        super().__init__(f"There is no location {location_id}; make one or choose another.")


class UnknownLevel(NotFound):
    code = "unknown_level"

    def __init__(self, level_id: int) -> None:
        super().__init__(f"There is no stock level {level_id}; set a stock for the variant first.")
