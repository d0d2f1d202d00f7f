"""Who is asked for shipping rates and taxes, and what holds when nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from souk.kernel.errors import Invalid
from souk.kernel.money import Money
from souk.pricing.rules import read_rules
from souk.shipping import carriers
from souk.shipping.carrier_policy import CarrierPolicy, read_carrier_policy, save_carrier_policy
from souk.tax import asked
from souk.tax.provider_policy import ProviderPolicy, read_provider_policy, save_provider_policy
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_providers import (
    Provider,
    RateProviders,
    TaxProviders,
    WriteRateProviders,
    WriteTaxProvider,
)
from souk.web.api.schemas.common import Nothing
from souk.web.asked_plugins import asked_plugins, enabled_ids, installed_ids, switch


class UnknownProvider(Invalid):
    code = "unknown_provider"

    def __init__(self, subject: str) -> None:
        super().__init__("No such plugin is installed for this; send ids of those that are listed.", field=subject)


@admin_api.operation(
    "GET",
    "/rate_providers",
    summary="Read which carriers are asked for rates",
    tag="settings",
    takes=Nothing,
    answers=RateProviders,
    access="admin",
    permission="read_settings",
)
def read_rate_providers(call: Call, _query: Nothing) -> RateProviders:
    return _rates(call)


@admin_api.operation(
    "PUT",
    "/rate_providers",
    summary="Choose which carriers are asked for rates, and what is offered when nobody answers",
    tag="settings",
    takes=WriteRateProviders,
    answers=RateProviders,
    access="admin",
    permission="write_settings",
    problems={422: "`unknown_provider`, `carrier_settings_invalid`."},
)
def write_rate_providers(call: Call, body: WriteRateProviders) -> RateProviders:
    _refuse_unknown(carriers.SUBJECT, body.enabled)
    currency = read_rules(call.session).base

    def minor(amount: Decimal | None) -> int | None:
        return None if amount is None else Money.from_major(amount, currency).amount

    policy = CarrierPolicy(
        body.own_rates == "beside", body.fallback_title, minor(body.fallback_price), minor(body.most)
    )
    save_carrier_policy(call.session, policy)
    switch(call.session, carriers.SUBJECT, body.enabled)
    return _rates(call)


@admin_api.operation(
    "GET",
    "/tax_provider",
    summary="Read who says the taxes",
    tag="settings",
    takes=Nothing,
    answers=TaxProviders,
    access="admin",
    permission="read_settings",
)
def read_tax_provider(call: Call, _query: Nothing) -> TaxProviders:
    return _taxes(call)


@admin_api.operation(
    "PUT",
    "/tax_provider",
    summary="Choose who says the taxes, and what holds when there is no answer",
    tag="settings",
    takes=WriteTaxProvider,
    answers=TaxProviders,
    access="admin",
    permission="write_settings",
    problems={422: "`unknown_provider`."},
)
def write_tax_provider(call: Call, body: WriteTaxProvider) -> TaxProviders:
    chosen = [] if body.provider is None else [body.provider]
    _refuse_unknown(asked.SUBJECT, chosen)
    save_provider_policy(call.session, ProviderPolicy(body.provider or "", body.when_silent))
    switch(call.session, asked.SUBJECT, chosen)
    return _taxes(call)


def _refuse_unknown(subject: str, wanted: Sequence[str]) -> None:
    if not set(wanted) <= set(installed_ids(subject)):
        raise UnknownProvider(subject)


def _rates(call: Call) -> RateProviders:
    policy, currency = read_carrier_policy(call.session), read_rules(call.session).base

    def major(amount: int | None) -> Decimal | None:
        return None if amount is None else Money(amount, currency).major

    return RateProviders(
        currency=currency,
        providers=_providers(call, carriers.SUBJECT),
        own_rates="beside" if policy.own_beside else "silent",
        fallback_title=policy.fallback_title,
        fallback_price=major(policy.fallback_amount),
        most=major(policy.most),
    )


def _taxes(call: Call) -> TaxProviders:
    policy = read_provider_policy(call.session)
    return TaxProviders(
        provider=policy.plugin or None,
        when_silent="refuse" if policy.when_silent == "refuse" else "own",
        providers=_providers(call, asked.SUBJECT),
    )


def _providers(call: Call, subject: str) -> list[Provider]:
    return [
        Provider(
            id=one.plugin.id,
            name=one.plugin.name,
            enabled=one.enabled,
            last_failure=one.failure.reason if one.failure else "",
            failed_at=one.failure.at if one.failure else None,
        )
        for one in asked_plugins(call.scope, subject, enabled_ids(call.session, subject))
    ]
