"""Discounts as an app reads and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from souk.web.api.schemas.admin_collections import ProductId
from souk.web.api.schemas.common import Amount, Money, Shape, Time, whole
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

CollectionId = Annotated[str, Field(pattern=r"^collection_[1-9][0-9]{0,17}$")]
DiscountClass = Literal["product", "order", "shipping"]
ValueType = Literal["percentage", "fixed_amount", "free_shipping", "buy_x_get_y"]
Count = Annotated[int, Field(ge=1, le=1_000_000_000), BeforeValidator(whole)]
Tag = Annotated[str, Field(min_length=1, max_length=60)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
MOST_NAMED = 1_000


class DiscountParameters(CursorParameters):
    """`code` finds the discount that a code belongs to."""

    method: Literal["code", "automatic"] | None = None
    code: str = Field(default="", max_length=60)


class DiscountScope(Shape):
    """Products and collections that are meant; both empty: all. `quantity` counts for buy_x_get_y only."""

    product_ids: list[ProductId] = Field(default_factory=list, max_length=MOST_NAMED)
    collection_ids: list[CollectionId] = Field(default_factory=list, max_length=MOST_NAMED)
    quantity: Count | None = None


class NewDiscount(Shape):
    """`value` is per cent (a gift is 100) or, for fixed_amount, major units of the shop's currency, as are the other
    amounts. `combines_with` names the classes beside which it may stand; both discounts have to agree.
    """

    title: str = Field(min_length=1, max_length=120)
    method: Literal["code", "automatic"] = "code"
    code: str = Field(default="", max_length=60)
    status: Literal["active", "disabled"] = "active"
    discount_class: DiscountClass = "order"
    value_type: ValueType = "percentage"
    value: Amount | None = None
    applies_to: DiscountScope | None = None
    buys: DiscountScope | None = None
    gets: DiscountScope | None = None
    uses_per_order: Count | None = None
    minimum_subtotal: Amount | None = None
    minimum_quantity: Count | None = None
    customer_tags: list[Tag] = Field(default_factory=list, max_length=50)
    first_order_only: bool = False
    countries: list[Country] = Field(default_factory=list, max_length=250)
    max_shipping: Amount | None = None
    combines_with: list[DiscountClass] = Field(default_factory=list, max_length=3)
    usage_limit: Count | None = None
    per_customer: Count | None = None
    budget: Amount | None = None
    starts_at: Time | None = None
    ends_at: Time | None = None


class SimulatedDiscount(NewDiscount):
    """A discount that is not saved, and over how many of the newest orders it is run."""

    orders: Annotated[int, Field(ge=1, le=1_000), BeforeValidator(whole)] = 500


class SimulatedOrder(Shape):
    """`below_cost` compares with today's costs."""

    order_id: str
    name: str
    goods: Money
    saved: Money
    reaches_zero: bool
    below_cost: bool


class DiscountSimulation(Shape):
    """`orders` were looked at, `hits` met; `warnings` lists the first 50 orders that would have reached zero or gone
    below the cost of their goods, the largest saving first. Amounts are in the shop's currency.
    """

    orders: int
    hits: int
    goods: Money
    saved: Money
    zero: int
    below_cost: int
    currency: str
    warnings: list[SimulatedOrder]


class DiscountChanges(Changes, NewDiscount):
    """What is named takes the place of what there is; null takes a limit away."""

    title: str = Field(default="", min_length=1, max_length=120)


class AdminDiscount(NewDiscount):
    """`state` is what holds at this moment. `code` is the first of `codes_count`."""

    id: str
    state: Literal["active", "scheduled", "expired", "used_up", "disabled"]
    codes_count: int
    used_count: int
    spent: Money
    starts_at: datetime
    ends_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AdminDiscountPage(CursorPage):
    discounts: list[AdminDiscount]


class NewDiscountCodes(Shape):
    """`usage_limit` counts for each of the codes; null is no limit."""

    count: Annotated[int, Field(ge=1, le=10_000), BeforeValidator(whole)]
    prefix: str = Field(default="", max_length=20)
    usage_limit: Count | None = 1


class CodesMade(Shape):
    made: int


class DiscountCodeView(Shape):
    code: str
    usage_limit: int | None
    used_count: int
    created_at: datetime


class DiscountCodes(Shape):
    """Oldest first, at most 10,000."""

    codes: list[DiscountCodeView]
