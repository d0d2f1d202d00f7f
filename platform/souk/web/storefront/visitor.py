"""The visitor whom a private page asks for; shared pages never do."""

from __future__ import annotations

from themes import rows


class NoVisitor:
    """For pages that are the same for everybody."""

    def __init__(self, currency: str) -> None:
        self._currency = currency

    def cart(self) -> rows.CartRow:
        return rows.CartRow(self._currency)

    def customer(self) -> rows.CustomerRow | None:
        return None
