"""The public surface for plugins: hook specs, Protocols and the values that cross them.

A plugin imports this module and nothing else of the platform. Names here follow
`API_VERSION`: a minor version adds, a major version may take away. A hook
implementation may leave out arguments that it does not need.
"""

# ruff: noqa: ARG002 - a hook spec is a signature
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

import pluggy

from souk.checkout.fields import CheckoutField
from souk.checkout.requirements import Requirement
from souk.kernel.clock import now
from souk.kernel.config import config
from souk.kernel.events import Event
from souk.kernel.money import exponent
from souk.kernel.sealed import seal, unseal
from souk.orders.draft import Priced
from souk.orders.fulfillment_provider import FulfillmentProvider, ParcelItem, ParcelRequest, Shipment
from souk.payments.base import ProviderBase
from souk.payments.browser import BrowserPart
from souk.payments.connection import Acted, Action, BadConnection, Finding, ProviderConnection, Site
from souk.payments.errors import BadSignature, ProviderRefused, ProviderUnreachable, UnknownWebhook
from souk.payments.provider import PaymentProvider
from souk.payments.values import (
    Account,
    Capture,
    CaptureResult,
    ChargeRequest,
    ChargeResult,
    Dispute,
    KeptMethod,
    Notice,
    Payment,
    RefundResult,
    Risk,
)
from souk.shipping.provider import Parcel, ParcelGoods, ShippingRate, ShippingRateProvider
from souk.shipping.rate_offers import RateOffer
from souk.tax.provider import ProviderRate, TaxAnswer, TaxedGoods, TaxRequest

__all__ = [
    "API_VERSION", "Account", "Acted", "Action", "BadConnection", "BadSignature", "BrowserPart", "Capture",
    "CaptureResult", "ChargeRequest", "ChargeResult", "CheckoutField", "Dispute", "Event", "Finding",
    "FulfillmentProvider",
    "HookContext", "HookKind", "Hooks", "KeptMethod", "Notice", "Parcel", "ParcelGoods", "ParcelItem", "ParcelRequest",
    "Payment", "PaymentProvider", "Plugin", "Priced", "ProviderBase", "ProviderConnection", "ProviderRate",
    "ProviderRefused", "ProviderUnreachable", "RateOffer", "RefundResult", "Requirement", "Risk", "Shipment",
    "ShippingRate", "ShippingRateProvider", "Site", "TaxAnswer", "TaxRequest", "TaxedGoods", "UnknownWebhook",
    "data_folder",
    "exponent", "hookimpl", "kind_of", "now", "seal", "unseal",
]  # fmt: skip

API_VERSION = "1.0"
PROJECT = "souk"

hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)


class HookKind(StrEnum):
    """event: told after the fact. filter: a value goes through. validator: problems are collected.
    provider: objects that do a job. question: asked over the network, before a transaction and never inside one.
    slot: HTML for a named place.
    """

    EVENT = "event"
    FILTER = "filter"
    VALIDATOR = "validator"
    PROVIDER = "provider"
    QUESTION = "question"
    SLOT = "slot"


class Plugin:
    """Base class of a plugin; an entry point of the group `souk.plugins` names a subclass.

    `api` is a version specifier (PEP 440) of the API that it needs. `default_enabled`
    says whether a shop that has not chosen uses it. `settings_schema` lists what a merchant may set, each like a
    theme's setting ({"type", "id", "label", "default", "info"}); the values come with every HookContext.
    `theme_files` is a folder with `blocks/`, and `snippets/`, `assets/` and `locales/` where they need them: blocks
    that merchants place in sections of their theme.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[str]
    api: ClassVar[str] = ">=1.0,<2"
    default_enabled: ClassVar[bool] = False
    settings_schema: ClassVar[Sequence[Mapping[str, Any]]] = ()
    theme_files: ClassVar[Path | None] = None


@dataclass(frozen=True, slots=True)
class HookContext:
    """For which shop a hook runs, with this plugin's settings there."""

    tenant_id: int
    plugin_id: str
    settings: Mapping[str, Any]
    pod: str = "default"


