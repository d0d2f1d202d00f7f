"""A paid order through the dashboard: the money moves once, and the customer is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from souk.checkout.codes import enter_checkout_code
from souk.checkout.complete import complete_checkout
from souk.inventory.locations import create_location
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order, Refund
from souk.payments.gift_cards.issue import NewCard, issue_card
from souk.payments.models import PaymentTransaction
from tests.factories.catalog import make_product
from tests.factories.commerce import open_for_business, ready_checkout, stock
from tests.fixtures.shops import make_shop
from tests.web_dashboard.conftest import SignedIn


@pytest.fixture(scope="module")
def paid_shop(platform: None) -> TenantScope:
    scope = make_shop(currency="USD")
    open_for_business(scope)
    return scope


def paid_order(scope: TenantScope) -> tuple[int, int]:
    """Return (order, variant) of a paid order over two units of 20.00 from a stock of 10."""
    with transaction(scope) as session:
        variant_id = make_product(session, title="Paid Lamp", price=2_000, stock=10)[0]
    token = ready_checkout(scope, [(variant_id, 2)])
    completion = complete_checkout(scope, token, {"type": "test", "token": "tok_approved"}, None)
    assert completion.order_id is not None
    return completion.order_id, variant_id


def refunds(scope: TenantScope, order_id: int) -> list[tuple[int, str]]:
    with transaction(scope, read_only=True) as session:
        moved = select(PaymentTransaction.amount, PaymentTransaction.status).where(
            PaymentTransaction.order_id == order_id, PaymentTransaction.kind == "refund"
        )
        return [(row[0], row[1]) for row in session.execute(moved)]


def test_a_refund_sent_twice_moves_the_money_once(paid_shop: TenantScope, signed_in: SignedIn) -> None:
    order_id, _ = paid_order(paid_shop)
    owner = signed_in(paid_shop, "owner")
    form = {"amount": "12.50", "reason": "scratched", "confirm": "on", "key": f"k-{order_id}"}

    answers = [owner.post(f"~/orders/{order_id}/refund", form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert refunds(paid_shop, order_id) == [(1250, "success")]
    page = owner.get(f"~/orders/{order_id}").text
    assert "Partially refunded" in page
    assert "\u2212$12.50" in page


def test_an_order_that_a_card_paid_is_refunded_by_what_is_chosen(paid_shop: TenantScope, signed_in: SignedIn) -> None:
    with transaction(paid_shop) as session:
        lamp = make_product(session, title="Gift Lamp", price=2_000, stock=10)[0]
        made = issue_card(session, NewCard(amount=50_000, currency="USD", recipient={}), "staff:1")
    assert made is not None
    token = ready_checkout(paid_shop, [(lamp, 2)])
    with transaction(paid_shop) as session:
        enter_checkout_code(session, token, made[1])
    order_id = complete_checkout(paid_shop, token, {}, None).order_id
    owner = signed_in(paid_shop, "owner")
    page = owner.get(f"~/orders/{order_id}").text
    line = page.partition('name="refund-')[2].partition('"')[0]

    form = {f"refund-{line}": "1", "shipping": "1.00", "reason": "worn", "confirm": "on", "key": f"g-{order_id}"}
    answer = owner.post(f"~/orders/{order_id}/refund", form)

    assert answer.status_code == 303
    with transaction(paid_shop, read_only=True) as session:
        kept = session.execute(select(Refund.amount, Refund.shipping_amount).where(Refund.order_id == order_id)).one()
    assert tuple(kept) == (2_300, 100)


@pytest.mark.parametrize("change", [{"amount": "999"}, {"amount": "1.234"}, {"reason": " "}, {"confirm": None}])
def test_a_refused_refund_moves_nothing_and_keeps_the_form(
    paid_shop: TenantScope, signed_in: SignedIn, change: dict[str, str | None]
) -> None:
    order_id, _ = paid_order(paid_shop)
    typed = {"amount": "5", "reason": "KEEP-ME", "confirm": "on", "key": f"r-{order_id}"} | change
    form = {name: value for name, value in typed.items() if value is not None}

    answer = signed_in(paid_shop, "owner").post(f"~/orders/{order_id}/refund", form)

    assert 400 <= answer.status_code < 500
    assert f'value="{form["amount"]}"' in answer.text
    assert refunds(paid_shop, order_id) == []
    with transaction(paid_shop, read_only=True) as session:
        assert session.execute(select(Refund.id).where(Refund.order_id == order_id)).first() is None


def test_canceling_gives_back_the_money_and_the_stock(paid_shop: TenantScope, signed_in: SignedIn) -> None:
    order_id, variant_id = paid_order(paid_shop)
    form = {"reason": "customer", "confirm": "on", "restock": "on"}

    answer = signed_in(paid_shop, "admin").post(f"~/orders/{order_id}/cancel", form)

    assert answer.status_code == 303
    with transaction(paid_shop, read_only=True) as session:
        order = session.execute(
            select(Order.status, Order.financial_status, Order.total).where(Order.id == order_id)
        ).one()
        assert stock(session, variant_id) == (10, 0, 0)
    assert (order.status, order.financial_status) == ("canceled", "refunded")
    assert refunds(paid_shop, order_id) == [(order.total, "success")]


def test_a_shipped_order_takes_its_units_off_the_shelf(paid_shop: TenantScope, signed_in: SignedIn) -> None:
    order_id, variant_id = paid_order(paid_shop)
    owner = signed_in(paid_shop, "owner")
    page = owner.get(f"~/orders/{order_id}").text
    line = page.partition('name="line-')[2].partition('"')[0]

    assert "Send from" not in page
    with transaction(paid_shop) as session:
        depot = create_location(session, "Depot")
    form = {f"line-{line}": "2", "tracking_number": "JD9"}
    refused = owner.post(f"~/orders/{order_id}/fulfill", form | {"location": str(depot)})
    assert (refused.status_code, "Send from" in refused.text) == (409, True)

    answer = owner.post(f"~/orders/{order_id}/fulfill", form)

    assert answer.status_code == 303
    sent = owner.get(f"~/orders/{order_id}").text
    assert ("· from " in sent, "Cancel the order" in sent) == (True, False)
    with transaction(paid_shop, read_only=True) as session:
        assert stock(session, variant_id) == (8, 0, 0)
