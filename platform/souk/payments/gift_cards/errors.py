"""What can be wrong with gift cards."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class UnknownGiftCard(NotFound):
    code = "unknown_gift_card"

    def __init__(self) -> None:
        super().__init__("There is no such gift card in this shop.")


class GiftCardCodeUnknown(Invalid):
    """Also for a disabled or expired card, so that codes cannot be probed."""

    code = "gift_card_code_unknown"

    def __init__(self) -> None:
        super().__init__("This gift card cannot be used; check its code or write to the shop.", field="discount_code")


class GiftCardEmpty(Invalid):
    code = "gift_card_empty"

    def __init__(self) -> None:
        super().__init__("Nothing is left on this gift card; use another one.", field="discount_code")


class GiftCardOtherCurrency(Invalid):
    """Money of one currency never pays in another one: no rate would be the one that the buyer of the card saw."""

    code = "gift_card_currency"

    def __init__(self, card: str, order: str) -> None:
        super().__init__(
            f"This gift card is in {card} and the order in {order}; choose {card} as the shop's currency and begin the"
            " checkout again.",
            field="discount_code",
            card_currency=card,
            order_currency=order,
        )


class TooManyGiftCards(Invalid):
    code = "too_many_gift_cards"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"An order takes at most {most} gift cards; remove one first.", field="discount_code", maximum=most
        )


class GiftCardSpent(Conflict):
    """The card was used elsewhere while the order was about to be paid; nothing was charged."""

    code = "gift_card_spent"

    def __init__(self) -> None:
        super().__init__("A gift card has been used elsewhere meanwhile; look at the new total and confirm it.")


class GiftCardInvalid(Invalid):
    """`cure` is the whole sentence."""

    code = "gift_card_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)
