"""The landing page and the sign-up that opens a shop."""

from __future__ import annotations

import re
import unicodedata

from flask import Blueprint, render_template, request

from souk.kernel import ratelimit
from souk.kernel.config import config
from souk.kernel.errors import SoukError
from souk.web.origin import refuse_cross_site
from souk.web.signup.open_shop import MARKETS, Application, open_shop
from souk.web.surfaces import PLATFORM, only

SIGN_UPS_PER_IP = 20

blueprint = Blueprint("signup", __name__, template_folder="templates")
blueprint.before_request(only(PLATFORM))
blueprint.before_request(refuse_cross_site)


@blueprint.get("/")
def landing() -> str:
    return render_template("signup/landing.html", admin=_admin())


@blueprint.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> str | tuple[str, int]:
    if request.method == "GET":
        return _form()
    form = request.form
    shop_name = " ".join(form.get("shop_name", "").split())
    applied = Application(
        name=form.get("name", ""),
        email=form.get("email", ""),
        password=form.get("password", ""),
        shop_name=shop_name,
        slug=form.get("slug", "").strip().lower() or slug_of(shop_name),
        country=form.get("country", ""),
    )
    try:
        ratelimit.limit(f"sign-up:{request.remote_addr}", attempts=SIGN_UPS_PER_IP, seconds=3600)
        open_shop(applied, ip_address=request.remote_addr or "")
    except SoukError as error:
        return _form(error), error.status
    url = config().origin(f"{applied.slug}.{config().base_domain}")
    return render_template("signup/opened.html", shop=applied, shop_url=url, admin=_admin())


def slug_of(name: str) -> str:
    """Make an address of a shop's name: `Café Müller` becomes `cafe-muller`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def _form(error: SoukError | None = None) -> str:
    return render_template(
        "signup/sign_up.html", error=error, markets=MARKETS, base=config().base_domain, admin=_admin()
    )


def _admin() -> str:
    return config().origin(f"admin.{config().base_domain}")
