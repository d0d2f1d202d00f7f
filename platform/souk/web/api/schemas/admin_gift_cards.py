"""Gift cards and store credit as an app reads and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from souk.web.api.schemas.common import Amount, Money, Shape, Time
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters


class GiftCardRecipient(Shape):
    """`email` gets the code by mail."""

    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=200)
    message: str = Field(default="", max_length=1_000)


class NewGiftCard(Shape):
    """`amount` in major units of the shop's currency."""

    amount: Amount
    recipient: GiftCardRecipient = Field(default_factory=GiftCardRecipient)
    note: str = Field(default="", max_length=1_000)
    expires_at: Time | None = None


class GiftCardChanges(Changes):
    """A disabled card keeps its balance and pays nothing."""

    status: Literal["active", "disabled"] = "active"


class GiftCardAdjustment(Shape):
    """`take_off` takes at most what is left; `note` says why and stays with the movement."""

    action: Literal["add", "take_off"]
    amount: Amount
    note: str = Field(default="", max_length=1_000)


class GiftCardMovement(Shape):
    """`amount` is below zero where it left the card; `balance` is what was left after it."""

    kind: str
    amount: Money
    balance: Money
    order_id: str | None
    actor: str
    note: str
    created_at: datetime


class GiftCardMovements(Shape):
    """Newest first."""

    movements: list[GiftCardMovement]


class StoreCreditChange(Shape):
    """`amount` in major units of the shop's currency; `take_back` takes at most what is left."""

    action: Literal["grant", "take_back"] = "grant"
    amount: Amount
    note: str = Field(default="", max_length=1_000)


class AdminGiftCard(Shape):
    """`code` is there in the answer that made the card, and null ever after: only its end is kept."""

    id: str
    kind: Literal["gift_card", "store_credit"]
    status: Literal["active", "disabled"]
    code: str | None
    last_characters: str
    currency: str
    initial_amount: Money
    balance: Money
    customer_id: str | None
    order_id: str | None
    recipient: GiftCardRecipient
    note: str
    expires_at: datetime | None
    created_at: datetime


class AdminGiftCardPage(CursorPage):
    gift_cards: list[AdminGiftCard]


class GiftCardParameters(CursorParameters):
    kind: Literal["gift_card", "store_credit"] | None = None
