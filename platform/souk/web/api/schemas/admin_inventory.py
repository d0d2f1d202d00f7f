"""Stock as an app reads and changes it; `version` is what a change may be made to depend on."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from souk.web.api.schemas.admin_products import VariantId
from souk.web.api.schemas.common import Amount, Money, Shape, whole
from souk.web.api.schemas.paging import CursorPage, CursorParameters

MOST_UNITS = 10_000_000
LocationId = Annotated[str, Field(pattern=r"^location_[1-9][0-9]{0,17}$")]
Units = Annotated[int, Field(ge=-MOST_UNITS, le=MOST_UNITS), BeforeValidator(whole)]
Version = Annotated[int, Field(ge=0, le=10**12), BeforeValidator(whole)]
Reason = Literal["correction", "count", "received", "returned", "damaged", "lost", "promotion", "own_use", "other"]


class InventoryParameters(CursorParameters):
    variant_id: VariantId | None = None
    location_id: LocationId | None = None


class AdminLevel(Shape):
    """`available` = on_hand - committed - reserved. `version` rises with every change of on_hand, never with a sale;
    it is 0 where nothing was ever set.
    """

    variant_id: str
    product_id: str
    location_id: str
    on_hand: int
    committed: int
    reserved: int
    available: int
    incoming: int
    version: int


class AdminLevelPage(CursorPage):
    levels: list[AdminLevel]


class SetInventory(Shape):
    """Without `location_id` the first active location is meant. With `version` the change is refused when somebody
    changed the level meanwhile.
    """

    variant_id: VariantId
    location_id: LocationId | None = None
    on_hand: Units
    version: Version | None = None
    reason: str = Field(default="count", min_length=1, max_length=200)


class AdjustInventory(Shape):
    """`delta` is added; below zero it takes away."""

    variant_id: VariantId
    location_id: LocationId | None = None
    delta: Units
    version: Version | None = None
    reason: Reason = "correction"
    note: str = Field(default="", max_length=200)


class PickupTermsView(Shape):
    """`ready_hours` is how long it takes until an order lies ready; `price` in the shop's currency."""

    price: Money
    instructions: str
    ready_hours: int


class PickupAddress(Shape):
    line1: str = Field(min_length=1, max_length=200)
    line2: str = Field(default="", max_length=200)
    city: str = Field(min_length=1, max_length=200)
    state: str = Field(default="", max_length=100)
    postal_code: str = Field(default="", max_length=20)
    country: str = Field(pattern=r"^[A-Z]{2}$")


class OfferPickup(Shape):
    """`address` is where buyers come to."""

    address: PickupAddress
    price: Amount = Decimal(0)
    instructions: str = Field(default="", max_length=1_000)
    ready_hours: Annotated[int, Field(ge=0, le=1_440), BeforeValidator(whole)] = 24


class AdminLocation(Shape):
    id: str
    name: str
    address: dict[str, Any]
    active: bool
    priority: int
    pickup: PickupTermsView | None = None


class AdminLocations(Shape):
    locations: list[AdminLocation]
