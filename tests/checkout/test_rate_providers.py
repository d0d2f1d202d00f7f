"""Rates over the network: asked before the transaction, held by the checkout, replaced where nobody answers rightly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete, insert

from plugins import dispatch
from plugins.api import Parcel, RateOffer
from plugins.breaker import FAULTS_IN_A_ROW
from plugins.builtin.test_carrier import plugin as carrier
from plugins.enablement import enable
from plugins.limits import within
from plugins.loader import plugins
from plugins.pauses import last_failures, pauses
from souk.checkout.complete import complete_checkout
from souk.checkout.errors import PriceChanged
from souk.checkout.read import read_checkout
from souk.kernel import clock
from souk.kernel.answers import HOLDS_FOR, answered, find
from souk.kernel.asking import Question, Unanswered
from souk.kernel.connections import redis_of
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.read import read_order
from souk.shipping.carrier_policy import CarrierPolicy, save_carrier_policy
from souk.shipping.models import ShippingZone
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, order_count, ready_checkout

GROUND = "test_carrier:ground"
OWN = [("standard", 500), ("express", 1_500)]
FALLBACK = CarrierPolicy(own_beside=False, fallback_title="Parcel", fallback_amount=990, most=50_000)


class Carrier:
    """Counts what it is asked, outside any transaction, and raises its price as told."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self.more = 0

    def __call__(self, parcel: Parcel) -> list[RateOffer]:
        refuse_inside_transaction("the carrier")
        self.parcels.append(parcel)
        return [RateOffer("ground", "Ground", 700 + self.more, parcel.currency, (2, 3))]


@pytest.fixture(scope="module")
def variant(shop: TenantScope, other_shop: TenantScope) -> int:
    found = []
    for scope in (other_shop, shop):
        open_for_business(scope)
        with transaction(scope) as session:
            found.append(make_product(session, stock=50, price=2_000)[0])
    return found[-1]


@pytest.fixture
def asked(shop: TenantScope, variant: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Carrier]:
    recorder = Carrier()
    monkeypatch.setattr(carrier, "_BEHAVIORS", {**carrier._BEHAVIORS, "answers": recorder})
    yield recorder
    plugins().breakers.clear()
    for key in redis_of().scan_iter(f"asked:{shop.tenant_id}:*"):
        redis_of().delete(key)


def use(scope: TenantScope, behavior: str = "answers", policy: CarrierPolicy = FALLBACK) -> None:
    with transaction(scope) as session:
        enable(session, "test_carrier", enabled=True, settings={"behavior": behavior})
        save_carrier_policy(session, policy)


def begun(scope: TenantScope, variant: int, code: str | None = None) -> str:
    return answered(scope, lambda: ready_checkout(scope, [(variant, 1)], shipping_code=code))


def offers(scope: TenantScope, token: str) -> list[tuple[str, int]]:
    def look() -> list[tuple[str, int]]:
        with transaction(scope, read_only=True) as session:
            return [(rate.code, rate.amount) for rate in read_checkout(session, token).rates]

    return answered(scope, look)


def test_what_was_shown_is_charged_and_nobody_is_asked_again(shop: TenantScope, variant: int, asked: Carrier) -> None:
    use(shop)
    token = begun(shop, variant, GROUND)
    asked.more = 300
    held = offers(shop, token)

    done = complete_checkout(shop, token, APPROVED, 2_000 + 700 + 270)

    with transaction(shop) as session:
        order = read_order(session, done.order_id or 0)
    assert held == [(GROUND, 700)]
    assert (order.shipping_total, order.shipping_line["provider"]) == (700, "test_carrier")
    assert [(one.country, one.postal_key, one.city, one.currency) for one in asked.parcels] == [
        ("US", "10001", "New York", "USD")
    ]
    assert [(one.quantity, one.price) for one in asked.parcels[0].items] == [(1, 2_000)]


def test_a_dearer_rate_stops_the_payment_once_the_old_one_holds_no_more(
    shop: TenantScope, variant: int, asked: Carrier
) -> None:
    use(shop)
    token = begun(shop, variant, GROUND)
    asked.more = 300
    with transaction(shop) as session:
        before = order_count(session)

    with clock.frozen(clock.now() + HOLDS_FOR), pytest.raises(PriceChanged) as refused:
        complete_checkout(shop, token, APPROVED, 2_970)

    with transaction(shop) as session:
        assert order_count(session) == before
    assert (refused.value.extra["shown_total_minor"], refused.value.total) == (2_970, 3_300)
    assert len(asked.parcels) == 2


