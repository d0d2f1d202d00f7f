"""Lists in a shop: for whom they hold, what they cost in statements, and what is bought at their prices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.cart.read import read_cart
from souk.cart.switch_market import switch_market
from souk.catalog.cards import cards_by_id
from souk.catalog.models import Variant
from souk.checkout.changes import Changes
from souk.checkout.complete import complete_checkout
from souk.checkout.draft_invoice import invoice_draft, price_draft
from souk.checkout.explain import replay
from souk.checkout.read import read_checkout
from souk.checkout.start import follow_cart, start_checkout
from souk.checkout.update import update_checkout
from souk.customers.models import Customer
from souk.customers.register import register
from souk.discounts.models import Discount
from souk.kernel import clock
from souk.kernel.configuration import configuration
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.books.check import check_books
from souk.orders.drafting.save import create_draft
from souk.orders.editing.begin import begin_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.models import Order, OrderLine
from souk.pricing.delete_list import delete_price_list
from souk.pricing.drafts import PriceDraft, PriceListDraft
from souk.pricing.errors import CurrencyInvalid, PriceListInvalid, PriceListMissing, PriceListTaken, PricesRefused
from souk.pricing.price_cards import price_cards
from souk.pricing.prices_csv import read_prices, write_prices
from souk.pricing.queries import list_price_lists, prices_of_list, read_price_list
from souk.pricing.read_book import read_book
from souk.pricing.refresh import announce_lists
from souk.pricing.rules import Market, read_rules
from souk.pricing.save_currency import CurrencyDraft, save_currency, stop_currency
from souk.pricing.save_list import save_price_list
from souk.pricing.set_prices import replace_prices, set_variant_prices
from tests.factories.catalog import make_product
from tests.factories.commerce import ADDRESS, APPROVED, open_for_business
from tests.factories.discounts import make_discount
from tests.fixtures.shops import make_shop


@pytest.fixture
def trading(platform: None) -> TenantScope:
    """A shop in USD that sells in EUR too."""
    scope = make_shop()
    open_for_business(scope)
    with transaction(scope) as session:
        save_currency(session, CurrencyDraft(code="EUR", rate="0.9", step=5, countries=["DE"]))
    return scope


def mug(scope: TenantScope) -> int:
    with transaction(scope) as session:
        return make_product(session, price=2_000, stock=None)[0]


def price_in(session: Session, variant_id: int, market: Market, quantity: int = 1) -> int:
    return (
        read_book(session, read_rules(session), market, [variant_id])
        .resolve(variant_id, 2_000, quantity=quantity)
        .price
    )


def test_a_list_holds_for_whom_it_says_and_only_in_its_shop(trading: TenantScope, other_shop: TenantScope) -> None:
    variant_id, now = mug(trading), clock.now()
    with transaction(trading) as session:
        everybody = save_price_list(session, PriceListDraft(name="Everybody", percent="-1"))
        save_price_list(session, PriceListDraft(name="Euro", currency="EUR", percent="-2"))
        save_price_list(session, PriceListDraft(name="Germany", countries=["DE"], percent="-5"))
        save_price_list(session, PriceListDraft(name="Germany first", countries=["DE"], percent="-6", priority=1))
        save_price_list(session, PriceListDraft(name="Trade", tags=["Trade"], percent="-10", breaks=[(10, "-50")]))
        later: dict[str, Any] = {"starts_at": now + timedelta(days=1), "ends_at": now + timedelta(days=2)}
        save_price_list(session, PriceListDraft(name="Later", countries=["DE"], percent="-90", priority=9, **later))
        save_price_list(session, PriceListDraft(name="Off", percent="-90", priority=9, status="disabled"))
    asked = [
        (Market("USD", "US"), 1, 1_980),
        (Market("EUR", "US"), 1, 1_764),
        (Market("EUR", "DE"), 1, 1_692),
        (Market("USD", "US", frozenset(["trade"])), 1, 1_782),
        (Market("USD", "US", frozenset(["trade"])), 10, 891),
        (Market("USD", "US", frozenset(["vip"])), 10, 1_980),
    ]
    with transaction(trading) as session:
        assert [price_in(session, variant_id, market, quantity) for market, quantity, _ in asked] == [
            price for *_, price in asked
        ]
        card = cards_by_id(session, [session.execute(select(Variant.product_id)).scalar_one()])
        assert price_cards(session, read_rules(session), Market("EUR", "DE"), card)[0].price_min == 1_692
    with transaction(other_shop) as session:
        assert list_price_lists(session) == []
        with pytest.raises(PriceListMissing):
            delete_price_list(session, everybody)
        with pytest.raises(PriceListMissing):
            replace_prices(session, everybody, [])
    with clock.frozen(now + timedelta(days=1, hours=1)), transaction(trading) as session:
        assert price_in(session, variant_id, Market("USD", "DE")) == 200


def test_a_shop_without_lists_asks_nothing_and_one_with_lists_once(trading: TenantScope) -> None:
    variants = [mug(trading) for _ in range(3)]
    seen: list[str] = []
    with transaction(trading) as session:
        configuration(session)
        event.listen(session.connection().engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
        rules, market = read_rules(session), Market("EUR", "DE")
        read_book(session, rules, market, variants)
        assert [sql for sql in seen if "price_list" in sql] == []
        save_price_list(session, PriceListDraft(name="All", percent="-10"))
        seen.clear()
        read_book(session, read_rules(session), market, variants)
        assert len([sql for sql in seen if "price_list" in sql]) == 1
        assert read_rules(session).lists
        delete_price_list(session, list_price_lists(session)[0].id)
        assert not read_rules(session).lists


def test_prices_go_into_a_list_and_out_as_a_file(trading: TenantScope) -> None:
    one, two = mug(trading), mug(trading)
    with transaction(trading) as session:
        number = save_price_list(session, PriceListDraft(name="Euro", currency="EUR"))
        replace_prices(session, number, [PriceDraft(one, 1_500, compare_at_price=1_900), PriceDraft(one, 1_200, 10)])
        set_variant_prices(session, number, [PriceDraft(two, 1_000)])
        text = write_prices(prices_of_list(session, number), "EUR")
        assert text.splitlines()[1].endswith(",1,15.00,19.00")
        assert [(row.price, row.min_quantity) for row in read_prices(session, text, "EUR")] == [
            (1_500, 1), (1_200, 10), (1_000, 1)
        ]  # fmt: skip
        sku = session.execute(select(Variant.sku).where(Variant.id == two)).scalar_one()
        assert read_prices(session, f"SKU;Price\n{sku};9,50\n", "EUR") == [PriceDraft(two, 950)]
        set_variant_prices(session, number, [], [two])
        assert read_price_list(session, number).prices == 2
        # The first variant is 15.00, the second one converted.
        cards = cards_by_id(session, session.scalars(select(Variant.product_id).order_by(Variant.id)).all())
        shown = price_cards(session, read_rules(session), Market("EUR", "DE"), cards)
        assert [(card.price_min, card.compare_at_price) for card in shown] == [(1_500, 1_900), (1_800, None)]


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        ({"name": " "}, PriceListInvalid),
        ({"percent": "-100"}, PriceListInvalid),
        ({"percent": "ten"}, PriceListInvalid),
        ({"currency": "GBP"}, PriceListInvalid),
        ({"countries": ["XX"]}, PriceListInvalid),
        ({"breaks": [(1, "-5")]}, PriceListInvalid),
        ({"breaks": [(5, "5")]}, PriceListInvalid),
        ({"breaks": [(5, "-5"), (5, "-6")]}, PriceListInvalid),
        ({"priority": 5_000}, PriceListInvalid),
        ({"name": "Taken"}, PriceListTaken),
    ],
)
def test_a_bad_list_changes_nothing(shop: TenantScope, draft: dict[str, object], problem: type[Exception]) -> None:
    with transaction(shop) as session:
        if "Taken" not in [one.name for one in list_price_lists(session)]:
            save_price_list(session, PriceListDraft(name="Taken"))
        before = list_price_lists(session)
        with pytest.raises(problem):
            save_price_list(session, PriceListDraft(**{"name": "New", **draft}))  # type: ignore[arg-type]
        assert list_price_lists(session) == before


def test_bad_prices_and_currencies_change_nothing(trading: TenantScope) -> None:
    variant_id = mug(trading)
    with transaction(trading) as session:
        loose = save_price_list(session, PriceListDraft(name="Loose", percent="-5"))
        number = save_price_list(session, PriceListDraft(name="Euro", currency="EUR"))
        replace_prices(session, number, [PriceDraft(variant_id, 1_500)])
        bad = [PriceDraft(variant_id + 1_000, 1), PriceDraft(variant_id, -1), PriceDraft(variant_id, 1, 0)]
        for one in bad:
            with pytest.raises(PricesRefused):
                replace_prices(session, number, [one])
        with pytest.raises(PricesRefused):
            replace_prices(session, number, [PriceDraft(variant_id, 1), PriceDraft(variant_id, 2)])
        with pytest.raises(PriceListInvalid):
            replace_prices(session, loose, [PriceDraft(variant_id, 1)])
        with pytest.raises(PriceListInvalid):
            save_price_list(session, PriceListDraft(name="Euro", currency="USD"), number)
        assert [row.price for row in prices_of_list(session, number)] == [1_500]
        for text in ("price\n1\n", "sku,price\nNOPE,1\n", "variant_id,price\n1,\n", "variant_id,price\n1,1.999\n"):
            with pytest.raises(PricesRefused):
                read_prices(session, text, "EUR")
        for draft in ({"code": "USD"}, {"code": "XXQ"}, {"rate": "0"}, {"rate": "a"}, {"step": 0}, {"less": 5}):
            with pytest.raises(CurrencyInvalid):
                save_currency(session, CurrencyDraft(**{"code": "GBP", "rate": "1", **draft}))  # type: ignore[arg-type]
        assert read_rules(session).currencies == ["USD", "EUR"]


def test_a_currency_that_is_stopped_stays_for_carts_begun_in_it(trading: TenantScope) -> None:
    variant_id = mug(trading)
    with transaction(trading) as session:
        cart = create_cart(session, "EUR", country="DE").token
        add_line(session, cart, variant_id, 1)
        save_currency(session, CurrencyDraft(code="CHF", rate="0.95", countries=["DE"]))
        assert read_rules(session).market(country="DE").currency == "CHF"
        stop_currency(session, "EUR")
        assert read_rules(session).market("EUR").currency == "USD"
        assert read_cart(session, cart).subtotal == 1_800


def test_an_order_in_another_currency_adds_up_to_its_end(trading: TenantScope) -> None:
    variant_id = mug(trading)
    with transaction(trading) as session:
        save_price_list(session, PriceListDraft(name="Trade", tags=["trade"], percent="-10", breaks=[(5, "-5")]))
        make_discount(session, value=500, kind="order", value_type="fixed_amount", budget=10_000)
        customer = register(session, "Trade", "trade@example.com", "a long password")
        session.execute(update(Customer).where(Customer.id == customer).values(tags=["trade"]))
        cart = create_cart(session, "USD")
        add_line(session, cart.token, variant_id, 4)
        assert [line.unit_price for line in read_cart(session, cart.token, ["trade"]).lines] == [1_800]
        # The visitor chooses euros: the cart, what it has shown and the checkout that is open follow.
        token = start_checkout(session, cart.token, customer_id=customer)
        follow_cart(session, switch_market(session, cart.token, Market("EUR", "DE")), "EUR")
        assert [line.shown_price for line in read_cart(session, cart.token).lines] == [1_800]
        add_line(session, cart.token, variant_id, 1, ["trade"])
        told = Changes(email="trade@example.com", shipping_address=ADDRESS, shipping_code="standard",
                       payment_provider="test_gateway")  # fmt: skip
        shown = update_checkout(session, token, told)
    line = shown.lines[0]
    # 20.00 USD are 18.00 EUR, 10 % off, 5 % off for five; 5 USD off are 4.50 EUR, the delivery's 5 USD too.
    assert (shown.currency, line.unit_price, shown.totals.shipping_total) == ("EUR", 1_539, 450)
    assert (shown.totals.discount_total, shown.totals.subtotal) == (450, 7_695)
    assert [step["step"] for step in line.price_trace] == [
        "base", "list", "quantity_break", "quantity", "discount", "tax", "rounding"
    ]  # fmt: skip
    assert replay(line.price_trace).net == line.subtotal - line.discount_total
    done = complete_checkout(trading, token, APPROVED)
    with transaction(trading) as session:
        order = session.execute(select(Order.currency, Order.total, Order.to_base)).one()
        assert (order.currency, order.total) == ("EUR", shown.totals.total)
        assert round(order.to_base, 6) == round(1 / read_rules(session).factor("EUR"), 6)
        assert session.execute(select(OrderLine.unit_price)).scalar_one() == 1_539
        # A budget is kept in the shop's own currency.
        assert session.execute(select(Discount.spent)).scalar_one() == 500
    assert check_books(trading).drifts == []
    with transaction(trading) as session:
        assert read_checkout(session, token).order_id == done.order_id


def test_whoever_types_a_customers_address_does_not_get_their_prices(trading: TenantScope) -> None:
    variant_id = mug(trading)
    with transaction(trading) as session:
        save_price_list(session, PriceListDraft(name="Trade", tags=["trade"], percent="-10"))
        customer = register(session, "Trade", "trade@example.com", "a long password")
        session.execute(update(Customer).where(Customer.id == customer).values(tags=["trade"]))
        cart = create_cart(session, "USD").token
        add_line(session, cart, variant_id, 1)
        token = start_checkout(session, cart)
        shown = update_checkout(session, token, Changes(email="trade@example.com", shipping_address=ADDRESS))
    assert shown.totals.subtotal == 2_000


def test_a_list_that_begins_by_itself_is_announced_once(trading: TenantScope) -> None:
    begins = clock.now() + timedelta(hours=1)
    with transaction(trading) as session:
        save_price_list(session, PriceListDraft(name="Sale", percent="-5", starts_at=begins))
    assert announce_lists(trading) == 0
    with clock.frozen(begins + timedelta(seconds=1)):
        assert [announce_lists(trading), announce_lists(trading)] == [1, 0]


def test_drafts_and_edits_by_staff_take_the_prices_of_the_buyers_lists(
    trading: TenantScope, other_shop: TenantScope
) -> None:
    variant_id, other = mug(trading), mug(other_shop)
    with transaction(trading) as session:
        save_price_list(session, PriceListDraft(name="Trade", tags=["trade"], percent="-10", breaks=[(5, "-5")]))
        customer = register(session, "Trade", "trade@example.com", "a long password")
        session.execute(update(Customer).where(Customer.id == customer).values(tags=["trade"]))
    line = {"variant_id": variant_id, "quantity": 5, "unit_price": None}
    content: dict[str, Any] = {
        "lines": [line], "email": "trade@example.com", "shipping_address": ADDRESS, "note": "", "tags": [],
        "shipping": {"title": "Courier", "amount": 0},
    }  # fmt: skip
    with transaction(trading) as session:
        shown = [
            price_draft(session, each, currency).lines[0]
            for each, currency in (
                (content, "EUR"), (content, "USD"), ({**content, "email": "who@example.com"}, "EUR"),
                ({**content, "lines": [{**line, "unit_price": 500}]}, "EUR"),
            )
        ]  # fmt: skip
        draft = create_draft(session, "EUR", "staff:1", content)
        token = invoice_draft(session, draft)
    done = complete_checkout(trading, token, {"type": "manual"})
    assert done.order_id is not None
    with transaction(trading) as session:
        # The draft's buyer is known by their address only; an account makes the order theirs.
        session.execute(update(Order).values(customer_id=customer))
        begin_edit(session, done.order_id, "staff:1")
        plan = write_edit(session, done.order_id, {}, [{"variant_id": variant_id, "quantity": 1, "unit_price": None}])
    confirm_edit(trading, done.order_id, plan.version, "staff:1")
    with transaction(trading) as session:
        lines = session.execute(select(OrderLine.unit_price, OrderLine.price_trace).order_by(OrderLine.id)).all()
    with transaction(other_shop) as session:
        foreign = {**content, "lines": [{**line, "variant_id": other}]}
        assert price_draft(session, foreign, "USD").lines[0].unit_price == 2_000

    # 20.00 USD are 18.00 EUR; 10 % off for the trade, 5 % off that for five.
    assert [one.unit_price for one in shown] == [1_539, 1_710, 1_800, 500]
    steps = [[step["step"] for step in one.price_trace if step["step"] not in {"tax", "rounding"}] for one in shown]
    assert steps[0] == ["base", "list", "quantity_break", "quantity"]
    assert steps[3] == ["base", "list", "quantity_break", "set by staff", "quantity"]
    assert all(replay(one.price_trace).net == one.subtotal for one in shown)
    assert [price for price, _ in lines] == [1_539, 1_620]
    assert [step["step"] for step in lines[0][1]][:3] == ["base", "list", "quantity_break"]
    assert [step["step"] for step in lines[1][1]] == ["base", "list"]
    assert check_books(trading).drifts == []
