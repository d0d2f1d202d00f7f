"""Taxes over the network: a provider says rates, we calculate; without a true answer the table holds, or nothing is
sold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from decimal import Decimal

import pytest
from sqlalchemy import select

from plugins import dispatch
from plugins.api import ProviderRate, TaxAnswer, TaxRequest
from plugins.builtin.test_tax import plugin as service
from plugins.enablement import enable
from plugins.limits import within
from plugins.loader import plugins
from plugins.pauses import last_failures
from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.checkout.changes import Changes
from souk.checkout.complete import complete_checkout
from souk.checkout.errors import RequirementsNotMet
from souk.checkout.explain import replay
from souk.checkout.read import CheckoutView, read_checkout
from souk.checkout.requirements import Requirement
from souk.checkout.start import start_checkout
from souk.checkout.update import update_checkout
from souk.customers.models import Customer
from souk.customers.set_tax_exempt import set_tax_exempt
from souk.kernel.answers import answered
from souk.kernel.connections import redis_of
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.orders.editing.begin import begin_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.editing.errors import TaxUnanswered
from souk.orders.editing.plan import EditPlan
from souk.orders.models import OrderLine, TaxLine
from souk.orders.read import read_order
from souk.tax.provider_policy import ProviderPolicy, save_provider_policy
from tests.factories.catalog import make_product
from tests.factories.commerce import ADDRESS, APPROVED, open_for_business, order_count, ready_checkout

OWN_TAX = 250  # 10 % of 2,000 and of 500 for the shipping


class Service:
    """Records what it is asked, outside any transaction."""

    def __init__(self) -> None:
        self.requests: list[TaxRequest] = []
        self.down = False

    def __call__(self, request: TaxRequest) -> TaxAnswer:
        refuse_inside_transaction("the tax service")
        self.requests.append(request)
        if self.down:
            raise service.Unreachable
        state, city = ProviderRate("State", Decimal("0.0625")), ProviderRate("City", Decimal("0.01375"))
        return TaxAnswer([(state, city) for _ in request.items], (state,))


@pytest.fixture(scope="module")
def variant(shop: TenantScope, other_shop: TenantScope) -> int:
    found = []
    for scope in (other_shop, shop):
        open_for_business(scope)
        with transaction(scope) as session:
            found.append(make_product(session, stock=50, price=2_000)[0])
    return found[-1]


@pytest.fixture
def asked(shop: TenantScope, variant: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    recorder = Service()
    monkeypatch.setattr(service, "_BEHAVIORS", {**service._BEHAVIORS, "answers": recorder})
    yield recorder
    plugins().breakers.clear()
    forget_answers(shop)


def forget_answers(scope: TenantScope) -> None:
    """Let time pass for everybody but the checkouts that hold an answer."""
    for key in redis_of().scan_iter(f"asked:{scope.tenant_id}:*"):
        redis_of().delete(key)


def use(scope: TenantScope, behavior: str = "answers", when_silent: str = "own") -> None:
    with transaction(scope) as session:
        enable(session, "test_tax", enabled=True, settings={"behavior": behavior})
        save_provider_policy(session, ProviderPolicy("test_tax", when_silent))


def begun(scope: TenantScope, variant: int) -> str:
    return answered(scope, lambda: ready_checkout(scope, [(variant, 1)]))


def shown(scope: TenantScope, token: str) -> CheckoutView:
    def look() -> CheckoutView:
        with transaction(scope, read_only=True) as session:
            return read_checkout(session, token)

    return answered(scope, look)


@pytest.mark.parametrize("included", [False, True])
def test_the_order_keeps_the_rates_and_their_source_and_adds_up(
    shop: TenantScope, variant: int, asked: Service, *, included: bool
) -> None:
    with transaction(shop) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"prices_include_tax": included})
    use(shop)
    token = begun(shop, variant)
    totals = shown(shop, token).totals

    order_id = complete_checkout(shop, token, APPROVED, totals.total).order_id

    with transaction(shop) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"prices_include_tax": False})
        line = session.execute(select(OrderLine.price_trace, OrderLine.tax_total).filter_by(order_id=order_id)).one()
        columns = (TaxLine.title, TaxLine.rate, TaxLine.amount, TaxLine.source)
        taxes = [tuple(row) for row in session.execute(select(*columns).filter_by(order_id=order_id))]
    # 7.625 % of 20.00 is 1.525, of 5.00 with 6.25 % it is 0.3125; inside the prices 1.417 and 0.294.
    goods, shipping = (116, 26), 29
    if not included:
        goods, shipping = (125, 28), 31
    assert taxes == [
        ("State", Decimal("0.0625"), goods[0], "Test tax"),
        ("City", Decimal("0.01375"), goods[1], "Test tax"),
        ("State", Decimal("0.0625"), shipping, "Test tax"),
    ]
    assert (totals.included_tax_total, totals.additional_tax_total) == (
        (sum(goods) + shipping, 0) if included else (0, sum(goods) + shipping)
    )
    assert totals.total == 2_500 + totals.additional_tax_total
    assert [step.get("source") for step in line.price_trace if step["step"] == "tax"] == ["Test tax"] * 2
    assert replay(line.price_trace).tax == line.tax_total == sum(goods)
    request = asked.requests[-1]
    assert len(asked.requests) == 1
    assert (request.country, request.province, request.postal_key, request.shipping) == ("US", "NY", "10001", 500)
    assert [(one.quantity, one.amount) for one in request.items] == [(1, 2_000)]
    assert request.prices_include_tax is included


def test_goods_of_an_edit_are_taxed_by_who_taxed_the_order(shop: TenantScope, variant: int, asked: Service) -> None:
    use(shop)
    taxed = complete_checkout(shop, begun(shop, variant), APPROVED).order_id or 0
    with transaction(shop) as session:
        save_provider_policy(session, ProviderPolicy())
        mug = make_product(session, stock=5, price=1_000)[0]
    plain = complete_checkout(shop, begun(shop, variant), APPROVED).order_id or 0
    use(shop)

    def edited(order_id: int) -> list[tuple[object, ...]]:
        def begin() -> int:
            with transaction(shop) as session:
                begin_edit(session, order_id, "staff:1")
                return write_edit(session, order_id, {}, [{"variant_id": mug, "quantity": 2}]).version

        confirm_edit(shop, order_id, answered(shop, begin), "staff:1")
        with transaction(shop) as session:
            newest = select(OrderLine.id).filter_by(order_id=order_id, variant_id=mug).scalar_subquery()
            found = select(TaxLine.title, TaxLine.amount, TaxLine.source).where(TaxLine.order_line_id == newest)
            return [tuple(row) for row in session.execute(found)]

    assert edited(taxed) == [("State", 125, "Test tax"), ("City", 28, "Test tax")]
    assert edited(plain) == [("Sales tax", 200, "")]
    assert [(one.quantity, one.amount) for request in asked.requests for one in request.items] == [
        (1, 2_000),
        (2, 2_000),
    ]


@pytest.mark.parametrize(("when_silent", "sources"), [("own", [("Sales tax", "")]), ("refuse", [])])
def test_an_edit_without_an_answer_follows_the_shops_setting(
    shop: TenantScope, variant: int, asked: Service, when_silent: str, sources: list[tuple[str, str]]
) -> None:
    use(shop)
    order_id = complete_checkout(shop, begun(shop, variant), APPROVED).order_id or 0
    use(shop, when_silent=when_silent)
    asked.down = True
    with transaction(shop) as session:
        mug = make_product(session, stock=5, price=1_000)[0]

    def begin() -> EditPlan:
        with transaction(shop) as session:
            begin_edit(session, order_id, "staff:1")
            return write_edit(session, order_id, {}, [{"variant_id": mug, "quantity": 1}])

    plan = answered(shop, begin)
    refusal = nullcontext() if when_silent == "own" else pytest.raises(TaxUnanswered, match="try again in a minute")
    with refusal:
        confirm_edit(shop, order_id, plan.version, "staff:1")

    assert plan.tax_unknown is (when_silent == "refuse")
    with transaction(shop) as session:
        lines = select(OrderLine.id).filter_by(order_id=order_id).order_by(OrderLine.id).offset(1)
        found = select(TaxLine.title, TaxLine.source).where(TaxLine.order_line_id.in_(lines))
        assert [tuple(row) for row in session.execute(found)] == sources
        assert read_order(session, order_id).version == plan.version + (when_silent == "own")


@pytest.mark.parametrize(
    ("behavior", "reason"),
    [
        ("fails", "It failed (Unreachable)."),
        ("slow", "It gave no answer within 2 seconds."),
        ("negative", "must be 0 or more"),
        ("absurd", "above 50%"),
        ("no_number", "no decimal number"),
        ("short", "It answered 0 lines where 1 were asked for."),
    ],
)
def test_without_a_true_answer_the_table_holds_or_no_order_is_taken(
    shop: TenantScope,
    other_shop: TenantScope,
    variant: int,
    asked: Service,
    *,
    behavior: str,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "SLOW_SECONDS", 0.3)
    monkeypatch.setattr(dispatch, "within", lambda seconds, call: within(seconds / 40, call))
    use(shop, behavior)
    token = begun(shop, variant)
    before = shown(shop, token)
    use(shop, behavior, "refuse")
    after = shown(shop, token)
    with transaction(shop) as session:
        orders = order_count(session)

    with pytest.raises(RequirementsNotMet, match="cannot be calculated"):
        complete_checkout(shop, token, APPROVED, before.totals.total)

    with transaction(shop) as session:
        assert order_count(session) == orders
    assert [before.totals.additional_tax_total, after.totals.additional_tax_total] == [OWN_TAX, OWN_TAX]
    assert [tax.source for tax in before.lines[0].taxes] == [""]
    assert [codes(before.requirements), codes(after.requirements)] == [
        ["payment_missing"],
        ["tax_unknown", "payment_missing"],
    ]
    assert reason in last_failures(shop.pod, shop.tenant_id, "tax_provider")["test_tax"].reason
    assert last_failures(shop.pod, other_shop.tenant_id, "tax_provider") == {}


def codes(requirements: Sequence[Requirement]) -> list[str]:
    return [one.code for one in requirements]


def test_a_refused_buyer_may_pay_as_soon_as_there_is_an_answer(shop: TenantScope, variant: int, asked: Service) -> None:
    use(shop, when_silent="refuse")
    asked.down = True
    token = begun(shop, variant)
    refused = shown(shop, token)
    asked.down = False
    forget_answers(shop)

    view = shown(shop, token)

    assert codes(refused.requirements) == ["tax_unknown", "payment_missing"]
    assert codes(view.requirements) == ["payment_missing"]
    assert [tax.source for tax in view.lines[0].taxes] == ["Test tax"] * 2


def test_nobody_is_asked_by_another_shop_nor_about_a_buyer_without_tax(
    shop: TenantScope, other_shop: TenantScope, variant: int, asked: Service
) -> None:
    use(shop)
    with transaction(other_shop) as session:
        # On, but not chosen for the taxes of this shop.
        enable(session, "test_tax", enabled=True)
        theirs = make_product(session, stock=5, price=2_000)[0]
    with transaction(shop) as session:
        buyer = Customer(email="museum@example.com")
        session.add(buyer)
        session.flush()
        set_tax_exempt(session, buyer.id, exempt=True)
        buyer_id = buyer.id

    strangers = shown(other_shop, begun(other_shop, theirs))

    assert strangers.totals.additional_tax_total == OWN_TAX
    assert asked.requests == []
    assert exempted(shop, variant, buyer_id) == 0
    assert asked.requests == []


def exempted(scope: TenantScope, variant: int, customer_id: int) -> int:
    def look() -> int:
        with transaction(scope) as session:
            cart = create_cart(session, "USD")
            add_line(session, cart.token, variant, 1)
            token = start_checkout(session, cart.token, customer_id)
            return update_checkout(session, token, Changes(shipping_address=ADDRESS)).totals.additional_tax_total

    return answered(scope, look)
