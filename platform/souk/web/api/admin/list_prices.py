"""The prices of a list, and the currencies of the shop."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.kernel import ids
from souk.kernel.money import Money
from souk.pricing.drafts import PriceDraft
from souk.pricing.queries import prices_of_list, read_price_list
from souk.pricing.rules import read_rules
from souk.pricing.save_currency import CurrencyDraft, save_currency
from souk.pricing.set_prices import replace_prices, set_variant_prices
from souk.web.api.admin.price_lists import list_id_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_prices import (
    Currencies,
    CurrencyView,
    ListedPrice,
    ListedPrices,
    WriteCurrency,
    WritePrices,
)
from souk.web.api.schemas.common import Nothing


@admin_api.operation(
    "GET",
    "/price_lists/{price_list_id}/prices",
    summary="Read the prices of a list",
    tag="prices",
    takes=Nothing,
    answers=ListedPrices,
    access="admin",
    permission="read_prices",
)
def read_list_prices(call: Call, _query: Nothing) -> ListedPrices:
    return _prices(call.session, list_id_of(call))


@admin_api.operation(
    "POST",
    "/price_lists/{price_list_id}/prices",
    summary="Set prices in a list",
    tag="prices",
    takes=WritePrices,
    answers=ListedPrices,
    access="admin",
    permission="write_prices",
)
def write_list_prices(call: Call, body: WritePrices) -> ListedPrices:
    list_id = list_id_of(call)
    currency = read_price_list(call.session, list_id).currency or read_rules(call.session).base
    drafts = [_draft(one, currency) for one in body.prices]
    if body.replace:
        replace_prices(call.session, list_id, drafts)
    else:
        cleared = [ids.decode(ids.VARIANT, one) for one in body.clear]
        set_variant_prices(call.session, list_id, drafts, cleared)
    return _prices(call.session, list_id)


@admin_api.operation(
    "GET",
    "/currencies",
    summary="Read the currencies in which the shop sells",
    tag="prices",
    takes=Nothing,
    answers=Currencies,
    access="admin",
    permission="read_prices",
)
def read_currencies(call: Call, _query: Nothing) -> Currencies:
    return _currencies(call.session)


@admin_api.operation(
    "PUT",
    "/currencies/{code}",
    summary="Sell in a currency, change its rate, or stop with `enabled` false",
    tag="prices",
    takes=WriteCurrency,
    answers=Currencies,
    access="admin",
    permission="write_prices",
)
def write_currency(call: Call, body: WriteCurrency) -> Currencies:
    save_currency(call.session, CurrencyDraft(code=call.path["code"], **body.model_dump()))
    return _currencies(call.session)


def _draft(one: ListedPrice, currency: str) -> PriceDraft:
    former = None if one.compare_at_price is None else Money.from_major(one.compare_at_price, currency).amount
    price = Money.from_major(one.price, currency).amount
    return PriceDraft(ids.decode(ids.VARIANT, one.variant_id), price, one.min_quantity, former)


def _prices(session: Session, list_id: int) -> ListedPrices:
    currency = read_price_list(session, list_id).currency or read_rules(session).base
    return ListedPrices(
        currency=currency,
        prices=[
            ListedPrice(
                variant_id=ids.encode(ids.VARIANT, row.variant_id),
                min_quantity=row.min_quantity,
                price=Money(row.price, currency).major,
                compare_at_price=None if row.compare_at_price is None else Money(row.compare_at_price, currency).major,
            )
            for row in prices_of_list(session, list_id)
        ],
    )


def _currencies(session: Session) -> Currencies:
    rules = read_rules(session)
    hundred = Money.from_major(100, rules.base).amount
    return Currencies(
        base=rules.base,
        currencies=[
            CurrencyView(
                code=code, rate=f"{rate.rate:f}", step=rate.step, less=rate.less, countries=sorted(rate.countries),
                enabled=rate.enabled, example=Money(rules.price(hundred, code), code).major,
            )
            for code, rate in rules.rates.items()
        ],
    )  # fmt: skip
