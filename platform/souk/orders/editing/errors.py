"""Why an order cannot be edited like this."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class CannotEdit(Conflict):
    code = "cannot_edit"

    def __init__(self, why: str) -> None:
        super().__init__(f"This order cannot be edited: {why}.")


class UnknownEdit(NotFound):
    code = "unknown_edit"

    def __init__(self) -> None:
        super().__init__("This order has no such open edit; begin one on the order's page.")


class StaleEdit(Conflict):
    """The order changed after the edit was begun; nothing was changed."""

    code = "stale_edit"

    def __init__(self, seen: int, now: int) -> None:
        super().__init__(
            "The order has changed since this edit was begun, so that its difference is another one; look at the new"
            " preview and confirm again.",
            seen_version=seen,
            version=now,
        )


class BadEditLine(Invalid):
    code = "invalid_edit_line"

    def __init__(self, title: str, least: int) -> None:
        super().__init__(
            f"{title}: the quantity is at least {least}, what was sent, canceled or refunded, up to 10,000."
        )


class TaxUnanswered(Unavailable):
    """The shop takes no order while its tax provider is silent, and added goods are part of one."""

    code = "tax_unknown"

    def __init__(self) -> None:
        super().__init__(
            "The tax of the added goods is not known: the tax provider does not answer, and the shop's taxes are set to"
            " take no order then. Nothing was changed; try again in a minute, or let the table hold in the settings."
        )


class NothingEdited(Invalid):
    code = "nothing_edited"

    def __init__(self) -> None:
        super().__init__("The edit changes nothing; change a quantity or add a line first.")
