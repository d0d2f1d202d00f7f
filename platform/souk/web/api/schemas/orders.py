"""Orders: what is sent to place one, and how one is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from souk.web.api.schemas.common import Address, Amount, Limit, Money, Page, Quantity, Shape

OrderStatus = Literal["draft", "open", "archived", "canceled"]


class OrderItem(Shape):
    """Either `product_id` (its cheapest variant, the one whose price the product shows; of several the first that can
    be bought) or `variant_id`.

    `price` is what the buyer was shown for one; where it is no longer right nothing is bought.
    """

    product_id: str | None = Field(default=None, pattern=r"^prod_[1-9][0-9]{0,18}$")
    variant_id: str | None = Field(default=None, pattern=r"^variant_[1-9][0-9]{0,18}$")
    quantity: Quantity
    price: Amount | None = None

    @model_validator(mode="after")
    def names_one_thing(self) -> OrderItem:
        if self.product_id is None and self.variant_id is None:
            raise PydanticCustomError("missing", "An item names a product_id or a variant_id")
        return self


class TestPayment(Shape):
    """The test gateway: each token has one outcome."""

    __test__ = False

    type: Literal["test"]
    token: Literal[
        "tok_approved",
        "tok_declined",
        "tok_insufficient_funds",
        "tok_requires_action",
        "tok_slow",
        "tok_risky",
        "tok_lost_answer",
    ]


class ManualPayment(Shape):
    """Payment outside the shop; the order stays pending until the merchant marks it paid."""

    type: Literal["manual"]


class StripePayment(Shape):
    """A card or another method that Stripe.js has turned into a token; card data itself is refused."""

    type: Literal["stripe"]
    token: str = Field(pattern=r"^(pm|ctoken)_[A-Za-z0-9_]{1,120}$")


class SavedPayment(Shape):
    """A method of the customer's profile that the provider keeps."""

    type: Literal["saved"]
    id: str = Field(pattern=r"^method_[1-9][0-9]{0,18}$")


PaymentMethod = Annotated[TestPayment | ManualPayment | StripePayment, Field(discriminator="type")]


Ticket = Annotated[str, Field(max_length=200)]
VariantId = Annotated[str, Field(pattern=r"^variant_[1-9][0-9]{0,17}$")]
DiscountCodeText = Annotated[str, Field(min_length=1, max_length=60)]


class AppliedDiscount(Shape):
    """What one discount took off an order; `code` is empty for an automatic one."""

    title: str
    code: str
    discount_class: Literal["product", "order", "shipping"]
    amount: Money


AnyPaymentMethod = Annotated[TestPayment | ManualPayment | StripePayment | SavedPayment, Field(discriminator="type")]


class CollectOrder(Shape):
    """`location_id` is one of GET /pickup-locations; `name` is who comes."""

    location_id: str = Field(pattern=r"^location_[1-9][0-9]{0,17}$")
    name: str = Field(min_length=1, max_length=200)
    phone: str = Field(default="", max_length=30)


class PickupParameters(Shape):
    """`items` are the variants to be collected with how many of each, apart by commas: variant_12:2,variant_15. Only
    places that have all of them on their shelves are listed. `locale` is one of the shop's languages.
    """

    items: str = Field(default="", pattern=r"^(variant_[1-9][0-9]{0,17}(:[1-9][0-9]{0,3})?(,|$)){0,100}$")
    locale: str = Field(default="", pattern=r"^([a-z]{2})?$")


class PickupLocation(Shape):
    """`ready_hours` is how long it takes until an order lies ready; `price` in the shop's currency."""

    location_id: str
    name: str
    address: dict[str, str]
    instructions: str
    ready_hours: int
    price: Money


class PickupLocations(Shape):
    pickup_locations: list[PickupLocation]


class PickupShape(Shape):
    """Where an order is collected."""

    location_id: str
    name: str
    instructions: str
    ready_hours: int


