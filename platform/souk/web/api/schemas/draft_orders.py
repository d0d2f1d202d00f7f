"""Draft orders and documents, as an app sends and reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from souk.web.api.schemas.admin_inventory import LocationId
from souk.web.api.schemas.common import Address, Amount, Money, Shape
from souk.web.api.schemas.order_changes import MOST, AddedGoods
from souk.web.api.schemas.paging import CursorPage

DocumentKind = Literal["invoice", "credit_note", "packing_slip"]


class WriteDraft(Shape):
    """`shipping_price` in major units; without it the buyer chooses among the shop's rates. With `pickup_location_id`
    the order is collected there, at the place's own price unless `shipping_price` is another.
    """

    line_items: list[AddedGoods] = Field(default_factory=list, max_length=MOST)
    email: str = Field(default="", max_length=254)
    shipping_address: Address | None = None
    shipping_title: str = Field(default="Shipping", max_length=100)
    shipping_price: Amount | None = None
    pickup_location_id: LocationId | None = None
    note: str = Field(default="", max_length=2_000)
    tags: list[str] = Field(default_factory=list, max_length=50)


class InvoiceDraft(Shape):
    """`hold_days`: how long the stock is held for the buyer."""

    hold_days: int = Field(default=0, ge=0, le=90)


class DraftLineView(Shape):
    variant_id: str
    title: str
    quantity: int
    price: Money
    price_trace: list[dict[str, Any]]


class DraftView(Shape):
    """`checkout_path` on the shop's host is where the buyer pays; `total` is without a rate that the buyer chooses.

    A list tells prices and totals as they were when the draft was last saved, a single draft as they are now.
    """

    id: str
    status: Literal["open", "invoiced", "completed", "canceled"]
    email: str
    currency: str
    line_items: list[DraftLineView]
    total: Money
    pickup_location_id: str | None
    note: str
    tags: list[str]
    checkout_path: str | None
    reserved_until: datetime | None
    order_id: str | None
    created_at: datetime


class DraftPage(CursorPage):
    draft_orders: list[DraftView]


class NewDocument(Shape):
    """A credit note names its refund, a packing slip its fulfillment."""

    kind: DocumentKind = "invoice"
    refund_id: str | None = Field(default=None, pattern=r"^refund_[1-9][0-9]{0,17}$")
    fulfillment_id: str | None = Field(default=None, pattern=r"^fulfillment_[1-9][0-9]{0,17}$")


class DocumentView(Shape):
    id: str
    kind: DocumentKind
    number: int
    name: str
    created_at: datetime


class DocumentList(Shape):
    documents: list[DocumentView]
