"""Decide which tax a sale carries: where it is due, at which rates, and who is relieved of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from souk.addresses.postal import postal_key
from souk.kernel.money import round_half_up
from souk.tax.policy import Policy
from souk.tax.rates import Place, Rate, rates_at, rates_for_class
from souk.tax.territory import MEMBERS, NORTHERN_IRELAND, member_state
from souk.tax.vat_number import vat_country


@dataclass(frozen=True, slots=True)
class Told:
    """What the tax provider called `source` says: the rates of each taxed line, in their order, and of the shipping."""

    source: str
    items: Sequence[Sequence[Rate]]
    shipping: Sequence[Rate]

    @property
    def takes_any(self) -> bool:
        return any(rate.rate for rates in (*self.items, self.shipping) for rate in rates)


@dataclass(frozen=True, slots=True)
class Taxation:
    """`relief` says why no tax is taken: `reverse_charge`, `exempt` or `export`; '' where the `rates` are due.

    `inside` are the rates that the shop's prices contain and that a relieved buyer does not pay. `told` is what a
    provider says in place of the `rates`; `unknown`: it should have, and the shop takes no order without it.
    """

    rates: Sequence[Rate] = ()
    relief: str = ""
    inside: Sequence[Rate] = ()
    told: Told | None = None
    unknown: bool = False

    @property
    def net(self) -> bool:
        """Whether the buyer is relieved of tax by who they are, or pays prices without it."""
        return bool(self.inside) or self.relief in {"exempt", "reverse_charge"}

    @property
    def source(self) -> str:
        return self.told.source if self.told is not None else ""

    def of_lines(self, tax_classes: Sequence[str | None]) -> list[Sequence[Rate]]:
        """Return the rates of each line by its tax class; None is a line that no tax is due on."""
        if self.told is None:
            return [() if name is None else rates_for_class(self.rates, name) for name in tax_classes]
        told = iter(self.told.items)
        return [() if name is None else next(told) for name in tax_classes]

    def net_price(self, unit_price: int, tax_class: str) -> int:
        """Return a price (minor units) without the tax that it contains; the same price where it is to stay."""
        combined = sum((rate.rate for rate in rates_for_class(self.inside, tax_class)), Decimal(0))
        return round_half_up(unit_price / (1 + combined)) if combined else unit_price


def taxation(
    session: Session, policy: Policy, address: Mapping[str, Any], day: date, *, exempt: bool = False
) -> Taxation:
    """Return the tax of a sale to `address` on `day`; without an address prices that include tax are those at home.

    Within the European Union (Directive 2006/112/EC): a business of another member state with a valid VAT number owes
    the tax itself (articles 138 and 196) where the shop has a VAT number of its own; a consumer pays the rates of the
    destination where the table holds them (article 33, one-stop shop) and those at home otherwise (article 59c, below
    the threshold of 10,000 EUR a year). Elsewhere the table's rates of the destination are due, and none where it has
    none.
    """
    country = address.get("country") or (policy.country if policy.included else "")
    if not country:
        return Taxation()
    key = postal_key(country, address.get("postal_code") or "")
    state, own = member_state(country, key), member_state(policy.country)
    # A member's territory outside its VAT area has none of the member's rates; Northern Ireland has those of the
    # United Kingdom.
    taxed_as = country if state == NORTHERN_IRELAND else state or ("" if country in MEMBERS else country)
    there, home = rates_at(session, Place(taxed_as, address.get("state") or "", key), day, policy.country)
    if exempt:
        return Taxation(relief="exempt", inside=_inside(home, policy))
    if own and state and state != own:
        number = str(address.get("tax_number") or "")
        business = vat_country(number) if policy.vat_number and number else ""
        if business and business != own:
            return Taxation(relief="reverse_charge", inside=_inside(home, policy))
        return Taxation(there or home)
    if own and not state and not there:
        return Taxation(relief="export", inside=_inside(home, policy) if policy.export_at_net else ())
    return Taxation(there)


def _inside(home: Sequence[Rate], policy: Policy) -> Sequence[Rate]:
    return home if policy.included else ()
