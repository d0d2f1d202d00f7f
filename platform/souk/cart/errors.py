"""What can be wrong with a cart."""

from __future__ import annotations

from souk.kernel.errors import Invalid, NotFound


class UnknownCart(NotFound):
    code = "unknown_cart"

    def __init__(self) -> None:
        super().__init__("This cart is gone: it was bought or has expired; start a new one.")


class NotForSale(NotFound):
    code = "not_for_sale"

    def __init__(self, variant_id: int) -> None:
        super().__init__("This product is not for sale; choose another one.", variant_id=variant_id)


class BadQuantity(Invalid):
    code = "invalid_quantity"

    def __init__(self, most: int) -> None:
        super().__init__(f"A quantity is a whole number from 1 to {most}; change it.", maximum=most)


class TooManyLines(Invalid):
    code = "too_many_lines"

    def __init__(self, most: int) -> None:
        super().__init__(f"A cart holds at most {most} different items; buy these first.", maximum=most)
