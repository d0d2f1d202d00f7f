"""What can be wrong with an address for events, and with sending to it."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound, SoukError


class BadEndpoint(Invalid):
    code = "webhook_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class EndpointTaken(Conflict):
    code = "webhook_taken"

    def __init__(self) -> None:
        super().__init__("Events are sent to this address already; change its topics instead.", field="url")


class TooManyEndpoints(Conflict):
    code = "too_many_webhooks"

    def __init__(self, most: int) -> None:
        super().__init__(f"A shop sends events to at most {most} addresses; delete one first.")


class UnknownEndpoint(NotFound):
    code = "webhook_missing"

    def __init__(self) -> None:
        super().__init__("There is no such webhook in this shop; it may have been deleted.")


class UnknownDelivery(NotFound):
    code = "webhook_delivery_missing"

    def __init__(self) -> None:
        super().__init__("This webhook has no such delivery that has failed; deliveries are kept for 30 days.")


class NotDelivered(SoukError):
    """The endpoint did not take the event; it is sent again later."""

    status = 502
    code = "webhook_not_delivered"


class EndpointGone(SoukError):
    """The endpoint said that it is gone for good (410)."""

    status = 502
    code = "webhook_gone"