class Hooks:
    """Every hook that exists."""

    @_hookspec
    def on_event(self, context: HookContext, event: Event) -> None:
        """Event: something of `souk.kernel.events.CATALOGUE` happened; runs in the worker, after the commit."""

    @_hookspec
    def shipping_rates(
        self, context: HookContext, parcel: Parcel, value: Sequence[ShippingRate]
    ) -> Sequence[ShippingRate]:
        """Filter: change the offers for a parcel; runs in a transaction, so it calculates and never calls out."""
        return value

    @_hookspec
    def storefront_context(self, context: HookContext, page_type: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """Filter: what themes read as `plugins.<id>`: texts, numbers, truths, lists and mappings, small and not
        personal, since pages are shared. It runs in a transaction, so it calculates and never calls out.
        """
        return value

    @_hookspec
    def checkout_requirements(
        self, context: HookContext, priced: Priced, address: Mapping[str, Any]
    ) -> Sequence[Requirement]:
        """Validator: what blocks this checkout; every problem of every plugin is shown."""
        return ()

    @_hookspec
    def checkout_fields(self, context: HookContext, value: list[CheckoutField]) -> list[CheckoutField]:
        """Filter: what else the checkout asks; answers are checked, kept with the order and shown to staff."""
        return value

    @_hookspec
    def payment_providers(self) -> Sequence[PaymentProvider]:
        """Provider: asked once at start."""
        return ()

    @_hookspec
    def fulfillment_providers(self) -> Sequence[FulfillmentProvider]:
        """Provider: asked once at start."""
        return ()

    @_hookspec
    def shipping_rate_providers(self) -> Sequence[ShippingRateProvider]:
        """Provider: asked once at start."""
        return ()

    @_hookspec
    def rate_provider(self, context: HookContext, parcel: Parcel) -> Sequence[RateOffer]:
        """Question: what sending the parcel costs with a carrier or app; an empty list where it goes nowhere.

        Called outside any transaction, together with the providers of other plugins, and all of them have two seconds.
        `parcel` has country, province, postal code and city, its weight in grams, its goods and the `currency` in
        which offers are made, in minor units. Offers that cannot be true (below zero, another currency, absurd) are
        refused with all the others of the answer, as is an exception or no answer in time: the shop then offers its
        own rates, or the one that the merchant set for this. An answer holds for 15 minutes.
        """
        return ()

    @_hookspec
    def tax_provider(self, context: HookContext, request: TaxRequest) -> TaxAnswer:
        """Question: at which rates a sale is taxed; asked where a merchant chose this plugin for the shop's taxes.

        Called outside any transaction, within two seconds. The answer holds rates (fractions) for each of the
        request's items, in their order, and for the shipping; the amounts are calculated here, rounded once for each
        line. Rates below zero or above 50 % together, more than six decimals or another number of lines are refused,
        as is an exception or no answer in time: the shop's own table holds then, or no order is taken, as the merchant
        chose. Buyers whom the shop relieves of tax (exempt, reverse charge) are never asked about. An answer holds for
        15 minutes, and the order keeps its rates with the plugin's name.
        """
        return TaxAnswer(())

    @_hookspec
    def slot(self, context: HookContext, place: str, page: Mapping[str, Any]) -> str:
        """Slot: HTML for a named place of a page; empty text leaves it empty."""
        return ""


_KINDS = {
    "on_event": HookKind.EVENT,
    "shipping_rates": HookKind.FILTER,
    "storefront_context": HookKind.FILTER,
    "checkout_requirements": HookKind.VALIDATOR,
    "checkout_fields": HookKind.FILTER,
    "payment_providers": HookKind.PROVIDER,
    "fulfillment_providers": HookKind.PROVIDER,
    "shipping_rate_providers": HookKind.PROVIDER,
    "rate_provider": HookKind.QUESTION,
    "tax_provider": HookKind.QUESTION,
    "slot": HookKind.SLOT,
}


def kind_of(hook: str) -> HookKind:
    """Return the kind of a hook; raises KeyError for a name that is no hook."""
    return _KINDS[hook]


def data_folder(plugin_id: str) -> Path:
    """Return this plugin's own folder under SOUK_HOME, made at first use."""
    folder = config().home / plugin_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder
