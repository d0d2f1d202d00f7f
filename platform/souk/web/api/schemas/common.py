"""Field types that every shape shares."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

MAX_PAGE = 10_000
FIRST_YEAR, LAST_YEAR = 1970, 2999
_DIGITS = re.compile(r"-?[0-9]{1,9}")
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_LARGEST_WHOLE = 10**12


class Shape(BaseModel):
    """Nothing unknown, nothing converted in silence."""

    # Few processes are asked everything: each validator is built when it is first needed.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Nothing(Shape):
    """No parameters."""


def whole(value: Any) -> Any:
    # JSON knows one kind of number: 1.0 is as whole as 1.
    if isinstance(value, Decimal) and abs(value) < _LARGEST_WHOLE and value == value.to_integral_value():
        return int(value)
    return value


def _decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _whole_text(value: Any) -> Any:
    if isinstance(value, str):
        if not _DIGITS.fullmatch(value):
            raise PydanticCustomError("int_parsing", "This is no whole number; write it in digits")
        return int(value)
    return value


def _decimal_text(value: Any) -> Any:
    if isinstance(value, str):
        if not _DECIMAL.fullmatch(value):
            raise PydanticCustomError("decimal_parsing", "This is no decimal number; write it like 12.50")
        return Decimal(value)
    return value


def _truth_text(value: Any) -> Any:
    if isinstance(value, str):
        if value not in {"true", "false"}:
            raise PydanticCustomError("bool_parsing", "This is neither true nor false")
        return value == "true"
    return value


def _time(value: Any) -> Any:
    # JSON has no times, and a number would be read as seconds since 1970.
    if not isinstance(value, str):
        raise PydanticCustomError("time_type", "This is no time; write it like 2026-11-23T12:00:00Z")
    return value


def _near_our_time(value: datetime) -> datetime:
    # Years beyond these have no place in PostgreSQL or no date once they are brought to UTC.
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise PydanticCustomError("time_range", "This time is too far away; use a year from 1970 to 2999")
    return value.astimezone(UTC)


Time = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_time), AfterValidator(_near_our_time)]
Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    Field(ge=0, lt=10**13),
    WithJsonSchema({"type": "number", "minimum": 0, "exclusiveMaximum": 10**13, "examples": [12.5]}),
]
Money = Annotated[Decimal, WithJsonSchema({"type": "number", "description": "Major units, exact"})]
# The limits stand before the validator: after it they would be checked but not be told in the schema.
Quantity = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(whole)]
Stars = Annotated[int, Field(ge=1, le=5), BeforeValidator(whole)]
QueryAmount = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    Field(ge=0, le=10**12),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10**12}),
]
QueryBool = Annotated[bool, BeforeValidator(_truth_text)]
Page = Annotated[int, Field(ge=1, le=MAX_PAGE), BeforeValidator(_whole_text)]
Limit = Annotated[int, Field(ge=1, le=100), BeforeValidator(_whole_text)]


class ProblemField(BaseModel):
    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457 problem details; `code` is stable and made for programs, further members depend on it."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str


class Address(Shape):
    """`country` is ISO 3166-1 alpha-2. A business gives its `company` and `tax_number`; they are left out elsewhere."""

    name: str = Field(min_length=1, max_length=200)
    line1: str = Field(min_length=1, max_length=200)
    line2: str = Field(default="", max_length=200)
    city: str = Field(min_length=1, max_length=200)
    state: str = Field(default="", max_length=100)
    postal_code: str = Field(default="", max_length=20)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    phone: str = Field(default="", max_length=30)
    company: str | None = Field(default=None, max_length=200, exclude_if=lambda value: value is None)
    tax_number: str | None = Field(default=None, max_length=30, exclude_if=lambda value: value is None)
