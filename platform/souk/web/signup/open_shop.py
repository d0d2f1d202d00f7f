"""Open a shop for somebody: account, shop, membership."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from souk.kernel.db import transaction
from souk.kernel.errors import Invalid
from souk.kernel.tenancy import TenantScope, control_scope
from souk.shipping.set_up import set_up_shipping
from souk.staff.create import create_staff
from souk.staff.errors import UnknownStaff
from souk.staff.memberships import add_membership
from souk.staff.queries import staff_by_email
from souk.staff.sign_in import check_credentials
from tenants.provision import provision

# country -> (its name, currency, locale, time zone, prices include tax)
MARKETS: Mapping[str, tuple[str, str, str, str, bool]] = {
    "AU": ("Australia", "AUD", "en-AU", "Australia/Sydney", True),
    "AT": ("Austria", "EUR", "de-AT", "Europe/Vienna", True),
    "CA": ("Canada", "CAD", "en-CA", "America/Toronto", False),
    "FR": ("France", "EUR", "fr-FR", "Europe/Paris", True),
    "DE": ("Germany", "EUR", "de-DE", "Europe/Berlin", True),
    "IE": ("Ireland", "EUR", "en-IE", "Europe/Dublin", True),
    "IT": ("Italy", "EUR", "it-IT", "Europe/Rome", True),
    "JP": ("Japan", "JPY", "ja-JP", "Asia/Tokyo", True),
    "NL": ("Netherlands", "EUR", "nl-NL", "Europe/Amsterdam", True),
    "ES": ("Spain", "EUR", "es-ES", "Europe/Madrid", True),
    "CH": ("Switzerland", "CHF", "de-CH", "Europe/Zurich", True),
    "GB": ("United Kingdom", "GBP", "en-GB", "Europe/London", True),
    "US": ("United States", "USD", "en-US", "America/New_York", False),
}
MAX_NAME = 80


class BadShop(Invalid):
    code = "invalid_shop"


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody typed to open a shop."""

    name: str
    email: str
    password: str
    shop_name: str
    slug: str
    country: str


def open_shop(applied: Application, *, ip_address: str = "") -> TenantScope:
    """Make the shop with its owner. Somebody with an account proves it by its password.

    A refused address leaves an account without a shop, with which the same form can be sent again.

    Raises:
        BadShop, BadEmail, WeakPassword, WrongStaffCredentials: nothing was made.
        BadSlug, SlugTaken: the account exists, the shop does not.

    """
    settings = _settings(applied)
    staff_id = _owner(applied, ip_address)
    scope = provision(applied.slug, applied.shop_name, shop=settings)
    with transaction(control_scope()) as session:
        add_membership(session, staff_id, scope.tenant_id, "owner")
    with transaction(scope) as session:
        set_up_shipping(session)
    return scope


def _settings(applied: Application) -> dict[str, Any]:
    if not 0 < len(applied.shop_name) <= MAX_NAME or not applied.shop_name.isprintable():
        raise BadShop(f"A shop's name has 1 to {MAX_NAME} characters.", field="shop_name")
    if applied.country not in MARKETS:
        raise BadShop("Choose a country of the list.", field="country")
    _, currency, locale, timezone, included = MARKETS[applied.country]
    return {
        "currency": currency, "locale": locale, "country": applied.country, "timezone": timezone,
        "prices_include_tax": included, "email": applied.email.strip().lower(),
    }  # fmt: skip


def _owner(applied: Application, ip_address: str) -> int:
    with transaction(control_scope()) as session:
        try:
            staff_by_email(session, applied.email)
        except UnknownStaff:
            return create_staff(session, applied.email, applied.name, applied.password)
        return check_credentials(session, applied.email, applied.password, ip_address=ip_address).id
