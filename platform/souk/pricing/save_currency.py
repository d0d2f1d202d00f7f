"""Sell in another currency, change how it is converted, or stop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pycountry
from sqlalchemy.orm import Session

from souk.kernel.money import exponent
from souk.kernel.settings import read_setting
from souk.pricing.errors import CurrencyInvalid
from souk.pricing.refresh import write_pricing

MAX_CURRENCIES = 30
_RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyDraft:
    """`rate`: one unit of the shop's currency in this one, as text. `step` and `less` as `pricing.rules.Rate`."""

    code: str
    rate: str
    step: int = 1
    less: int = 0
    countries: Sequence[str] = ()
    enabled: bool = True


def save_currency(session: Session, draft: CurrencyDraft) -> None:
    """Offer a currency, or change it; a country that shows it leaves the currency that showed it before.

    Raises CurrencyInvalid: nothing was changed.
    """
    shop = read_setting(session, "shop")
    present = dict(shop.get("pricing", {}).get("currencies", {}))
    told = _checked(draft, str(shop.get("currency", "")))
    if draft.code not in present and len(present) >= MAX_CURRENCIES:
        raise CurrencyInvalid("code", f"A shop sells in at most {MAX_CURRENCIES} currencies.")
    for code, other in present.items():
        kept = [one for one in other.get("countries", ()) if one not in told["countries"]]
        present[code] = {**other, "countries": kept}
    write_pricing(session, {"currencies": {**present, draft.code: told}})


def stop_currency(session: Session, code: str) -> None:
    """Offer a currency to nobody any more; carts that were begun in it keep it. Raises CurrencyInvalid."""
    present = dict(read_setting(session, "shop").get("pricing", {}).get("currencies", {}))
    if code not in present:
        raise CurrencyInvalid("code", f"The shop does not sell in {code[:10]!r}.")
    write_pricing(session, {"currencies": {**present, code: {**present[code], "enabled": False}}})


def _checked(draft: CurrencyDraft, base: str) -> dict[str, Any]:
    if pycountry.currencies.get(alpha_3=draft.code) is None or not draft.code.isupper():
        raise CurrencyInvalid("code", f"{draft.code[:10]!r} is no currency; write a code of ISO 4217 such as EUR.")
    if draft.code == base:
        raise CurrencyInvalid("code", f"{base} is the shop's own currency; its prices are those of the products.")
    rate = draft.rate.strip().replace(",", ".")
    if not _RATE.fullmatch(rate) or not Decimal(rate):
        cure = f"Say what one {base} is worth in {draft.code}, such as 0.92, with at most 9 decimals."
        raise CurrencyInvalid("rate", cure)
    most = 10 ** (exponent(draft.code) + 4)
    if not 1 <= draft.step <= most or not 0 <= draft.less < draft.step:
        raise CurrencyInvalid("step", "Choose one of the ways of rounding.")
    for code in draft.countries:
        if not code.isupper() or pycountry.countries.get(alpha_2=code) is None:
            raise CurrencyInvalid("countries", f"{code[:20]!r} is no country; write a code of ISO 3166-1 such as DE.")
    return {
        "rate": rate,
        "step": draft.step,
        "less": draft.less,
        "countries": sorted(set(draft.countries)),
        "enabled": draft.enabled,
    }
