"""Discounts from the cart to the order: entered, shown, counted once, and given back when nobody pays."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from souk.cart.models import Cart
from souk.cart.queries import items_of
from souk.checkout.complete import complete_checkout
from souk.checkout.errors import PriceChanged
from souk.checkout.prepare import prepare
from souk.checkout.queries import checkout_by_token
from souk.checkout.read import claim_of, read_checkout
from souk.checkout.sweep import sweep_checkouts
from souk.customers.models import Customer
from souk.discounts.bulk_codes import codes_of_discount, generate_codes
from souk.discounts.enter_code import codes_of, enter_code, remove_code
from souk.discounts.errors import (
    CodeAlreadyUsed,
    CodeExpired,
    CodeFirstOrderOnly,
    CodeMinimumSubtotal,
    CodeNotCombinable,
    CodeNotForBuyer,
    CodeNotYetValid,
    CodeRefused,
    CodeTaken,
    CodeUnknown,
    CodeUsedUp,
    DiscountInvalid,
    DiscountUsedUp,
    UnknownDiscount,
)
from souk.discounts.evaluate import evaluate
from souk.discounts.models import Discount, DiscountRedemption
from souk.discounts.queries import list_discounts, read_discount, usage_of
from souk.discounts.save import delete_discount
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.read import read_order
from souk.payments.errors import CardDeclined
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, charges, open_for_business, order_count, ready_checkout
from tests.factories.discounts import make_discount
from tests.inventory.test_reserve import together

DECLINED = {"type": "test", "token": "tok_declined"}


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)
    open_for_business(other_shop)


@pytest.fixture
def mug(shop: TenantScope) -> int:
    """Return a variant at 10.00; discounts of earlier tests are over."""
    with transaction(shop) as session:
        session.execute(update(Discount).values(status="disabled"))
        return make_product(session, stock=50, price=1_000)[0]


def enter(scope: TenantScope, token: str, code: str) -> None:
    with transaction(scope) as session:
        checkout = checkout_by_token(session, token, lock=True)
        enter_code(session, checkout.cart_id, code, claim_of(checkout))


def with_code(scope: TenantScope, variant_id: int, code: str, units: int = 2) -> str:
    token = ready_checkout(scope, [(variant_id, units)])
    enter(scope, token, code)
    return token


def counters(session: Session, discount_id: int) -> tuple[int, int, int]:
    """Return (used, spent, redemptions)."""
    row = session.execute(select(Discount.used_count, Discount.spent).where(Discount.id == discount_id)).one()
    uses = select(func.count()).select_from(DiscountRedemption).where(DiscountRedemption.discount_id == discount_id)
    return row.used_count, row.spent, session.execute(uses).scalar_one()


def test_a_code_lowers_what_is_charged_and_stands_on_the_order(
    shop: TenantScope, other_shop: TenantScope, mug: int
) -> None:
    with transaction(shop) as session:
        discount_id = make_discount(session, "TEN")
    token = with_code(shop, mug, " ten ")

    done = complete_checkout(shop, token, APPROVED, 2_530)

    assert done.order_id is not None
    with transaction(shop) as session:
        order = read_order(session, done.order_id)
        # 20.00 less 2.00, 5.00 for sending, 10 % tax on both.
        assert (order.subtotal, order.discount_total, order.shipping_total, order.additional_tax_total) == (
            2_000, 200, 500, 230,
        )  # fmt: skip
        assert [(one["code"], one["class"], one["amount"]) for one in order.discounts] == [("TEN", "order", 200)]
        assert [(line.discount_total, line.tax_total) for line in order.lines] == [(200, 180)]
        assert counters(session, discount_id) == (1, 200, 1)
        usage = usage_of(session, discount_id)
        assert (usage.orders, usage.buyers, usage.saved, usage.sold, usage.held) == (1, 1, 200, 2_530, 0)
    with transaction(other_shop) as session:
        assert list_discounts(session) == ([], 0)
        with pytest.raises(UnknownDiscount):
            read_discount(session, discount_id)
        with pytest.raises(UnknownDiscount):
            delete_discount(session, discount_id)
    other = ready_checkout(other_shop, [(other_mug(other_shop), 1)])
    with pytest.raises(CodeUnknown, match="The code TEN does not exist"):
        enter(other_shop, other, "TEN")


def other_mug(scope: TenantScope) -> int:
    with transaction(scope) as session:
        return make_product(session)[0]


def test_free_shipping_and_the_steps_of_the_price(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        make_discount(session, kind="shipping", value_type="free_shipping", value=None)
    token = ready_checkout(shop, [(mug, 1)])
    with transaction(shop) as session:
        view = read_checkout(session, token)
    assert (view.totals.shipping_total, view.totals.total, view.totals.discount_total) == (0, 1_100, 0)
    assert [(one["title"], one["amount"]) for one in view.discounts] == [("Sale", 500)]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"starts_at": timedelta(days=1)}, CodeNotYetValid),
        ({"starts_at": timedelta(days=-9), "ends_at": timedelta(days=-1)}, CodeExpired),
        ({"status": "disabled"}, CodeExpired),
        ({"rules": {"minimum": {"subtotal": 5_000}}}, CodeMinimumSubtotal),
        ({"rules": {"customers": {"tags": ["vip"]}}}, CodeNotForBuyer),
        ({"budget": 100}, CodeUsedUp),
    ],
)
def test_a_refused_code_changes_nothing(
    shop: TenantScope, mug: int, told: dict[str, object], error: type[CodeRefused]
) -> None:
    dated = {name: clock.now() + value if isinstance(value, timedelta) else value for name, value in told.items()}
    code = f"NO-{error.__name__}-{len(told)}".upper()
    with transaction(shop) as session:
        make_discount(session, code, **dated)
    token = ready_checkout(shop, [(mug, 2)])

    with pytest.raises(error, match=code):
        enter(shop, token, code)

    with transaction(shop) as session:
        assert codes_of(session, checkout_by_token(session, token).cart_id) == []


def test_a_group_has_its_own_prices_and_the_first_order_is_the_first(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        make_discount(session, "FRIENDS", rules={"customers": {"tags": ["VIP "]}})
        make_discount(session, "WELCOME", rules={"customers": {"first_order": True}})
    token = ready_checkout(shop, [(mug, 1)])
    with pytest.raises(CodeFirstOrderOnly):
        # ada@example.com has bought in the first test of this file.
        enter(shop, token, "WELCOME")
    with pytest.raises(CodeNotForBuyer):
        enter(shop, token, "FRIENDS")
    with transaction(shop) as session:
        vip = session.execute(
            text("INSERT INTO customers (email, tags) VALUES ('vip@example.com', '{vip}') RETURNING id")
        ).scalar_one()
        checkout = checkout_by_token(session, token)
        items = items_of(session, checkout.cart_id)
        claim = claim_of(checkout)
        mine = evaluate(session, items, type(claim)(["FRIENDS"], vip, "vip@example.com"))
        assert [one.amount for one in mine.applied] == [100]
        # Other guests' orders are not this guest's, whom no account names.
        new = evaluate(session, items, type(claim)(["WELCOME"], None, "new@example.com"))
        assert [one.amount for one in new.applied] == [100]
        assert session.execute(select(Customer.tags).where(Customer.id == vip)).scalar_one() == ["vip"]


def test_two_codes_need_each_others_consent(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        make_discount(session, "BIG", "20")
        make_discount(session, "SMALL", "5", combines_with=["order"])
    token = with_code(shop, mug, "BIG")
    with pytest.raises(CodeNotCombinable):
        enter(shop, token, "SMALL")
    with transaction(shop) as session:
        cart = checkout_by_token(session, token).cart_id
        assert codes_of(session, cart) == ["BIG"]
        remove_code(session, cart, "big")
    enter(shop, token, "SMALL")


def test_the_last_use_goes_to_one_of_two_buyers(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        discount_id = make_discount(session, "LAST", usage_limit=1)
    tokens = [with_code(shop, mug, "LAST") for _ in range(2)]
    before = order_total(shop)

    results = together(*(partial(pay, shop, token) for token in tokens))

    # Who comes second sees the use gone, or the total without it.
    assert [type(one) for one in results] in ([DiscountUsedUp], [PriceChanged])
    assert order_total(shop) == before + 1
    with transaction(shop) as session:
        assert counters(session, discount_id) == (1, 200, 1)
        ids = [checkout_by_token(session, token).id for token in tokens]
    assert sorted(charges(shop, one) for one in ids) == [[], [2_530]]


def pay(scope: TenantScope, token: str) -> None:
    complete_checkout(scope, token, APPROVED, 2_530)


def order_total(scope: TenantScope) -> int:
    with transaction(scope) as session:
        return order_count(session)


def test_one_buyer_uses_it_once_even_in_two_windows(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        discount_id = make_discount(session, "ONCE", per_customer=1)
    tokens = [with_code(shop, mug, "ONCE") for _ in range(2)]

    results = together(*(partial(pay, shop, token) for token in tokens))

    assert [type(one) for one in results] in ([DiscountUsedUp], [PriceChanged])
    with transaction(shop) as session:
        assert counters(session, discount_id) == (1, 200, 1)
    with pytest.raises(CodeAlreadyUsed):
        with_code(shop, mug, "ONCE")


def test_a_declined_card_and_a_dead_process_give_the_use_back(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        discount_id = make_discount(session, "BACK", usage_limit=1, budget=500)
    token = with_code(shop, mug, "BACK")
    with pytest.raises(CardDeclined):
        complete_checkout(shop, token, DECLINED, 2_530)
    with transaction(shop) as session:
        assert counters(session, discount_id) == (0, 0, 0)
        prepare(session, token, APPROVED, None)
    with transaction(shop) as session:
        # The process died here: the use is held, and nobody else gets it.
        assert counters(session, discount_id) == (1, 200, 1)
    with pytest.raises(CodeUsedUp):
        with_code(shop, mug, "BACK")
    with clock.frozen(clock.now() + timedelta(minutes=40)):
        sweep_checkouts(shop)
    with transaction(shop) as session:
        assert counters(session, discount_id) == (0, 0, 0)
    assert complete_checkout(shop, token, APPROVED, 2_530).order_id is not None


def test_codes_in_bulk_are_for_one_use_each(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        discount_id = make_discount(session, "BULK-MAIN")
        assert generate_codes(session, discount_id, 1_200, "bulk") == 1_200
        codes = [row.code for row in codes_of_discount(session, discount_id)]
        assert len(set(codes)) == 1_201
        with pytest.raises(DiscountInvalid, match="from 1 to 10000"):
            generate_codes(session, discount_id, 0)
        with pytest.raises(CodeTaken):
            make_discount(session, codes[-1])
    with transaction(shop) as session:
        session.execute(update(Cart).values(discount_codes=[]))
    complete_checkout(shop, with_code(shop, mug, codes[-1]), APPROVED, 2_530)
    with pytest.raises(CodeUsedUp):
        with_code(shop, mug, codes[-1])
    assert complete_checkout(shop, with_code(shop, mug, codes[-2]), APPROVED, 2_530).order_id is not None
