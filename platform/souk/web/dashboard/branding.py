"""How the pages that are ours, checkout and customer accounts, wear the shop's colours."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.settings import read_setting, write_setting
from souk.media.configured import media_storage
from souk.media.store import KeptImage, keep_image, record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.checkout.branding import DEFAULT_ACCENT
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page, picture_url
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
        return _page(access, checkout)
    form = {name: request.form.get(name, "").strip() for name in ("accent", "logo_text")}
    try:
        _check(form)
        kept = _keep_logo(access)
        with transaction(access.scope) as session:
            present = read_setting(session, "checkout")
            own: dict[str, Any] = {"accent": form["accent"], "logo_text": form["logo_text"]}
            write_setting(session, "checkout", present | own | _logo(session, kept, present))
    except SoukError as error:
        return _page(access, form, error), error.status
    return done("The look is saved.", "branding", access)


def _page(access: ShopAccess, form: dict[str, Any], error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        logo = read_setting(session, "checkout").get("logo")
    return page(
        "branding.html", form=form, most=MAX_LOGO, preview=_preview(access), logo=logo, picture=picture_url, error=error
    )


def _keep_logo(access: ShopAccess) -> KeptImage | None:
    sent = request.files.get("logo")
    if sent is None or not sent.filename:
        return None
    return keep_image(media_storage(config()), access.tenant_id, sent.read(), sent.filename)


def _logo(session: Session, kept: KeptImage | None, present: dict[str, Any]) -> dict[str, Any]:
    if kept is not None:
        return {"logo": record_image(session, kept).storage_key}
    return {"logo": ""} if "drop_logo" in request.form and present.get("logo") else {}


def _preview(access: ShopAccess) -> str:
    """Return where the checkout is drawn as an example; the page adds what is typed to the address."""
    token = staff_pass(config().secret_key, access.tenant_id, 0, design=True)
    return f"{config().origin(preview_host(access.slug))}/_preview/checkout?pt={token}"


def _check(form: dict[str, str]) -> None:
    form["accent"] = form["accent"] or DEFAULT_ACCENT
    if not _COLOR.fullmatch(form["accent"]):
        raise BadShopSetting("accent", "Write a colour as # and six digits, such as #14532d.")
    if len(form["logo_text"]) > MAX_LOGO or not form["logo_text"].isprintable():
        raise BadShopSetting("logo_text", f"The logo's text has at most {MAX_LOGO} characters on one line.")
