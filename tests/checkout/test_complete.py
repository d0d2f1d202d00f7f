"""From cart to order: what is charged is what was shown, once, and a refusal leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from plugins.builtin.test_gateway.plugin import Gateway
from souk.cart.errors import UnknownCart
from souk.cart.read import read_cart
from souk.catalog.models import Variant
from souk.checkout.changes import Changes
from souk.checkout.complete import complete_checkout, resume_checkout
from souk.checkout.errors import PriceChanged, RequirementsNotMet, UnknownCheckout
from souk.checkout.prepare import Attempt, Completion, prepare
from souk.checkout.queries import checkout_by_token
from souk.checkout.read import read_checkout
from souk.checkout.start import start_checkout
from souk.checkout.sweep import sweep_checkouts
from souk.checkout.update import update_checkout
from souk.inventory.audit import audit
from souk.inventory.errors import OutOfStock
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.read import read_order, read_order_by_token
from souk.payments.errors import AuthenticationFailed, CardDeclined, InsufficientFunds, PaymentNotStarted
from souk.payments.values import ChargeRequest, ChargeResult
from tests.factories.catalog import make_product
from tests.factories.commerce import (
    APPROVED,
    charges,
    delivery_of,
    events,
    open_for_business,
    order_count,
    ready_checkout,
    stock,
)
from tests.inventory.test_reserve import together

STALE = timedelta(minutes=3)


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)
    open_for_business(other_shop)


@pytest.fixture
def variant_id(shop: TenantScope) -> int:
    with transaction(shop) as session:
        return make_product(session, stock=5, price=1_000)[0]


def checkout_id(scope: TenantScope, token: str) -> int:
    with transaction(scope) as session:
        return int(checkout_by_token(session, token).id)


def begin(scope: TenantScope, token: str) -> Attempt:
    """Run the first phase and die."""
    with transaction(scope) as session:
        attempt = prepare(session, token, APPROVED, None)
    assert isinstance(attempt, Attempt)
    return attempt


def test_a_payment_becomes_one_order(shop: TenantScope, other_shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 2)])

    done = complete_checkout(shop, token, APPROVED, 2_750)
    again = complete_checkout(shop, token, APPROVED, 2_750)

    assert done == again
    assert done.order_id is not None
    assert done.order_token is not None
    with transaction(shop) as session:
        order = read_order(session, done.order_id)
        assert (order.subtotal, order.shipping_total, order.additional_tax_total, order.total) == (
            2_000, 500, 250, 2_750,
        )  # fmt: skip
        assert (order.status, order.financial_status, order.fulfillment_status) == ("open", "paid", "unfulfilled")
        assert [(line.title, line.quantity, line.unit_price, line.tax_total) for line in order.lines] == [
            ("Mug", 2, 1_000, 200)
        ]
        assert sum(tax.amount for tax in order.taxes) == 250
        assert [(row.kind, row.status, row.amount) for row in order.payments] == [("sale", "success", 2_750)]
        assert order.name == f"#{order.number}"
        assert read_order_by_token(session, done.order_token).id == order.id
        assert stock(session, variant_id) == (5, 2, 0)
        assert audit(session) == []
        view = read_checkout(session, token)
        assert (view.status, view.order_token, view.totals.total) == ("completed", done.order_token, 2_750)
    assert charges(shop, checkout_id(shop, token)) == [2_750]
    assert events(shop, done.order_id, "order.placed", "order.paid") == ["order.placed", "order.paid"]
    assert delivery_of(shop, "order.paid", done.order_id).event.payload == {"gift_cards": False, "documents": False}
    with transaction(other_shop) as session:
        assert order_count(session) == 0
        with pytest.raises(UnknownCheckout):
            read_checkout(session, token)


def test_order_numbers_have_no_gap(shop: TenantScope, variant_id: int) -> None:
    numbers = []
    for method in ("tok_approved", "tok_declined", "tok_approved"):
        token = ready_checkout(shop, [(variant_id, 1)])
        try:
            done = complete_checkout(shop, token, {"type": "test", "token": method})
        except CardDeclined:
            continue
        with transaction(shop) as session:
            numbers.append(read_order(session, done.order_id or 0).number)

    assert numbers[1] == numbers[0] + 1


@pytest.mark.parametrize(
    ("card", "error"), [("tok_declined", CardDeclined), ("tok_insufficient_funds", InsufficientFunds)]
)
def test_a_decline_leaves_no_order_and_no_held_stock(
    shop: TenantScope, variant_id: int, card: str, error: type[Exception]
) -> None:
    token = ready_checkout(shop, [(variant_id, 5)])
    with transaction(shop) as session:
        before = order_count(session)

    with pytest.raises(error):
        complete_checkout(shop, token, {"type": "test", "token": card})

    with transaction(shop) as session:
        assert order_count(session) == before
        assert stock(session, variant_id) == (5, 0, 0)
        assert read_checkout(session, token).status == "open"
    assert charges(shop, checkout_id(shop, token)) == []
    assert complete_checkout(shop, token, APPROVED).order_id is not None


def test_a_lost_answer_is_looked_up(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 1)])

    done = complete_checkout(shop, token, {"type": "test", "token": "tok_lost_answer"})

    assert done.order_id is not None
    assert charges(shop, checkout_id(shop, token)) == [1_650]


def test_a_provider_that_crashes_after_charging_is_asked_too(
    shop: TenantScope, variant_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, charge = ready_checkout(shop, [(variant_id, 1)]), Gateway.charge

    def crash(self: Gateway, request: ChargeRequest) -> ChargeResult:
        charge(self, request)
        raise KeyError("a field that the answer did not have")

    monkeypatch.setattr(Gateway, "charge", crash)
    done = complete_checkout(shop, token, APPROVED)

    assert done.order_id is not None
    assert charges(shop, checkout_id(shop, token)) == [1_650]


def test_a_provider_that_crashes_before_charging_leaves_the_checkout_open(
    shop: TenantScope, variant_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ready_checkout(shop, [(variant_id, 1)])

    def crash(_self: Gateway, _request: ChargeRequest) -> ChargeResult:
        raise KeyError("a setting that is missing")

    with monkeypatch.context() as broken:
        broken.setattr(Gateway, "charge", crash)
        with pytest.raises(PaymentNotStarted):
            complete_checkout(shop, token, APPROVED)

    with transaction(shop, read_only=True) as session:
        assert read_checkout(session, token).status == "open"
        assert stock(session, variant_id)[2] == 0
    assert charges(shop, checkout_id(shop, token)) == []
    assert complete_checkout(shop, token, APPROVED).order_id is not None


def test_extra_authentication_is_resumed(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 1)])

    asked = complete_checkout(shop, token, {"type": "test", "token": "tok_requires_action"})
    with transaction(shop) as session:
        waiting = read_checkout(session, token).action
    done = resume_checkout(shop, token, {"outcome": "approve"})

    assert asked.order_id is None
    assert asked.action == waiting
    assert [choice["value"] for choice in waiting["choices"]] == ["approve", "decline"]
    assert done.order_id is not None
    assert resume_checkout(shop, token) == done
    assert charges(shop, checkout_id(shop, token)) == [1_650]


def test_a_refused_authentication_opens_the_checkout_again(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 5)])
    complete_checkout(shop, token, {"type": "test", "token": "tok_requires_action"})

    with pytest.raises(AuthenticationFailed):
        resume_checkout(shop, token, {"outcome": "decline"})

    with transaction(shop) as session:
        assert stock(session, variant_id) == (5, 0, 0)
        assert read_checkout(session, token).status == "open"


def test_another_card_ends_the_attempt_that_waits(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 5)])
    complete_checkout(shop, token, {"type": "test", "token": "tok_requires_action"})

    done = complete_checkout(shop, token, APPROVED)

    assert done.order_id is not None
    assert resume_checkout(shop, token, {"outcome": "approve"}) == done
    assert charges(shop, checkout_id(shop, token)) == [6_050]


def test_manual_payment_places_a_pending_order(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 1)])

    done = complete_checkout(shop, token, {"type": "manual"})

    with transaction(shop) as session:
        order = read_order(session, done.order_id or 0)
        assert order.financial_status == "pending"
        assert [(row.kind, row.status) for row in order.payments] == [("sale", "pending")]


def test_a_changed_price_is_told_and_never_charged(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 1)])
    with transaction(shop) as session:
        session.execute(update(Variant).where(Variant.id == variant_id).values(price=2_000))

    with pytest.raises(PriceChanged) as caught:
        complete_checkout(shop, token, APPROVED)

    assert caught.value.extra == {"shown_total_minor": 1_650, "total_minor": 2_750, "currency": "USD"}
    assert charges(shop, checkout_id(shop, token)) == []
    with transaction(shop) as session:
        assert stock(session, variant_id) == (5, 0, 0)
    assert complete_checkout(shop, token, APPROVED, 2_750).order_id is not None


def test_what_is_missing_is_listed(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 1)])
    with transaction(shop) as session:
        update_checkout(session, token, Changes(shipping_address={"country": "JP", "name": "Aki", "line1": "1-1"}))

    with pytest.raises(RequirementsNotMet) as caught:
        complete_checkout(shop, token, APPROVED)

    fields = [one["field"] for one in caught.value.requirements]
    assert fields == ["shipping_address.city", "shipping_address.postal_code"]
    assert charges(shop, checkout_id(shop, token)) == []


def test_sold_out_between_cart_and_payment(shop: TenantScope, variant_id: int) -> None:
    token, faster = ready_checkout(shop, [(variant_id, 3)]), ready_checkout(shop, [(variant_id, 4)])
    complete_checkout(shop, faster, APPROVED)

    with pytest.raises(OutOfStock) as caught:
        complete_checkout(shop, token, APPROVED)

    assert caught.value.items == [{"variant_id": variant_id, "available": 1}]
    assert charges(shop, checkout_id(shop, token)) == []


def test_a_process_that_died_before_the_charge_is_released(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 5)])
    attempt = begin(shop, token)

    with clock.frozen(clock.now() + STALE):
        sweep_checkouts(shop)

    late = Gateway().charge(attempt.request)
    assert late.status == "canceled"
    assert charges(shop, attempt.checkout_id) == []
    with transaction(shop) as session:
        assert stock(session, variant_id) == (5, 0, 0)
        assert read_checkout(session, token).status == "open"
        assert audit(session) == []


def test_a_process_that_died_after_the_charge_is_finished(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 5)])
    attempt = begin(shop, token)
    Gateway().charge(attempt.request)

    with clock.frozen(clock.now() + STALE):
        sweep_checkouts(shop)
        sweep_checkouts(shop)

    assert charges(shop, attempt.checkout_id) == [6_050]
    with transaction(shop) as session:
        assert stock(session, variant_id) == (5, 5, 0)
        assert read_checkout(session, token).order_id is not None


def test_the_sweep_leaves_a_fresh_payment_alone(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 5)])
    begin(shop, token)

    sweep_checkouts(shop)

    with transaction(shop) as session:
        assert read_checkout(session, token).status == "completing"
        assert stock(session, variant_id) == (5, 0, 5)


def test_money_for_goods_that_were_sold_meanwhile_goes_back(shop: TenantScope, variant_id: int) -> None:
    token = ready_checkout(shop, [(variant_id, 5)])
    attempt = begin(shop, token)
    Gateway().charge(attempt.request)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        faster = ready_checkout_after_release(shop, variant_id)
        complete_checkout(shop, faster, APPROVED)

        sweep_checkouts(shop)

    assert Gateway().refund(attempt.request.payment, 1, "one more").succeeded is False
    with transaction(shop) as session:
        assert stock(session, variant_id) == (5, 5, 0)
        assert read_checkout(session, token).status == "open"


def ready_checkout_after_release(scope: TenantScope, variant_id: int) -> str:
    from souk.inventory.release import release_expired

    with transaction(scope) as session:
        release_expired(session)
    return ready_checkout(scope, [(variant_id, 5)])


def test_browser_and_webhook_make_one_order(shop: TenantScope, variant_id: int) -> None:
    for _ in range(4):
        token = ready_checkout(shop, [(variant_id, 1)])
        attempt = begin(shop, token)
        Gateway().charge(attempt.request)
        done: list[Completion] = []
        finish = partial(_resume, shop, token, done)

        raised = together(finish, finish)

        assert raised == []
        assert done[0] == done[1]
        assert done[0].order_id is not None
        assert charges(shop, attempt.checkout_id) == [1_650]


def _resume(scope: TenantScope, token: str, done: list[Completion]) -> None:
    done.append(resume_checkout(scope, token))


def test_a_bought_cart_is_closed(shop: TenantScope, variant_id: int) -> None:
    from souk.cart.add import add_line
    from souk.cart.create import create_cart

    with transaction(shop) as session:
        cart = create_cart(session, "USD").token
        add_line(session, cart, variant_id, 1)
        token = start_checkout(session, cart)
        assert start_checkout(session, cart) == token
        told = Changes(email="ada@example.com", shipping_address=_address(), shipping_code="express")
        update_checkout(session, token, told)
    complete_checkout(shop, token, APPROVED)

    with pytest.raises(UnknownCart), transaction(shop) as session:
        read_cart(session, cart)


def _address() -> dict[str, str]:
    from tests.factories.commerce import ADDRESS

    return ADDRESS
