"""What keeps a buyer out for a while."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid


class AdmissionRequired(Conflict):
    code = "admission_required"

    def __init__(self) -> None:
        super().__init__(
            "These goods are sold through a queue at the moment, and this checkout has no place in it (any more)."
            " Go to the checkout from the cart of the shop's page, or take a place with POST /queue of the shop's API;"
            " nothing was charged."
        )


class UnknownTicket(Invalid):
    code = "unknown_ticket"

    def __init__(self) -> None:
        super().__init__("This ticket is none of this shop's; take a place with POST /queue and send its ticket.")


class BadAdmission(Invalid):
    code = "invalid_admission"

    def __init__(self, field: str) -> None:
        super().__init__(
            "Limits are whole numbers from 1 to 10,000 buyers, the time is 2 to 120 minutes, products at most 20.",
            field=field,
        )
