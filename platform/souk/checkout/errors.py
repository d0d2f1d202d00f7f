"""What can be wrong with a checkout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from souk.kernel.errors import Conflict, Invalid, NotFound


class UnknownCheckout(NotFound):
    code = "unknown_checkout"

    def __init__(self) -> None:
        super().__init__("This checkout is gone; start again from the cart.")


class CheckoutBusy(Conflict):
    code = "checkout_busy"

    def __init__(self) -> None:
        super().__init__("This checkout is being paid at this moment; wait a few seconds and look again.")


class CheckoutEnded(Conflict):
    code = "checkout_ended"

    def __init__(self) -> None:
        super().__init__("This checkout has ended; start again from the cart.")


class PriceChanged(Conflict):
    code = "price_changed"

    def __init__(self, shown: int, total: int, currency: str) -> None:
        self.total = total
        super().__init__(
            "The total has changed since it was shown; look at the new one and confirm it.",
            shown_total_minor=shown,
            total_minor=total,
            currency=currency,
        )


class RequirementsNotMet(Invalid):
    """`requirements`: [{code, field, message}], everything that blocks the payment."""

    code = "requirements_not_met"

    def __init__(self, requirements: Sequence[Mapping[str, str]]) -> None:
        self.requirements = list(requirements)
        super().__init__(
            "The checkout is not complete: " + " ".join(one["message"] for one in requirements),
            requirements=self.requirements,
        )


class BadEmail(Invalid):
    code = "invalid_email"

    def __init__(self) -> None:
        super().__init__("This is no e-mail address; write one such as name@example.com.", field="email")
