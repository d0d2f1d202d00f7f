"""Try a discount on the shop's past orders before anybody can use it."""

from __future__ import annotations

from typing import Any

from souk.discounts.simulate import Hit, simulate
from souk.kernel import ids
from souk.kernel.money import Money
from souk.web.api.admin.discount_rows import draft_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_discounts import DiscountSimulation, SimulatedDiscount, SimulatedOrder
from souk.web.api.shop.product_rows import shop_currency


@admin_api.operation(
    "POST",
    "/discounts/simulate",
    summary="Run a discount that is not saved over the newest orders",
    tag="discounts",
    takes=SimulatedDiscount,
    answers=DiscountSimulation,
    access="admin",
    permission="write_discounts",
)
def simulate_discount(call: Call, body: SimulatedDiscount) -> DiscountSimulation:
    currency = shop_currency(call.session)
    tried = simulate(call.session, draft_of(call.session, body, currency), body.orders)
    return DiscountSimulation(
        **{name: getattr(tried, name) for name in ("orders", "hits", "zero", "below_cost")},
        **_amounts(tried, currency),
        currency=currency,
        warnings=[_order(hit, currency) for hit in tried.warnings],
    )


def _order(hit: Hit, currency: str) -> SimulatedOrder:
    return SimulatedOrder(
        **{name: getattr(hit, name) for name in ("name", "reaches_zero", "below_cost")},
        **_amounts(hit, currency),
        order_id=ids.encode(ids.ORDER, hit.order_id),
    )


def _amounts(found: Any, currency: str) -> dict[str, Any]:
    return {name: Money(getattr(found, name), currency).major for name in ("goods", "saved")}
