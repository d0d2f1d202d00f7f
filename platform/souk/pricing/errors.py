"""What can be wrong with price lists and currencies."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class PriceListMissing(NotFound):
    code = "price_list_missing"

    def __init__(self) -> None:
        super().__init__("There is no such price list in this shop; it may have been deleted.")


class PriceListInvalid(Invalid):
    """A value of a list; `cure` is the whole sentence."""

    code = "price_list_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


class PriceListTaken(Conflict):
    code = "price_list_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"Another price list is called {name!r}; choose another name.", field="name")


class PricesRefused(Invalid):
    """A row of prices that was sent; `row` counts from 1, nothing was changed."""

    code = "prices_refused"

    def __init__(self, row: int, cure: str) -> None:
        super().__init__(f"Row {row}: {cure}", row=row)


class CurrencyInvalid(Invalid):
    """A value of a currency; `cure` is the whole sentence."""

    code = "currency_invalid"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)
