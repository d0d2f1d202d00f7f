"""What can be wrong with a discount or a code."""

from __future__ import annotations

from typing import Any

from souk.kernel.errors import Conflict, Invalid, NotFound


class UnknownDiscount(NotFound):
    code = "unknown_discount"

    def __init__(self) -> None:
        super().__init__("There is no such discount in this shop; it may have been deleted.")


class DiscountInvalid(Invalid):
    """`cure` is the whole sentence."""

    code = "discount_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class CodeTaken(Conflict):
    code = "discount_code_taken"

    def __init__(self, code: str) -> None:
        super().__init__(f"The code {code} belongs to another discount; choose another one.", field="code")


class CodeRefused(Invalid):
    """A code that a buyer entered does not count; nothing was changed."""

    cure = ""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(self.cure.format(code=code), field="discount_code", entered=code, **facts)


class CodeUnknown(CodeRefused):
    code = "discount_code_unknown"
    cure = "The code {code} does not exist; check how it is written."


class CodeExpired(CodeRefused):
    code = "discount_code_expired"
    cure = "The code {code} is no longer valid; try another one."


class CodeNotYetValid(CodeRefused):
    code = "discount_code_not_yet"
    cure = "The code {code} is not valid yet; try again once the promotion has started."


class CodeUsedUp(CodeRefused):
    code = "discount_code_used_up"
    cure = "The code {code} has been used up; try another one."


class CodeAlreadyUsed(CodeRefused):
    code = "discount_code_already_used"
    cure = "You have used the code {code} as often as one customer may; try another one."


class CodeMinimumSubtotal(CodeRefused):
    """`missing` minor units."""

    code = "discount_code_minimum_subtotal"
    cure = "The order is too small for the code {code}; add something to it."


class CodeMinimumQuantity(CodeRefused):
    """`missing` units."""

    code = "discount_code_minimum_quantity"
    cure = "There are too few items for the code {code}; add more of them."


class CodeWithoutItems(CodeRefused):
    code = "discount_code_no_items"
    cure = "The code {code} is for other products; add one of them."


class CodeNotForBuyer(CodeRefused):
    code = "discount_code_not_for_you"
    cure = "The code {code} is for certain customers; sign in with the account that it was given to."


class CodeFirstOrderOnly(CodeRefused):
    code = "discount_code_first_order_only"
    cure = "The code {code} is for a first order; try another one."


class CodeNotCombinable(CodeRefused):
    code = "discount_code_not_combinable"
    cure = "The code {code} cannot be combined with the discount that saves more; remove that one to use it."


class CodeWrongCountry(CodeRefused):
    code = "discount_code_wrong_country"
    cure = "The code {code} is not for this country; choose another address or code."


class CodeShippingTooDear(CodeRefused):
    code = "discount_code_shipping_too_dear"
    cure = "The code {code} is not for this way of delivery; choose a cheaper one."


class TooManyCodes(Invalid):
    code = "too_many_discount_codes"

    def __init__(self, most: int) -> None:
        super().__init__(f"An order takes at most {most} codes; remove one first.", field="discount_code", maximum=most)


class DiscountUsedUp(Conflict):
    """Somebody else took the last use while the order was being paid; nothing was charged."""

    code = "discount_used_up"

    def __init__(self, title: str) -> None:
        super().__init__(f"The discount {title} has just been used up; look at the new total and confirm it.")


REASONS: dict[str, type[CodeRefused]] = {
    "unknown": CodeUnknown,
    "expired": CodeExpired,
    "not_yet": CodeNotYetValid,
    "used_up": CodeUsedUp,
    "already_used": CodeAlreadyUsed,
    "minimum_subtotal": CodeMinimumSubtotal,
    "minimum_quantity": CodeMinimumQuantity,
    "no_items": CodeWithoutItems,
    "not_for_you": CodeNotForBuyer,
    "first_order_only": CodeFirstOrderOnly,
    "not_combinable": CodeNotCombinable,
    "wrong_country": CodeWrongCountry,
    "shipping_too_dear": CodeShippingTooDear,
}
