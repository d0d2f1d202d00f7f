"""Taxes: the table with its classes, regions and dated rates, and the rules beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from souk.kernel import ids
from souk.tax.classes import list_tax_classes
from souk.tax.delete_rate import delete_rate
from souk.tax.models import TaxRate
from souk.tax.policy import read_policy, save_policy
from souk.tax.queries import TaxRateRow, rates_where, read_rate
from souk.tax.save_rate import TaxRateDraft, save_rate
from souk.tax.union_rates import add_union_rates
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_taxes import (
    NewTaxRate,
    TaxClasses,
    TaxClassView,
    TaxRateChanges,
    TaxRateParameters,
    TaxRates,
    TaxRateView,
    TaxRules,
    UnionRates,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_SAME = ("country", "province", "postal_from", "postal_to", "tax_class", "name", "percentage", "applies_to_shipping")
_DAYS = ("valid_from", "valid_to")
_TAKEN = {409: "`tax_rate_taken`: the place and class have a rate of this name and first day."}


@admin_api.operation(
    "GET",
    "/tax_rates",
    summary="List the rates of the tax table, newest first",
    tag="taxes",
    takes=TaxRateParameters,
    answers=TaxRates,
    access="admin",
    permission="read_settings",
)
def list_tax_rates(call: Call, query: TaxRateParameters) -> TaxRates:
    where = after(TaxRate.id.expression, query.after)
    if query.country is not None:
        where.append(TaxRate.country == query.country)
    if query.tax_class:
        where.append(TaxRate.tax_class == query.tax_class)
    rows = rates_where(call.session, where, query.limit + 1, on=query.on)
    return TaxRates(tax_rates=[_view(row) for row in rows[: query.limit]], next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/tax_rates/{tax_rate_id}",
    summary="Read a rate",
    tag="taxes",
    takes=Nothing,
    answers=TaxRateView,
    access="admin",
    permission="read_settings",
)
def read_tax_rate(call: Call, _query: Nothing) -> TaxRateView:
    return _view(read_rate(call.session, _number(call)))


@admin_api.operation(
    "POST",
    "/tax_rates",
    summary="Add a rate to the tax table",
    tag="taxes",
    takes=NewTaxRate,
    answers=TaxRateView,
    status=201,
    access="admin",
    permission="write_settings",
    problems=_TAKEN,
)
def create_tax_rate(call: Call, body: NewTaxRate) -> TaxRateView:
    rate_id = save_rate(call.session, TaxRateDraft(**_texts(body.model_dump())))
    return _view(read_rate(call.session, rate_id))


@admin_api.operation(
    "PATCH",
    "/tax_rates/{tax_rate_id}",
    summary="Change a rate; what is left out stays as it is, and so do orders",
    tag="taxes",
    takes=TaxRateChanges,
    answers=TaxRateView,
    access="admin",
    permission="write_settings",
    problems=_TAKEN,
)
def change_tax_rate(call: Call, body: TaxRateChanges) -> TaxRateView:
    rate_id = _number(call)
    present = read_rate(call.session, rate_id)
    stored = _texts({name: getattr(present, name) for name in (*_SAME, *_DAYS)})
    save_rate(call.session, replace(TaxRateDraft(**stored), **_texts(body.named())), rate_id)
    return _view(read_rate(call.session, rate_id))


@admin_api.operation(
    "DELETE",
    "/tax_rates/{tax_rate_id}",
    summary="Take a rate out of the table; orders keep theirs",
    tag="taxes",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_settings",
)
def remove_tax_rate(call: Call, _query: Nothing) -> Deleted:
    delete_rate(call.session, _number(call))
    return Deleted(id=call.path["tax_rate_id"])


@admin_api.operation(
    "POST",
    "/tax_rates/union",
    summary="Add the standard rate of each country of the European Union that has none",
    tag="taxes",
    takes=Nothing,
    answers=UnionRates,
    access="admin",
    permission="write_settings",
    optional_body=True,
)
def fill_union_rates(call: Call, _body: Nothing) -> UnionRates:
    return UnionRates(added=add_union_rates(call.session))


@admin_api.operation(
    "GET",
    "/tax_classes",
    summary="List the classes that rates and variants name",
    tag="taxes",
    takes=Nothing,
    answers=TaxClasses,
    access="admin",
    permission="read_settings",
)
def read_tax_classes(call: Call, _query: Nothing) -> TaxClasses:
    found = list_tax_classes(call.session)
    return TaxClasses(tax_classes=[TaxClassView(name=n, rates=rates, variants=used) for n, rates, used in found])


@admin_api.operation(
    "GET",
    "/tax_rules",
    summary="Read the rules beside the table",
    tag="taxes",
    takes=Nothing,
    answers=TaxRules,
    access="admin",
    permission="read_settings",
)
def read_tax_rules(call: Call, _query: Nothing) -> TaxRules:
    return _rules(call)


@admin_api.operation(
    "PUT",
    "/tax_rules",
    summary="Set the rules beside the table",
    tag="taxes",
    takes=TaxRules,
    answers=TaxRules,
    access="admin",
    permission="write_settings",
    problems={422: "`invalid_tax_number`: no VAT number of the European Union."},
)
def write_tax_rules(call: Call, body: TaxRules) -> TaxRules:
    number = "".join(body.vat_number.split()).upper()
    changed = replace(
        read_policy(call.session), vat_number=number, export_at_net=body.export_at_net, shipping=body.shipping
    )
    save_policy(call.session, changed)
    return _rules(call)


def _rules(call: Call) -> TaxRules:
    policy = read_policy(call.session)
    return TaxRules.model_construct(
        vat_number=policy.vat_number, export_at_net=policy.export_at_net, shipping=policy.shipping
    )


def _number(call: Call) -> int:
    return ids.decode(ids.TAX_RATE, call.path["tax_rate_id"])


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values as a draft has them: days as text, an open end as ''."""
    return {name: _day(value) if name in _DAYS else value for name, value in values.items()}


def _day(value: date | None) -> str:
    return value.isoformat() if value is not None else ""


def _view(row: TaxRateRow) -> TaxRateView:
    told = _texts({name: getattr(row, name) for name in (*_SAME, *_DAYS)})
    return TaxRateView(id=ids.encode(ids.TAX_RATE, row.id), **told | {name: told[name] or None for name in _DAYS})
