"""Why goods cannot come back like this."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class UnknownReturn(NotFound):
    code = "unknown_return"

    def __init__(self) -> None:
        super().__init__("There is no such return in this shop; look at the order's page.")


class CannotReturn(Conflict):
    code = "cannot_return"

    def __init__(self, why: str) -> None:
        super().__init__(f"This cannot be returned: {why}.")


class WrongReturnStatus(Conflict):
    code = "return_status"

    def __init__(self, status: str, wanted: str) -> None:
        super().__init__(f"The return is {status}; {wanted}.", status=status)


class BadReturn(Invalid):
    code = "invalid_return"

    def __init__(self, why: str) -> None:
        super().__init__(why)
