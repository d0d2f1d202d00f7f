"""Generated carts: whatever is stacked, the lines add up, nothing is negative, and the explanation recomputes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from souk.cart.queries import CartItem
from souk.checkout.explain import replay
from souk.checkout.price import TaxRules, put_together, relieved
from souk.discounts.choose import choose
from souk.discounts.terms import Basket, BuyerFacts, Item, Terms
from souk.kernel.money import Money, exponent
from souk.orders.draft import Priced
from souk.payments.gift_cards.plan import spread
from souk.pricing.book import Book, Fixed, ListTerms
from souk.pricing.rules import Market, Rules
from souk.pricing.rules import Rate as Worth
from souk.tax.rates import Rate
from souk.tax.taxation import Taxation, Told
from tests.discounts.test_calculation import OFFERS

# Published: product discounts, then those of the order, then those of the shipping.
PLACES = {"product": 0, "order": 1, "shipping": 2}


@st.composite
def cart_items(draw: st.DrawFn, number: int) -> CartItem:
    price = draw(st.integers(0, 50_000))
    return CartItem(
        variant_id=number, product_id=number, handle="", title="Mug", variant_title="", sku="", vendor="", image_key="",
        quantity=draw(st.integers(1, 10_000)), unit_price=price, shown_price=price, requires_shipping=True,
        taxable=draw(st.booleans()), tax_class=draw(st.sampled_from(["standard", "reduced"])), weight_grams=1,
        for_sale=True, cost=draw(st.none() | st.integers(0, 50_000)), gift_card=draw(st.booleans()),
    )  # fmt: skip


CARTS = st.integers(1, 4).flatmap(lambda count: st.tuples(*(cart_items(number) for number in range(1, count + 1))))
RATES = st.lists(
    st.builds(
        Rate,
        st.sampled_from(["standard", "reduced"]),
        st.just("VAT"),
        st.decimals("0", "0.3", places=4),
        st.booleans(),
    ),
    max_size=3,
)


# What a currency is worth and how its prices are rounded, with a list for everybody and one for a group.
BOOKS = st.builds(
    lambda currency, rate, step, percent, least, cut, group: Book(
        Rules("USD", rates={currency: Worth(rate, step)}),
        Market(currency),
        [
            ListTerms(1, "Market", False, percent),
            ListTerms(2, "Trade", True, Decimal(-10), ((least, cut),), {1: (Fixed(1, 900), Fixed(least, 800))}),
        ][: 1 + group],
    ),
    st.sampled_from(["JPY", "EUR", "KWD"]),
    st.decimals("0.001", "200", places=3),
    st.sampled_from([1, 5, 10, 100]),
    st.none() | st.decimals("-99", "100", places=2),
    st.integers(2, 10_000),
    st.decimals("-99", "-0.01", places=2),
    st.integers(0, 1),
)  # fmt: skip


def at_prices(items: tuple[CartItem, ...], book: Book) -> tuple[CartItem, ...]:
    """Return the items as `souk.cart.queries.items_of` prices them."""
    found = [book.resolve(item.variant_id, item.unit_price, quantity=item.quantity) for item in items]
    return tuple(
        replace(item, unit_price=one.price, price_steps=one.steps) for item, one in zip(items, found, strict=True)
    )


def priced(
    items: tuple[CartItem, ...],
    offers: tuple[Terms, ...],
    rates: list[Rate],
    shipping: int,
    currency: str,
    *,
    included: bool,
    relief: str,
    rule: str,
) -> Priced:
    due = Taxation(rates) if not relief else Taxation(relief=relief, inside=rates if included else ())
    if relief == "told":
        # A provider's rates differ from line to line, also within a class.
        taxed = [one for one in items if one.taxable and not one.gift_card]
        due = Taxation(told=Told("Service", [rates[: one.quantity % 4] for one in taxed], rates))
    basket = Basket(
        [
            Item(one.product_id, one.quantity, one.unit_price, discountable=not one.gift_card)
            for one in relieved(items, due)
        ],
        shipping,
    )
    outcome = choose(offers, basket, BuyerFacts())
    rules = TaxRules(due, rule, included)
    return put_together(items, outcome, rules, currency, {"code": "std", "amount": shipping})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    CARTS, OFFERS, RATES, st.integers(0, 5_000), BOOKS, st.booleans(),
    st.lists(st.integers(1, 10**7), max_size=3), st.sampled_from(["", "", "exempt", "told"]),
    st.sampled_from(["standard", "goods", "none"]),
)  # fmt: skip
def test_everything_adds_up(  # noqa: PLR0917 - hypothesis names them by place
    items: tuple[CartItem, ...],
    offers: tuple[Terms, ...],
    rates: list[Rate],
    shipping: int,
    book: Book,
    included: bool,  # noqa: FBT001
    balances: list[int],
    relief: str,
    rule: str,
) -> None:
    items, currency = at_prices(items, book), book.market.currency
    found = priced(items, offers, rates, shipping, currency, included=included, relief=relief, rule=rule)
    totals, lines = found.totals, found.lines

    assert totals.subtotal == sum(line.subtotal for line in lines)
    assert totals.discount_total == sum(line.discount_total for line in lines)
    taxes = [tax for line in lines for tax in line.taxes] + list(found.shipping_taxes)
    assert totals.included_tax_total + totals.additional_tax_total == sum(tax.amount for tax in taxes)
    assert totals.total == totals.subtotal - totals.discount_total + totals.shipping_total + totals.additional_tax_total
    amounts = [totals.total, totals.shipping_total, *(line.subtotal - line.discount_total for line in lines)]
    assert all(amount >= 0 for amount in [*amounts, *(tax.amount for tax in taxes)])
    off = {kind: sum(one["amount"] for one in found.discounts if one["class"] == kind) for kind in PLACES}
    assert off["product"] + off["order"] == totals.discount_total
    assert off["shipping"] == shipping - totals.shipping_total
    order = [PLACES[one["class"]] for one in found.discounts]
    assert order == sorted(order)
    for line, item in zip(lines, items, strict=True):
        told = replay(line.price_trace)
        assert told.net == line.subtotal - line.discount_total
        assert told.tax == line.tax_total
        assert told.charged == told.net + sum(tax.amount for tax in line.taxes if not tax.included)
        warned = any(step["step"] == "below_cost" for step in line.price_trace)
        assert warned == (item.cost is not None and told.net < item.cost * item.quantity)
        if item.gift_card:
            assert (line.discount_total, line.tax_total) == (0, 0)
    paid = [{"gift_card_id": 1, "amount": part} for part in spread(totals.total, balances)]
    with_cards = replace(found, paid_by=paid)
    assert with_cards.due == max(totals.total - sum(balances), 0)
    assert with_cards.totals == totals
    again = Priced.from_json(with_cards.to_json())
    assert (again.due, again.totals) == (with_cards.due, totals)
    assert Money.from_major(Money(totals.total, currency).major, currency).amount == totals.total
    assert Decimal(totals.total).scaleb(-exponent(currency)) == Money(totals.total, currency).major
