"""The shop's tax table."""

from __future__ import annotations

from typing import Any

from flask import g, request

from souk.addresses.countries import countries
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.tax.asked import SUBJECT
from souk.tax.delete_rate import delete_rate
from souk.tax.policy import SHIPPING_RULES, Policy, read_policy, save_policy
from souk.tax.provider_policy import ProviderPolicy, read_provider_policy
from souk.tax.queries import list_rates, read_rate
from souk.tax.rates import STANDARD
from souk.tax.save_rate import TaxRateDraft, save_rate
from souk.tax.territory import member_state
from souk.tax.union_rates import add_union_rates
from souk.web.asked_plugins import asked_plugins
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page

_TEXTS = ("country", "province", "postal_from", "postal_to", "tax_class", "name", "percentage")
_DAYS = ("valid_from", "valid_to")


@blueprint.get("/shops/<slug>/taxes")
@in_shop(Permission.SETTINGS)
def taxes(access: ShopAccess) -> Answer:
    return taxes_page(access)


def taxes_page(
    access: ShopAccess,
    typed: Policy | None = None,
    error: SoukError | None = None,
    *,
    chosen: ProviderPolicy | None = None,
) -> str:
    """Draw the table with its rules; what was `typed` of the rules or `chosen` as provider stands there again."""
    with transaction(access.scope, read_only=True) as session:
        rows, policy = list_rates(session), typed or read_policy(session)
        provider = chosen or read_provider_policy(session)
    in_union = bool(member_state(policy.country or g.shop_settings.get("country", "")))
    names = dict(countries("en", ""))
    return page(
        "taxes.html", rows=rows, names=names, policy=policy, in_union=in_union, error=error, provider=provider,
        providers=asked_plugins(access.scope, SUBJECT, [provider.plugin]),
    )  # fmt: skip


@blueprint.post("/shops/<slug>/taxes/rules")
@in_shop(Permission.SETTINGS)
def tax_rules(access: ShopAccess) -> Answer:
    shipping = request.form.get("shipping", "")
    typed = Policy(
        vat_number="".join(request.form.get("vat_number", "").replace("\0", "").split()).upper()[:20],
        export_at_net="export_at_net" in request.form,
        shipping=shipping if shipping in SHIPPING_RULES else "rates",
    )
    try:
        with transaction(access.scope) as session:
            save_policy(session, typed)
    except SoukError as error:
        return taxes_page(access, typed, error), error.status
    return done("The rules are saved.", "taxes", access)


@blueprint.post("/shops/<slug>/taxes/union")
@in_shop(Permission.SETTINGS)
def union_taxes(access: ShopAccess) -> Answer:
    with transaction(access.scope) as session:
        added = add_union_rates(session)
    return done(f"{added} rates were added; those that you had stayed as they are.", "taxes", access)


@blueprint.route("/shops/<slug>/taxes/new", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def new_tax_rate(access: ShopAccess) -> Answer:
    if request.method == "POST":
        return _save(access, None)
    country = g.shop_settings.get("country", "")
    return _rate_page(None, {"country": country, "tax_class": STANDARD, "applies_to_shipping": True})


@blueprint.route("/shops/<slug>/taxes/<int:tax_rate_id>", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def tax_rate(access: ShopAccess, tax_rate_id: int) -> Answer:
    if request.method == "POST":
        return _save(access, tax_rate_id)
    with transaction(access.scope, read_only=True) as session:
        found = read_rate(session, tax_rate_id)
    form = {name: getattr(found, name) for name in (*_TEXTS, "applies_to_shipping")}
    form |= {name: getattr(found, name) or "" for name in _DAYS}
    return _rate_page(tax_rate_id, form)


@blueprint.post("/shops/<slug>/taxes/<int:tax_rate_id>/delete")
@in_shop(Permission.SETTINGS)
def remove_tax_rate(access: ShopAccess, tax_rate_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_rate(session, tax_rate_id)
    return done("The rate is gone; new orders do not carry it.", "taxes", access)


def _save(access: ShopAccess, tax_rate_id: int | None) -> Answer:
    form: dict[str, Any] = {
        name: " ".join(request.form.get(name, "").replace("\0", "").split())[:100] for name in (*_TEXTS, *_DAYS)
    }
    form["applies_to_shipping"] = "applies_to_shipping" in request.form
    # "7,25" is how half of Europe writes it; a percentage has no thousands to be confused with.
    draft = TaxRateDraft(**form | {"percentage": form["percentage"].replace(",", ".")})
    try:
        with transaction(access.scope) as session:
            save_rate(session, draft, tax_rate_id)
    except NotFound:
        raise
    except SoukError as error:
        return _rate_page(tax_rate_id, form, error), error.status
    return done("The rate is saved.", "taxes", access)


def _rate_page(tax_rate_id: int | None, form: dict[str, Any], error: SoukError | None = None) -> str:
    choices = countries("en", g.shop_settings.get("country", ""))
    return page("tax_rate.html", tax_rate_id=tax_rate_id, form=form, choices=choices, error=error)
