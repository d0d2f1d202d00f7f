"""What can be wrong with an order."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound
from souk.kernel.money import Money


class UnknownOrder(NotFound):
    code = "unknown_order"

    def __init__(self) -> None:
        super().__init__("There is no such order in this shop; check its number.")


class CannotCancel(Conflict):
    code = "cannot_cancel"

    def __init__(self) -> None:
        super().__init__("Goods of this order have been sent, so it cannot be canceled; refund it instead.")


class BadReason(Invalid):
    code = "invalid_cancel_reason"

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__(f"The reason of a cancellation is one of: {', '.join(known)}.")


class CannotFulfill(Conflict):
    code = "cannot_fulfill"

    def __init__(self, why: str) -> None:
        super().__init__(f"The order cannot be fulfilled like this: {why}.")


class CannotArchive(Conflict):
    code = "cannot_archive"

    def __init__(self, why: str) -> None:
        super().__init__(f"The order cannot be archived or reopened: {why}.")


class UnknownFulfillment(NotFound):
    code = "unknown_fulfillment"

    def __init__(self) -> None:
        super().__init__("There is no such fulfillment in this shop; look at the order's fulfillments.")


class RefundTooLarge(Invalid):
    code = "refund_too_large"

    def __init__(self, amount: int, refundable: int, currency: str) -> None:
        super().__init__(
            "A refund is more than nothing and at most what was paid and not given back yet; change the amount.",
            field="amount",
            amount_minor=amount,
            refundable_minor=refundable,
            currency=currency,
        )


class RefundNeedsReason(Invalid):
    code = "refund_reason_missing"

    def __init__(self) -> None:
        super().__init__("Say why the money goes back; the reason is kept with the refund.")


class CannotRefundLine(Invalid):
    code = "cannot_refund_line"

    def __init__(self, line: str) -> None:
        super().__init__(f"{line} is not in this order, or fewer units of it are left to refund; lower the quantity.")


class CannotRefundShipping(Invalid):
    code = "cannot_refund_shipping"

    def __init__(self, left: int, currency: str) -> None:
        super().__init__(
            f"At most {Money(left, currency).major} {currency} are left of the shipping, and no more than the whole"
            " refund can be for it; lower it.",
            field="shipping",
        )


class NothingToPay(Conflict):
    code = "nothing_to_pay"

    def __init__(self) -> None:
        super().__init__("This order waits for no payment; look at its transactions.")


class UnknownGoods(Invalid):
    code = "unknown_goods"

    def __init__(self, variant_id: int) -> None:
        super().__init__(
            f"This shop has no variant {variant_id}; choose goods of its catalogue.", variant_id=variant_id
        )


class CannotHold(Conflict):
    code = "cannot_hold"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(f"Only an open order can be held, for one of these reasons: {', '.join(reasons)}.")


class BadRisk(Invalid):
    code = "invalid_risk"

    def __init__(self, levels: tuple[str, ...]) -> None:
        super().__init__(f"A risk note has a text and one of these levels: {', '.join(levels)}.")
