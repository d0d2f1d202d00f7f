"""Orders as an app reads them, and what it may do with one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from souk.web.api.schemas.common import Address, Amount, Money, Quantity, Shape, Time
from souk.web.api.schemas.orders import AppliedDiscount, FulfillmentShape, OrderStatus, PaymentShape, TrackingStatus
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

FinancialStatus = Literal[
    "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "expired"
]
FulfillmentStatus = Literal["unfulfilled", "partially_fulfilled", "fulfilled", "in_progress", "on_hold", "scheduled"]
CancelReason = Literal["customer", "fraud", "inventory", "declined", "staff", "other"]
LineId = Annotated[str, Field(pattern=r"^line_[1-9][0-9]{0,17}$")]
LocationId = Annotated[str, Field(pattern=r"^location_[1-9][0-9]{0,17}$")]
MOST_LINES = 500


class OrderFilters(CursorParameters):
    """`email` matches exactly, whatever the case."""

    status: OrderStatus | None = None
    financial_status: FinancialStatus | None = None
    fulfillment_status: FulfillmentStatus | None = None
    customer_id: Annotated[str, Field(pattern=r"^user_[1-9][0-9]{0,17}$")] | None = None
    email: str = Field(default="", max_length=254)
    placed_since: Time | None = None


class LineItem(Shape):
    """`total` is after discounts and before tax. `price_trace` explains it: the steps base, relief, quantity, discount,
    tax and rounding in their order, and `below_cost` where the line earns less than the goods cost. A tax has a
    `source` where a tax provider said its rate. `location_id` is where its units are promised; null where its stock is
    not counted, and for a bundle, whose parts may lie apart.
    """

    id: str
    product_id: str | None
    variant_id: str | None
    title: str
    variant_title: str
    sku: str
    vendor: str
    location_id: str | None
    quantity: int
    fulfilled_quantity: int
    canceled_quantity: int
    refunded_quantity: int
    price: Money
    total: Money
    tax_total: Money
    price_trace: list[dict[str, Any]]


class ShippingLine(Shape):
    """`pickup_location_id`: the order is collected there instead of sent. `delivery_days` are the fewest and the most
    that its buyer was told, or empty.
    """

    code: str
    title: str
    price: Money
    pickup_location_id: str | None = None
    delivery_days: list[int] = Field(default_factory=list)


class RefundedLine(Shape):
    """`restock` puts sent units back on the shelf."""

    line_item_id: LineId
    quantity: Quantity
    restock: bool = False


class RefundView(Shape):
    id: str
    status: Literal["pending", "succeeded", "failed", "canceled"]
    amount: Money
    shipping: Money
    line_items: list[RefundedLine]
    reason: str
    created_at: datetime


class CheckoutAnswer(Shape):
    """What a plugin asked in the checkout; `label` is that of the day."""

    id: str
    label: str
    value: str


class RiskNote(Shape):
    """What a payment provider or a person finds odd about an order; `source` says who."""

    source: str
    level: Literal["low", "medium", "high"]
    text: str
    at: datetime


class TimelineEvent(Shape):
    """`actor`: `customer`, `system`, `staff:<id>`, `app:<id>` or `provider:<name>`; amounts are minor units."""

    type: str
    actor: str
    params: dict[str, Any]
    created_at: datetime


class Timeline(Shape):
    """Oldest first."""

    events: list[TimelineEvent]


class AdminOrder(Shape):
    """`tax_total` holds the tax that prices include and the tax that is added."""

    id: str
    number: int
    name: str
    status: OrderStatus
    financial_status: FinancialStatus
    fulfillment_status: FulfillmentStatus
    customer_id: str | None
    email: str
    phone: str
    currency: str
    prices_include_tax: bool
    subtotal: Money
    discount_total: Money
    shipping_total: Money
    tax_total: Money
    total: Money
    shipping_address: Address
    billing_address: Address
    shipping_line: ShippingLine | None
    discounts: list[AppliedDiscount]
    line_items: list[LineItem]
    tags: list[str]
    hold_reason: str
    risks: list[RiskNote]
    external_number: str | None
    version: int
    fulfillments: list[FulfillmentShape]
    payments: list[PaymentShape]
    refunds: list[RefundView]
    note: str
    fields: list[CheckoutAnswer]
    source: str
    cancel_reason: str | None
    placed_at: datetime
    canceled_at: datetime | None


class AdminOrderPage(CursorPage):
    orders: list[AdminOrder]


class LineQuantity(Shape):
    line_item_id: LineId
    quantity: Quantity


class NewFulfillment(Shape):
    """Without `line_items` everything that is left is sent. `location_id`: the units leave from there instead of where
    they were promised.
    """

    line_items: list[LineQuantity] | None = Field(default=None, min_length=1, max_length=MOST_LINES)
    tracking_company: str = Field(default="", max_length=100)
    tracking_number: str = Field(default="", max_length=100)
    tracking_url: str = Field(default="", max_length=300, pattern=r"^(https?://[^\s]+)?$")
    location_id: LocationId | None = None


class FulfillmentChanges(Changes):
    """What is left out stays as it is. `tracking_status` is the carrier's word; `delivered` ends the parcel."""

    tracking_company: str | None = Field(default=None, max_length=100)
    tracking_number: str | None = Field(default=None, max_length=100)
    tracking_url: str | None = Field(default=None, max_length=300, pattern=r"^(https?://[^\s]+)?$")
    tracking_status: TrackingStatus | None = None


class CancelAdminOrder(Shape):
    """`note` stands in the order's timeline."""

    reason: CancelReason = "other"
    restock: bool = True
    note: str = Field(default="", max_length=200)


class NewRefund(Shape):
    """`amount` is in major units of the order's currency, at most what was paid and not given back yet; without it the
    units of `line_items` and the `shipping` go back at what they cost. `shipping` is what of it is for the delivery.
    """

    amount: Amount | None = None
    shipping: Amount | None = None
    reason: str = Field(min_length=1, max_length=200)
    line_items: list[RefundedLine] = Field(default_factory=list, max_length=MOST_LINES)


class NewCapture(Shape):
    """`amount` is in major units of the order's currency; without it all that is left is taken. `final` lets go of the
    rest, which a provider without several captures does in any case.
    """

    amount: Amount | None = None
    final: bool = False
