"""What can be wrong with stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from souk.kernel.errors import Conflict, Invalid, NotFound

# Named in one sentence; `items` has all of them.
_MOST_TOLD = 5


class OutOfStock(Conflict):
    """`items`: [{variant_id, available}] for everything that is short."""

    code = "out_of_stock"
    cure: ClassVar = "There is not enough stock for this quantity; lower it to what is available, or remove the item."

    def __init__(self, items: Sequence[Mapping[str, int]]) -> None:
        self.items = [dict(item) for item in items]
        super().__init__(self.cure, items=self.items)


class ShortAtLocation(OutOfStock):
    """Staff send from a place that has fewer free units than they want to send."""

    cure = "This location has fewer free units; send fewer, send from another one, or move the goods there first."


class BundleHasNoStock(Conflict):
    code = "bundle_has_no_stock"

    def __init__(self) -> None:
        super().__init__("This variant is a bundle and has no stock of its own; change the stock of its parts.")


class StockInUse(Conflict):
    code = "stock_in_use"

    def __init__(self, quantity: int, in_use: int) -> None:
        if in_use > 0:
            why = f"{in_use} units belong to orders and checkouts, so the stock cannot be set to {quantity}"
            cure = "cancel orders first or set a higher number"
        else:
            why, cure = f"The stock cannot be set to {quantity}", "a shelf holds 0 units or more"
        super().__init__(f"{why}; {cure}.", in_use=in_use)


class StaleStock(Conflict):
    """`current`: the level as it is now, with the `version` that a second try must carry."""

    code = "stale_stock"

    def __init__(self, current: Mapping[str, Any]) -> None:
        self.current = dict(current)
        super().__init__(
            f"The stock has changed since you looked: {self.current['on_hand']} are on hand now."
            " Look at the new numbers and save again.",
            current=self.current,
        )


class BadQuantity(Invalid):
    code = "invalid_quantity"

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__(f"A quantity is a whole number from {lowest:,} to {highest:,}.", field="quantity")


class BadReason(Invalid):
    code = "invalid_reason"

    def __init__(self, reasons: Iterable[str], longest_note: int) -> None:
        super().__init__(
            f"A reason is one of {', '.join(reasons)}, with a note of at most {longest_note} characters.",
            field="reason",
        )


class CannotHeat(Conflict):
    code = "cannot_sell_by_unit"

    def __init__(self) -> None:
        super().__init__(
            "Only stock that ends at zero is sold unit by unit; let the variant stop selling when it is out of stock."
        )


class UnknownVariant(NotFound):
    code = "unknown_variant"

    def __init__(self, variant_id: int) -> None:
        super().__init__(f"There is no variant {variant_id}; take the id from the product.", variant_id=variant_id)


class UnknownLocation(NotFound):
    code = "unknown_location"

    def __init__(self, location_id: int | None) -> None:
        super().__init__(f"There is no location {location_id}; make one or choose another.")


class BadLocationName(Invalid):
    code = "invalid_location_name"

    def __init__(self, longest: int) -> None:
        super().__init__(f"A location has a name of 1 to {longest} characters.", field="name")


class BadPickup(Invalid):
    code = "invalid_pickup"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class LocationNameTaken(Conflict):
    code = "location_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"Another location is called {name!r}; choose another name.", field="name")


class LastLocation(Conflict):
    code = "last_location"

    def __init__(self) -> None:
        super().__init__("A shop sells from at least one location; make another one active first.")


class LocationExpectsGoods(Conflict):
    code = "location_expects_goods"

    def __init__(self, transfers: int) -> None:
        super().__init__(
            f"{transfers} transfers are on their way to this location; receive or cancel them first.",
            transfers=transfers,
        )


class UnknownLevel(NotFound):
    code = "unknown_level"

    def __init__(self, level_id: int) -> None:
        super().__init__(f"There is no stock level {level_id}; set a stock for the variant first.")


class UnknownTransfer(NotFound):
    code = "unknown_transfer"

    def __init__(self, transfer_id: int) -> None:
        super().__init__(f"There is no transfer {transfer_id}; take its number from the list of transfers.")


class BadTransfer(Invalid):
    code = "invalid_transfer"


class NotEnoughToSend(Conflict):
    """`items`: [{variant_id, available}] for everything that the origin cannot spare, `names` what each is called."""

    code = "not_enough_to_send"

    def __init__(self, items: Sequence[Mapping[str, int]], names: Mapping[int, str]) -> None:
        self.items = [dict(item) for item in items]
        told = [f"{names.get(item['variant_id'], '?')}: {item['available']:,} free." for item in items[:_MOST_TOLD]]
        super().__init__(
            f"The origin has fewer free units than the transfer wants; lower the quantities. {' '.join(told)}"
            f"{' …' * (len(items) > _MOST_TOLD)}",
            items=self.items,
        )


class TransferEnded(Conflict):
    code = "transfer_ended"

    def __init__(self, transfer_id: int, status: str) -> None:
        super().__init__(f"Transfer {transfer_id} is {status} already; make a new one.", status=status)


class MoreThanSent(Conflict):
    code = "more_than_sent"

    def __init__(self, variant_id: int, left: int) -> None:
        super().__init__(
            f"Only {left} units of variant {variant_id} are still on their way; receive at most these,"
            " and adjust the stock for what came beyond.",
            variant_id=variant_id,
            left=left,
        )


class UnknownCount(NotFound):
    code = "unknown_count"

    def __init__(self, count_id: int) -> None:
        super().__init__(f"There is no count {count_id}; take its number from the list of counts.")


class CountEnded(Conflict):
    code = "count_ended"

    def __init__(self, count_id: int, status: str) -> None:
        super().__init__(f"Count {count_id} is {status} already; start a new one.", status=status)


class UnknownCode(Invalid):
    """`codes`: what was scanned or written and belongs to no variant, or to several."""

    code = "unknown_stock_code"

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)
        named = ", ".join(repr(each) for each in self.codes[:10])
        super().__init__(
            f"No single variant has the SKU or barcode {named};"
            " correct the code, or give the variant a code of its own.",
            codes=self.codes,
        )


class BadCountFile(Invalid):
    code = "invalid_count_file"

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"Line {line}: {problem}", line=line)


class BadRecipients(Invalid):
    code = "invalid_recipients"

    def __init__(self, most: int) -> None:
        super().__init__(f"Write 1 to {most} mail addresses, apart by commas.", field="recipients")
