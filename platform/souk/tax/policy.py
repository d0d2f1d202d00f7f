"""The settings of a shop that decide about tax."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.settings import read_setting, write_setting
from souk.tax.errors import BadVatNumber
from souk.tax.vat_number import vat_country

SHIPPING_RULES = ("rates", "goods", "none")


@dataclass(frozen=True, slots=True)
class Policy:
    """`country` is where the shop sends from; `included`: its prices contain tax. `vat_number` is its own one.

    `export_at_net`: a buyer outside the Union pays prices without the tax that they contain.
    `shipping`: `rates` taxes it where a rate says so, `goods` in the proportion of the goods' classes, `none` never.
    """

    country: str = ""
    included: bool = False
    vat_number: str = ""
    export_at_net: bool = False
    shipping: str = "rates"


def read_policy(session: Session) -> Policy:
    shop, tax = read_setting(session, "shop"), read_setting(session, "tax")
    return Policy(
        country=str(shop.get("country", "")),
        included=bool(shop.get("prices_include_tax")),
        vat_number=str(tax.get("vat_number", "")),
        export_at_net=bool(tax.get("export_at_net")),
        shipping=str(tax.get("shipping", "rates")),
    )


def today(session: Session) -> date:
    """Return the day it is for the shop: rates change at its midnight."""
    zone = str(read_setting(session, "shop").get("timezone") or "UTC")
    return clock.now().astimezone(ZoneInfo(zone)).date()


def save_policy(session: Session, policy: Policy) -> None:
    """Write what is set for taxes alone: `vat_number`, `export_at_net` and `shipping`.

    Raises BadVatNumber: nothing was changed.
    """
    if policy.vat_number and not vat_country(policy.vat_number):
        raise BadVatNumber
    told = {"vat_number": policy.vat_number, "export_at_net": policy.export_at_net, "shipping": policy.shipping}
    write_setting(session, "tax", told)