class PlaceOrder(Shape):
    """`discount_codes` each have to count, otherwise nothing is bought; automatic discounts apply in any case.

    Without a `currency` it is the shop's own. With `pickup` the order is collected and needs no `shipping_address`.
    `fields` answers what plugins ask in the checkout, by id; `accepts_terms`: the buyer has agreed to the shop's terms.
    `ticket` is that of POST /queue, for goods that are sold through a queue.
    """

    user_id: str | None = Field(default=None, pattern=r"^user_[1-9][0-9]{0,18}$")
    items: list[OrderItem] = Field(min_length=1, max_length=100)
    pickup: CollectOrder | None = None
    shipping_address: Address | None = Field(default=None, validate_default=True)
    payment_method: AnyPaymentMethod
    discount_codes: list[DiscountCodeText] = Field(default_factory=list, max_length=5)
    currency: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    fields: dict[str, Annotated[str, Field(max_length=500)]] = Field(default_factory=dict, max_length=20)
    accepts_terms: bool = False
    ticket: Ticket = ""

    @field_validator("shipping_address")
    @classmethod
    def _goes_somewhere(cls, address: Address | None, told: ValidationInfo) -> Address | None:
        # A pickup that was refused itself is told of already.
        if address is None and "pickup" in told.data and told.data["pickup"] is None:
            raise PydanticCustomError("missing", "Field required")
        return address


class JoinQueue(Shape):
    """`ticket` is the one that was answered before; without it a new place at the end is taken."""

    variant_ids: list[VariantId] = Field(min_length=1, max_length=100)
    ticket: Ticket = ""


class QueuePlace(Shape):
    """`open`: these goods need no place. `waiting`: `ahead` others come first; ask again after `look_again` seconds,
    for who does not ask for 45 seconds is passed over. `admitted`: place the order with the `ticket` now.
    """

    status: Literal["open", "waiting", "admitted", "sold_out"]
    ticket: str
    ahead: int
    look_again: int


class PayBalance(Shape):
    payment_method: PaymentMethod


class CancelOrder(Shape):
    """`reason` holds the buyer's own words: the merchant reads them in the order's timeline."""

    reason: str = Field(default="", max_length=200)


class OrderLineShape(Shape):
    line_item_id: str
    product_id: str | None
    variant_id: str | None
    name: str
    variant: str
    sku: str
    quantity: int
    fulfilled_quantity: int
    price: Money
    total: Money


class FulfilledItem(Shape):
    variant_id: str | None
    quantity: int


TrackingStatus = Literal[
    "unknown", "pre_transit", "in_transit", "out_for_delivery", "available_for_pickup", "delivered",
    "return_to_sender", "failure",
]  # fmt: skip


class FulfillmentShape(Shape):
    """`tracking_status` is the carrier's word, apart from ours in `status`."""

    fulfillment_id: str
    status: Literal["pending", "shipped", "delivered", "canceled"]
    tracking_company: str
    tracking_number: str
    tracking_url: str
    tracking_status: TrackingStatus
    items: list[FulfilledItem]
    shipped_at: datetime | None


class PaymentShape(Shape):
    payment_id: str
    kind: Literal["authorization", "capture", "sale", "void", "refund"]
    status: Literal["pending", "success", "failure", "error"]
    amount: Money
    currency: str
    provider: str
    processed_at: datetime


class OrderShape(Shape):
    """`tracking_number` is that of the newest parcel, null before there is one; `discounts` where there are any."""

    order_id: str
    status: OrderStatus
    items: list[OrderLineShape]
    discounts: list[AppliedDiscount] = Field(default_factory=list, exclude_if=lambda value: not value)
    total: Money
    currency: str
    shipping_address: Address
    pickup: PickupShape | None = Field(default=None, exclude_if=lambda value: value is None)
    tracking_number: str | None
    fulfillments: list[FulfillmentShape]
    payments: list[PaymentShape]


class OrderParameters(Shape):
    status: OrderStatus | None = None
    page: Page = 1
    limit: Limit = 20


class OrderPage(Shape):
    orders: list[OrderShape]
    total: int
    page: int
    limit: int