def test_the_same_question_is_asked_once_for_all_checkouts(
    shop: TenantScope, other_shop: TenantScope, variant: int, asked: Carrier
) -> None:
    use(shop)

    first, second = begun(shop, variant), begun(shop, variant)
    theirs = begun(other_shop, variant)

    assert offers(shop, first) == offers(shop, second) == [(GROUND, 700)]
    assert offers(other_shop, theirs) == OWN
    assert len(asked.parcels) == 1


def test_own_rates_stay_beside_those_of_others_where_the_shop_wants_it(
    shop: TenantScope, variant: int, asked: Carrier
) -> None:
    use(shop, policy=CarrierPolicy())

    assert offers(shop, begun(shop, variant)) == [OWN[0], (GROUND, 700), OWN[1]]


def test_each_profile_is_a_parcel_of_its_own_and_all_are_asked_at_once(
    shop: TenantScope, variant: int, asked: Carrier
) -> None:
    use(shop)
    with transaction(shop) as session:
        sofa = make_product(session, price=90_000, weight_grams=40_000, shipping_profile="Freight")[0]
        rates = [{"code": "freight", "title": "Freight", "provider": "flat_rate", "price": 9_900}]
        zone = insert(ShippingZone).values(name="Freight", countries=["US"], rates=rates, profile="Freight")
        session.execute(zone)

    token = answered(shop, lambda: ready_checkout(shop, [(variant, 1), (sofa, 2)], shipping_code=GROUND))

    assert offers(shop, token) == [(GROUND, 1_400)]
    assert sorted((one.weight_grams, one.subtotal) for one in asked.parcels) == [(500, 2_000), (80_000, 180_000)]
    done = complete_checkout(shop, token, APPROVED)
    with transaction(shop) as session:
        assert read_order(session, done.order_id or 0).shipping_total == 1_400
        session.execute(delete(ShippingZone).where(ShippingZone.profile == "Freight"))


@pytest.mark.parametrize(
    ("behavior", "reason"),
    [
        ("fails", "It failed (Unreachable)."),
        ("slow", "It gave no answer within 2 seconds."),
        ("negative", "no whole number of 0 or more"),
        ("absurd", "more than the most"),
        ("currency", "is in XXX and was asked for in USD"),
    ],
)
def test_without_an_answer_that_can_be_true_the_replacement_is_offered(
    shop: TenantScope,
    other_shop: TenantScope,
    variant: int,
    asked: Carrier,
    *,
    behavior: str,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrier, "SLOW_SECONDS", 0.3)
    monkeypatch.setattr(dispatch, "within", lambda seconds, call: within(seconds / 40, call))
    use(shop, behavior)

    found = offers(shop, begun(shop, variant))

    assert found == [OWN[0], ("fallback", 990), OWN[1]]
    assert reason in last_failures(shop.pod, shop.tenant_id, "rate_provider")["test_carrier"].reason
    assert last_failures(shop.pod, other_shop.tenant_id, "rate_provider") == {}


def test_a_carrier_that_keeps_failing_is_left_alone(shop: TenantScope, variant: int, asked: Carrier) -> None:
    use(shop, "fails")
    for quantity in range(FAULTS_IN_A_ROW):
        with transaction(shop) as session:
            enable(session, "test_carrier", enabled=True, settings={"behavior": "fails", "asked": quantity})
        begun(shop, variant)

    use(shop)

    assert [one.hook for one in pauses(shop.pod, shop.tenant_id)] == []
    assert offers(shop, begun(shop, variant)) == [OWN[0], ("fallback", 990), OWN[1]]
    assert asked.parcels == []


def test_a_transaction_asks_nobody_and_says_so(shop: TenantScope, variant: int, asked: Carrier) -> None:
    use(shop)

    with pytest.raises(Unanswered):
        ready_checkout(shop, [(variant, 1)])

    assert asked.parcels == []


def test_all_are_asked_at_once_and_each_shop_keeps_its_own_answers(shop: TenantScope, other_shop: TenantScope) -> None:
    # Each waits for the other: one after the other neither would ever answer.
    together = threading.Barrier(2, timeout=5)
    calls = {name: lambda: together.wait() >= 0 for name in ("one", "two")}

    answer = find(shop, Question("rate_provider", "at once", {**calls, "three": lambda: None}))

    assert (dict(answer.said), answer.silent) == ({"one": True, "two": True}, ("three",))
    alone: dict[str, Callable[[], Any]] = {"one": lambda: "asked again"}
    assert [dict(find(scope, Question("rate_provider", "at once", alone)).said) for scope in (shop, other_shop)] == [
        {"one": True, "two": True},
        {"one": "asked again"},
    ]
