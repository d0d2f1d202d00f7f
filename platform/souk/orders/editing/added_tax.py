"""The taxes of goods that are added to an order: those of its day and place, from where the order's own taxes came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from souk.customers.queries import is_tax_exempt
from souk.kernel.settings import read_setting
from souk.orders.goods import Goods
from souk.tax.asked import asked_taxation
from souk.tax.policy import read_policy
from souk.tax.provider import TaxedGoods, TaxRequest, sale_to
from souk.tax.taxation import Taxation, taxation


@dataclass(frozen=True, slots=True)
class Added:
    """Goods of an edit; `price` is of one unit, in minor units."""

    goods: Goods
    quantity: int
    price: int

    @property
    def subtotal(self) -> int:
        return self.quantity * self.price

    @property
    def taxed(self) -> TaxedGoods:
        return TaxedGoods(self.goods.sku, self.goods.title, self.goods.tax_class, self.quantity, self.subtotal)


def taxation_of_added(session: Session, order: Any, added: Sequence[Added], *, told: bool) -> Taxation:
    """Return the taxation of goods that become part of the same sale.

    `told`: a provider said the order's taxes, so it is asked about these goods too; while it is silent the result is
    `unknown` where the shop wants no order then, and the shop's table otherwise. Raises Unanswered.
    """
    zone = ZoneInfo(str(read_setting(session, "shop").get("timezone") or "UTC"))
    day = order.placed_at.astimezone(zone).date()
    exempt = order.customer_id is not None and is_tax_exempt(session, order.customer_id)
    address = {**order.billing_address, **order.shipping_address}
    policy = read_policy(session)
    own = taxation(session, policy, address, day, exempt=exempt)
    if not told:
        return own

    def sale() -> TaxRequest:
        included, items = order.prices_include_tax, [one.taxed for one in added if one.goods.taxable]
        return sale_to(
            address, day, origin=policy.country, currency=order.currency, included=included, shipping=0, items=items
        )

    return asked_taxation(session, own, sale, {})
