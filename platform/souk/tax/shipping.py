"""Tax on the shipping, by the rule of the shop."""

from __future__ import annotations

from collections.abc import Mapping

from souk.kernel.money import allocate
from souk.tax.calculate import TaxPart, tax_on
from souk.tax.rates import rates_for_class, rates_for_shipping
from souk.tax.taxation import Taxation


def tax_on_shipping(
    amount: int, due: Taxation, rule: str, goods: Mapping[str, int], *, included: bool
) -> list[TaxPart]:
    """Return the tax on `amount` (minor units); `goods` is what is sent, in minor units by tax class.

    The rule `goods` is that of an ancillary service: it shares the tax of what it goes with (European Court of
    Justice, C-349/96, Card Protection Plan). Goods that cost nothing leave it at the ordinary rates. What a provider
    says of the shipping stands above the rule.
    """
    if due.told is not None:
        return tax_on(amount, due.told.shipping, included=included)
    if rule == "none":
        return []
    if rule != "goods" or not sum(goods.values()):
        return tax_on(amount, rates_for_shipping(due.rates), included=included)
    shares = zip(goods, allocate(amount, list(goods.values())), strict=True)
    return [
        part for name, share in shares for part in tax_on(share, rates_for_class(due.rates, name), included=included)
    ]
