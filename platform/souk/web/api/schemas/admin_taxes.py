"""The tax table and its rules as apps read and write them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from souk.tax.save_rate import MAX_NAME, MAX_POSTAL
from souk.web.api.schemas.common import Shape
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Province = Annotated[str, Field(max_length=6)]
PostalCode = Annotated[str, Field(max_length=MAX_POSTAL)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Percentage = Annotated[str, Field(pattern=r"^[0-9]{1,2}(\.[0-9]{1,4})?$")]


def _day(value: Any) -> Any:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        raise PydanticCustomError("date_parsing", "This is no day; write it like 2026-07-01") from None


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class TaxRateParameters(CursorParameters):
    """`on` finds the rates that hold on a day."""

    country: Country | None = None
    tax_class: str = Field(default="", max_length=MAX_NAME)
    on: Day | None = None


class _Where(Shape):
    province: Province = ""
    postal_from: PostalCode = ""
    postal_to: PostalCode = ""
    applies_to_shipping: bool = True
    valid_from: Day | None = None
    valid_to: Day | None = None


class NewTaxRate(_Where):
    """`percentage` is text such as "7.25". `province` is the part of ISO 3166-2 after the dash, and `postal_from` to
    `postal_to` a range of postal codes; rates of the country, the province and the code are all due. The rate holds
    from `valid_from` to `valid_to`, both days included; null is an open end.
    """

    country: Country
    name: Name
    percentage: Percentage
    tax_class: Name = "standard"


class TaxRateChanges(_Where, Changes):
    country: Country = ""
    name: Name = ""
    percentage: Percentage = ""
    tax_class: Name = ""


class TaxRateView(Shape):
    id: str
    country: str
    province: str
    postal_from: str
    postal_to: str
    tax_class: str
    name: str
    percentage: str
    applies_to_shipping: bool
    valid_from: str | None
    valid_to: str | None


class TaxRates(CursorPage):
    tax_rates: list[TaxRateView]


class TaxClassView(Shape):
    """How many rates and how many variants name the class; without a rate it is taxed as `standard`."""

    name: str
    rates: int
    variants: int


class TaxClasses(Shape):
    tax_classes: list[TaxClassView]


class UnionRates(Shape):
    """`added`: the standard rates that were missing."""

    added: int


class TaxRules(Shape):
    """`vat_number` is the shop's own in the European Union. `shipping` is taxed where the `rates` say so, as the
    `goods` of the order, or `none`. `export_at_net`: buyers outside the Union pay prices without the tax in them.
    """

    vat_number: str = Field(default="", max_length=20)
    export_at_net: bool = False
    shipping: Literal["rates", "goods", "none"] = "rates"
