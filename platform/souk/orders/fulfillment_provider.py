"""Who packs and sends: the Protocol of a fulfillment provider, and those that are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ParcelItem:
    order_line_id: int
    sku: str
    title: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ParcelRequest:
    """`request_key` is ours: the same key always means the same parcel."""

    request_key: str
    order_name: str
    address: Mapping[str, Any]
    items: Sequence[ParcelItem]


@dataclass(frozen=True, slots=True)
class Shipment:
    tracking_company: str
    tracking_number: str
    tracking_url: str = ""


class FulfillmentProvider(Protocol):
    """Called outside any transaction; an exception means "later": the request is repeated with back-off."""

    @property
    def name(self) -> str: ...

    def send(self, request: ParcelRequest) -> Shipment:
        """Make the parcel, or return the one that this key made before."""


_providers: dict[str, tuple[FulfillmentProvider, Callable[[Session], bool]]] = {}


def install(provider: FulfillmentProvider, enabled: Callable[[Session], bool] = lambda _session: True) -> None:
    """Make `provider` known; `enabled` says whether the shop of a session uses it."""
    _providers[provider.name] = (provider, enabled)


def provider_for(session: Session) -> FulfillmentProvider | None:
    """Return the first provider that the shop uses."""
    return next((provider for provider, enabled in _providers.values() if enabled(session)), None)
