"""Where the shop delivers and what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, request

from souk.addresses.countries import countries
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.shipping.carrier_policy import read_carrier_policy
from souk.shipping.carriers import SUBJECT
from souk.shipping.delete_zone import delete_zone
from souk.shipping.profiles import list_profiles, rename_profile
from souk.shipping.queries import list_zones, read_zone
from souk.shipping.reach import EVERYWHERE_ELSE
from souk.shipping.save_zone import save_zone
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.asked_plugins import asked_plugins, enabled_ids
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.carriers_form import CarriersForm, stored_carriers
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.shipping_form import ZoneForm, draft_of, stored_form, typed_form


@blueprint.get("/shops/<slug>/shipping")
@in_shop(Permission.SETTINGS)
def shipping(access: ShopAccess) -> Answer:
    return shipping_page(access)


def shipping_page(
    access: ShopAccess,
    typed: CarriersForm | None = None,
    wanted: Sequence[str] | None = None,
    error: SoukError | None = None,
) -> str:
    """Draw zones and carriers; what was `typed` and `wanted` of the carriers stands there again with its error."""
    with transaction(access.scope, read_only=True) as session:
        zones, policy = list_zones(session), read_carrier_policy(session)
        profiles = list_profiles(session)
        chosen = enabled_ids(session, SUBJECT) if wanted is None else wanted
    return page(
        "shipping.html",
        zones=zones,
        profiles=profiles,
        names=_country_names(),
        carriers=asked_plugins(access.scope, SUBJECT, chosen),
        form=typed or stored_carriers(policy, g.shop_settings["currency"]),
        error=error,
    )


@blueprint.route("/shops/<slug>/shipping/new", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def new_shipping_zone(access: ShopAccess) -> Answer:
    return _save(access, None) if request.method == "POST" else _zone_page(access, None, ZoneForm())


@blueprint.route("/shops/<slug>/shipping/<int:zone_id>", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def shipping_zone(access: ShopAccess, zone_id: int) -> Answer:
    if request.method == "POST":
        return _save(access, zone_id)
    with transaction(access.scope, read_only=True) as session:
        found = read_zone(session, zone_id)
    return _zone_page(access, zone_id, stored_form(found, g.shop_settings["currency"]))


@blueprint.post("/shops/<slug>/shipping/<int:zone_id>/delete")
@in_shop(Permission.SETTINGS)
def remove_shipping_zone(access: ShopAccess, zone_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_zone(session, zone_id)
    return done("The zone is gone; nothing more is sent there by its rates.", "shipping", access)


@blueprint.post("/shops/<slug>/shipping/profiles")
@in_shop(Permission.SETTINGS)
def rename_shipping_profile(access: ShopAccess) -> Answer:
    name, new = (request.form.get(field, "").replace("\0", "")[:200] for field in ("name", "new_name"))
    try:
        with transaction(access.scope) as session:
            rename_profile(session, name, new)
    except NotFound:
        raise
    except SoukError as error:
        return shipping_page(access, error=error), error.status
    return done("The profile is renamed.", "shipping", access)


def _save(access: ShopAccess, zone_id: int | None) -> Answer:
    form = typed_form(request.form)
    try:
        draft = draft_of(form, g.shop_settings["currency"])
        with transaction(access.scope) as session:
            saved = save_zone(session, draft, zone_id)
    except NotFound:
        raise
    except SoukError as error:
        return _zone_page(access, zone_id, form, error), error.status
    return done("The zone is saved.", "shipping_zone", access, zone_id=saved)


def _zone_page(access: ShopAccess, zone_id: int | None, form: ZoneForm, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        profiles = list_profiles(session)
    chosen = set(form.countries)
    choices = sorted(_country_names().items(), key=lambda pair: pair[0] not in chosen)
    return page("shipping_zone.html", zone_id=zone_id, form=form, choices=choices, profiles=profiles, error=error)


def _country_names() -> dict[str, str]:
    """Return code -> name, with the shop's own country and everywhere else first."""
    return {EVERYWHERE_ELSE: "Everywhere else", **dict(countries("en", g.shop_settings.get("country", "")))}
