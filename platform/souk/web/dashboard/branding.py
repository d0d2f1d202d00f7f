"""How the pages that are ours, checkout and customer accounts, wear the shop's colours."""

from __future__ import annotations

import re
from typing import Any

from flask import g, request

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.settings import read_setting, write_setting
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.checkout.branding import DEFAULT_ACCENT
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.settings import BadShopSetting
from souk.web.hosts import preview_host
from themes.previews import staff_pass

MAX_LOGO = 60
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@blueprint.route("/shops/<slug>/branding", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def branding(access: ShopAccess) -> Answer:
    if request.method == "GET":
        with transaction(access.scope, read_only=True) as session:
            checkout = read_setting(session, "checkout")
        form = checkout | {"brand_color": g.shop_settings.get("brand_color")}
        return page("branding.html", form=form, most=MAX_LOGO, preview=_preview(access))
    form = {name: request.form.get(name, "").strip() for name in ("accent", "logo_text", "brand_color")}
    try:
        _check(form)
        with transaction(access.scope) as session:
            own: dict[str, Any] = {"accent": form["accent"], "logo_text": form["logo_text"]}
            write_setting(session, "checkout", read_setting(session, "checkout") | own)
            write_setting(session, "shop", read_setting(session, "shop") | {"brand_color": form["brand_color"]})
    except SoukError as error:
        return page("branding.html", form=form, most=MAX_LOGO, preview=_preview(access), error=error), error.status
    return done("The look is saved.", "branding", access)


def _preview(access: ShopAccess) -> str:
    """Return where the checkout is drawn as an example; the page adds what is typed to the address."""
    token = staff_pass(config().secret_key, access.tenant_id, 0, design=True)
    return f"{config().origin(preview_host(access.slug))}/_preview/checkout?pt={token}"


def _check(form: dict[str, str]) -> None:
    for name in ("accent", "brand_color"):
        form[name] = form[name] or DEFAULT_ACCENT
        if not _COLOR.fullmatch(form[name]):
            raise BadShopSetting(name, "Write a colour as # and six digits, such as #14532d.")
    if len(form["logo_text"]) > MAX_LOGO or not form["logo_text"].isprintable():
        raise BadShopSetting("logo_text", f"The logo's text has at most {MAX_LOGO} characters on one line.")
