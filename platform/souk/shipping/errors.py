"""What can be wrong with shipping."""

from __future__ import annotations

from souk.kernel.errors import Invalid


class UnknownShippingRate(Invalid):
    code = "unknown_shipping_rate"

    def __init__(self, rate_code: str) -> None:
        super().__init__(
            f"No shipping rate called {rate_code[:60]!r} is offered for this address; choose one of the offered rates."
        )
