"""Price lists and currencies as an app reads and writes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from souk.web.api.schemas.admin_discounts import Country, Tag
from souk.web.api.schemas.common import Amount, Money, Shape, Time, whole
from souk.web.api.schemas.paging import Changes, CursorPage

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Percent = Annotated[str, Field(pattern=r"^[+-]?[0-9]{1,3}(\.[0-9]{1,4})?$")]
Pieces = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(whole)]
Rank = Annotated[int, Field(ge=-1_000, le=1_000), BeforeValidator(whole)]
VariantId = Annotated[str, Field(pattern=r"^variant_[1-9][0-9]{0,17}$")]
MinorUnits = Annotated[int, Field(ge=0, le=10_000_000), BeforeValidator(whole)]


class QuantityBreak(Shape):
    """`percent`, below zero, is taken off the list's own price of whoever buys `min_quantity` of one variant."""

    min_quantity: Pieces
    percent: Percent


class _Terms(Shape):
    status: Literal["active", "disabled"] = "active"
    currency: Currency | Literal[""] = ""
    countries: list[Country] = Field(default_factory=list, max_length=250)
    customer_tags: list[Tag] = Field(default_factory=list, max_length=50)
    percent: Percent | None = None
    quantity_breaks: list[QuantityBreak] = Field(default_factory=list, max_length=10)
    priority: Rank = 0
    starts_at: Time | None = None
    ends_at: Time | None = None


class NewPriceList(_Terms):
    """`percent` changes every price ("-10"); null leaves what has no price of its own. Empty `currency`, `countries`
    and `customer_tags` stand for every one.
    """

    name: str = Field(min_length=1, max_length=80)


class PriceListChanges(_Terms, Changes):
    name: str = Field(default="", min_length=1, max_length=80)


class AdminPriceList(NewPriceList):
    """`status` may be scheduled or expired too; `prices` counts the list's own prices."""

    id: str
    status: Literal["active", "disabled", "scheduled", "expired"]  # type: ignore[assignment]
    prices: int


class PriceLists(CursorPage):
    price_lists: list[AdminPriceList]


class ListedPrice(Shape):
    """What one unit of a variant costs from `min_quantity` on, in major units of the list's currency."""

    variant_id: VariantId
    min_quantity: Pieces = 1
    price: Amount
    compare_at_price: Amount | None = None


class ListedPrices(Shape):
    currency: str
    prices: list[ListedPrice]


class WritePrices(Shape):
    """The prices of the variants that are named replace those that these have; `clear` takes all prices of variants
    away, and `replace` those of every other variant.
    """

    prices: list[ListedPrice] = Field(default_factory=list, max_length=5_000)
    clear: list[VariantId] = Field(default_factory=list, max_length=5_000)
    replace: bool = False


class WriteCurrency(Shape):
    """`rate`: one unit of the shop's currency in this one. A converted price is rounded to `step` minor units, and
    `less` minor units are taken off. `countries` show it until a buyer chooses another one.
    """

    rate: str = Field(min_length=1, max_length=20)
    step: MinorUnits = 1
    less: MinorUnits = 0
    countries: list[Country] = Field(default_factory=list, max_length=250)
    enabled: bool = True


class CurrencyView(WriteCurrency):
    code: str
    example: Money = Field(description="What 100 units of the shop's currency are, in major units.")


class Currencies(Shape):
    """`base` is the shop's own currency."""

    base: str
    currencies: list[CurrencyView]
