"""The checkout as a merchant's colours dress it, drawn from the checkout's own templates with an example in it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from flask import Response, g, request

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.web.checkout.assets import asset
from souk.web.checkout.branding import read_branding, with_accent
from souk.web.checkout.render import drawn
from souk.web.preview.gate import PreviewClosed, read_pass, token
from souk.web.preview.routes import blueprint
from souk.web.storefront.chosen import Chosen
from tenants.resolve import ResolvedHost

MAX_LOGO = 60
_PRICE = 4900

blueprint.add_url_rule("/checkout/assets/<name>", "checkout_asset", asset)


@blueprint.get("/_preview/checkout")
def checkout() -> Response:
    """Draw the page with the `accent` and `logo_text` of the address; nothing is saved and nothing can be sent."""
    shop: ResolvedHost = g.shop
    found = read_pass(shop, token())
    if found is None or not found.design:
        g.shop = None
        raise PreviewClosed
    g.chosen = Chosen(found.theme_id, design=True)
    with transaction(shop.scope, read_only=True) as session:
        brand, currency = read_branding(session), read_setting(session, "shop")["currency"]
    brand = with_accent(brand, request.args.get("accent", ""))
    brand = replace(brand, logo_text=request.args.get("logo_text", "").strip()[:MAX_LOGO] or brand.name)
    response = drawn("preview/checkout.html", brand, line=_line(), sums=_sums(currency), fields={})
    # The checkout itself is in nobody's frame; this picture of it is in the dashboard's.
    editor = config().origin(f"admin.{config().base_domain}")
    policy = response.headers["Content-Security-Policy"].replace("form-action 'self'", "form-action 'none'")
    policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {editor}")
    response.headers["Content-Security-Policy"] = policy
    return response


def _line() -> SimpleNamespace:
    return SimpleNamespace(
        title="Example product", variant_title="", quantity=1, subtotal=_PRICE, image_key="", components=()
    )


def _sums(currency: str) -> SimpleNamespace:
    return SimpleNamespace(
        currency=currency, subtotal=_PRICE, discount_total=0, shipping_total=0, additional_tax_total=0,
        included_tax_total=0, total=_PRICE,
    )  # fmt: skip
