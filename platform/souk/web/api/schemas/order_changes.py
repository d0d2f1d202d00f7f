"""Edits and returns of orders, holds, tags and notes, as an app sends and reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from souk.web.api.schemas.admin_orders import LineId
from souk.web.api.schemas.common import Amount, Money, Quantity, Shape
from souk.web.api.schemas.paging import CursorPage, CursorParameters

VariantId = Annotated[str, Field(pattern=r"^variant_[1-9][0-9]{0,17}$")]
ReturnKind = Literal["return", "exchange", "claim"]
ReturnStatus = Literal["requested", "approved", "received", "closed", "declined", "canceled"]
ReturnReason = Literal[
    "unwanted", "wrong_size", "not_as_described", "damaged", "wrong_item", "missing_item", "defective", "other"
]
MOST = 100


class AddedGoods(Shape):
    """`price` is for one unit in major units; without it today's price counts."""

    variant_id: VariantId
    quantity: Quantity
    price: Amount | None = None


class EditedLine(Shape):
    """`quantity` may be 0; it is at least what was sent, canceled or refunded."""

    line_item_id: LineId
    quantity: int = Field(ge=0, le=10_000)


class EditOrder(Shape):
    """`version` is that of the order as it was seen; another one is refused. `dry_run` only tells the difference."""

    line_items: list[EditedLine] = Field(default_factory=list, max_length=500)
    add: list[AddedGoods] = Field(default_factory=list, max_length=MOST)
    note: str = Field(default="", max_length=500)
    version: int | None = Field(default=None, ge=1)
    dry_run: bool = False


class EditView(Shape):
    """`difference` is between the totals; `to_collect` is then owed by the buyer, `to_return` goes back."""

    confirmed: bool
    version: int
    total_before: Money
    total: Money
    difference: Money
    to_collect: Money
    to_return: Money
    currency: str


class ReturnedLine(Shape):
    line_item_id: LineId
    quantity: Quantity
    reason: ReturnReason = "other"


class NewReturn(Shape):
    """`add`: the goods of an exchange, or what replaces the goods of a claim."""

    kind: ReturnKind = "return"
    line_items: list[ReturnedLine] = Field(min_length=1, max_length=500)
    add: list[AddedGoods] = Field(default_factory=list, max_length=MOST)
    note: str = Field(default="", max_length=1_000)


class ReturnStep(Shape):
    """`decline` needs a note, which the customer reads."""

    step: Literal["approve", "decline", "receive", "cancel"]
    note: str = Field(default="", max_length=500)


class InspectedLine(Shape):
    line_item_id: LineId
    restock: int = Field(default=0, ge=0, le=10_000)
    discard: int = Field(default=0, ge=0, le=10_000)


class SettleReturn(Shape):
    """`amount` in major units goes back instead of what the goods cost; `location_id` is where the goods are put away,
    where they were promised without it. With `rest_follows` what did not come yet stands in a new return that waits.
    """

    line_items: list[InspectedLine] = Field(default_factory=list, max_length=500)
    amount: Amount | None = None
    location_id: str | None = None
    rest_follows: bool = False


class ReturnView(Shape):
    id: str
    order_id: str
    kind: ReturnKind
    status: ReturnStatus
    line_items: list[ReturnedLine]
    note: str
    created_at: datetime
    updated_at: datetime


class ReturnPage(CursorPage):
    returns: list[ReturnView]


class ReturnFilters(CursorParameters):
    status: ReturnStatus | None = None


class HoldOrder(Shape):
    """Without a reason the hold is released."""

    reason: Literal["awaiting_payment", "high_risk", "incorrect_address", "out_of_stock", "other"] | None = None


class MarkOrder(Shape):
    """`tags` replace those of before; `note` is added to the timeline, `risk` to the order's risk notes."""

    tags: list[str] | None = Field(default=None, max_length=50)
    note: str = Field(default="", max_length=2_000)
    risk_level: Literal["low", "medium", "high"] | None = None
    risk: str = Field(default="", max_length=500)


class AskReturn(Shape):
    """What a customer asks to send back, by the line items of the order."""

    line_items: list[ReturnedLine] = Field(min_length=1, max_length=500)
    note: str = Field(default="", max_length=1_000)
