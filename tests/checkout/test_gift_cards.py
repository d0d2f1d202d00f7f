"""Gift cards and store credit pay: taken once, back when nobody pays, refundable, bought and sent by mail."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.catalog.models import Product, Variant
from souk.checkout.changes import Changes
from souk.checkout.codes import enter_checkout_code
from souk.checkout.complete import complete_checkout
from souk.checkout.errors import PriceChanged
from souk.checkout.gift_cards import issue_bought_cards
from souk.checkout.models import Checkout
from souk.checkout.prepare import prepare
from souk.checkout.queries import checkout_by_token
from souk.checkout.read import read_checkout
from souk.checkout.start import start_checkout
from souk.checkout.sweep import sweep_checkouts
from souk.checkout.update import update_checkout
from souk.customers.register import register
from souk.discounts.errors import CodeUnknown
from souk.inventory.models import InventoryLevel
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.outbox import AlreadyDelivered
from souk.kernel.tenancy import TenantScope
from souk.kernel.tokens import hash_token
from souk.notifications.consume import deliver_mail
from souk.notifications.facts import order_facts
from souk.notifications.models import MailMessage
from souk.orders.books.check import check_books
from souk.orders.cancel import cancel_order
from souk.orders.events import timeline
from souk.orders.read import read_order
from souk.orders.refund import refund_order
from souk.orders.returning.queries import returnable
from souk.payments.errors import CardDeclined
from souk.payments.gift_cards.errors import (
    GiftCardCodeUnknown,
    GiftCardInvalid,
    GiftCardOtherCurrency,
    GiftCardSpent,
    UnknownGiftCard,
)
from souk.payments.gift_cards.issue import NewCard, grant_credit, issue_card
from souk.payments.gift_cards.models import GiftCard, GiftCardTransaction
from souk.payments.gift_cards.plan import find_card
from souk.payments.gift_cards.queries import credit_of, list_cards, movements, outstanding, read_card
from souk.payments.gift_cards.set_status import set_card_status
from souk.pricing.save_currency import CurrencyDraft, save_currency
from souk.web.texts import explain, translator
from tests.factories.catalog import make_product
from tests.factories.commerce import (
    ADDRESS,
    APPROVED,
    charges,
    delivery_of,
    open_for_business,
    ready_checkout,
)
from tests.inventory.test_reserve import together

DECLINED = {"type": "test", "token": "tok_declined"}
# One mug: 10.00, 5.00 for sending, 10 % tax on both.
TOTAL = 1_650


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)
    open_for_business(other_shop)


@pytest.fixture(scope="module")
def mug(shop: TenantScope) -> int:
    with transaction(shop) as session:
        return make_product(session, stock=90, price=1_000)[0]


def new_card(scope: TenantScope, amount: int) -> tuple[int, str]:
    with transaction(scope) as session:
        made = issue_card(session, NewCard(amount=amount, currency="USD", recipient={}), "staff:1")
    assert made is not None
    return made


def with_card(scope: TenantScope, variant_id: int, code: str) -> str:
    token = ready_checkout(scope, [(variant_id, 1)])
    with transaction(scope) as session:
        enter_checkout_code(session, token, code.lower())
    return token


def balance(scope: TenantScope, card_id: int) -> int:
    """Return what is left, which is always the sum of what moved."""
    with transaction(scope) as session:
        left = int(read_card(session, card_id).balance)
        moved = select(func.sum(GiftCardTransaction.amount)).where(GiftCardTransaction.gift_card_id == card_id)
        assert session.execute(moved).scalar_one() == left
    return left


def money(session: Session, order_id: int) -> list[tuple[str, str, int]]:
    return [(row.provider, row.kind, row.amount) for row in read_order(session, order_id).payments]


@pytest.mark.parametrize(("card", "order"), [("EUR", "USD"), ("USD", "EUR")])
def test_a_card_pays_in_its_own_currency_only(shop: TenantScope, mug: int, card: str, order: str) -> None:
    with transaction(shop) as session:
        save_currency(session, CurrencyDraft(code="EUR", rate="0.5"))
        made = issue_card(session, NewCard(amount=1_000, currency=card, recipient={}), "staff:1")
        assert made is not None
        cart = create_cart(session, order)
        add_line(session, cart.token, mug, 1)
        token = start_checkout(session, cart.token)
        update_checkout(session, token, Changes(shipping_address=ADDRESS, or_cheapest=True))

    said = f"is in {card} and the order in {order}"
    with pytest.raises(GiftCardOtherCurrency, match=said) as refused, transaction(shop) as session:
        enter_checkout_code(session, token, made[1])

    with transaction(shop) as session:
        view = read_checkout(session, token)
        assert (view.currency, view.paid_by, view.due) == (order, [], view.totals.total)
        assert (find_card(session, made[1]).balance, find_card(session, made[1]).currency) == (1_000, card)
        assert outstanding(session)[card] >= 1_000
    assert explain(refused.value, translator("de")).startswith(f"Dieser Gutschein lautet auf {card}, Ihre Best")


def test_a_card_pays_its_part_and_refunds_find_the_way_back(
    shop: TenantScope, other_shop: TenantScope, mug: int
) -> None:
    card_id, code = new_card(shop, 1_000)
    token = with_card(shop, mug, code)
    with transaction(shop) as session:
        view = read_checkout(session, token)
        stored = session.execute(select(GiftCard.code_hash).where(GiftCard.id == card_id)).scalar_one()
    assert (view.totals.total, view.due, [part["amount"] for part in view.paid_by]) == (TOTAL, 650, [1_000])
    assert stored == hash_token(code.replace("-", ""))

    order_id = complete_checkout(shop, token, APPROVED, TOTAL).order_id

    assert order_id is not None
    assert balance(shop, card_id) == 0
    with transaction(shop) as session:
        order = read_order(session, order_id)
        assert (order.total, order.financial_status) == (TOTAL, "paid")
        told = order_facts(session, order_id, "")
        assert told is not None
        assert told.paid_by == (("paid_gift_card", code[-4:], "-$10.00"), ("due", "", "$6.50"))
        assert sorted(money(session, order_id)) == [("gift_card", "sale", 1_000), ("test_gateway", "sale", 650)]
        assert charges(shop, checkout_by_token(session, token).id) == [650]
    # The provider gives back what it took before the card does.
    refund_order(shop, order_id, 900, [], "damaged", "staff:1", "first")
    assert balance(shop, card_id) == 250
    refund_order(shop, order_id, 750, [], "lost", "staff:1", "second")
    refund_order(shop, order_id, 750, [], "lost", "staff:1", "second")
    assert balance(shop, card_id) == 1_000
    with transaction(shop) as session:
        assert read_order(session, order_id).financial_status == "refunded"
    with transaction(other_shop) as session:
        assert list_cards(session) == ([], 0)
        with pytest.raises(UnknownGiftCard):
            read_card(session, card_id)
    with transaction(other_shop) as session:
        other = make_product(session)[0]
    with pytest.raises(GiftCardCodeUnknown):
        with_card(other_shop, other, code)


def test_a_card_that_covers_everything_needs_no_provider(shop: TenantScope, mug: int) -> None:
    card_id, code = new_card(shop, 5_000)
    token = with_card(shop, mug, code)

    order_id = complete_checkout(shop, token, {}, TOTAL).order_id

    assert order_id is not None
    assert balance(shop, card_id) == 5_000 - TOTAL
    with transaction(shop) as session:
        assert money(session, order_id) == [("gift_card", "sale", TOTAL)]
        assert read_order(session, order_id).financial_status == "paid"
    cancel_order(shop, order_id, "customer", restock=True, actor="staff:1")
    assert balance(shop, card_id) == 5_000
    with transaction(shop) as session:
        assert [row.kind for row in movements(session, card_id)] == ["refunded", "redeemed", "held", "issued"]


def test_one_card_in_two_windows_pays_once(shop: TenantScope, mug: int) -> None:
    card_id, code = new_card(shop, TOTAL)
    tokens = [with_card(shop, mug, code) for _ in range(2)]

    raised = together(*(partial(pay_nothing, shop, token) for token in tokens))

    assert [type(one) for one in raised] == [GiftCardSpent]
    assert balance(shop, card_id) == 0
    with transaction(shop) as session:
        ids = [checkout_by_token(session, token).id for token in tokens]
    assert [charges(shop, one) for one in ids] == [[], []]


def pay_nothing(scope: TenantScope, token: str) -> None:
    complete_checkout(scope, token, APPROVED, TOTAL)


def test_a_decline_and_a_dead_process_give_the_card_back(shop: TenantScope, mug: int) -> None:
    card_id, code = new_card(shop, 1_000)
    token = with_card(shop, mug, code)
    with pytest.raises(CardDeclined):
        complete_checkout(shop, token, DECLINED, TOTAL)
    assert balance(shop, card_id) == 1_000
    with transaction(shop) as session:
        prepare(session, token, APPROVED, None)
    # The process died: the money is held, and nobody else spends it.
    assert balance(shop, card_id) == 0
    with clock.frozen(clock.now() + timedelta(minutes=40)):
        sweep_checkouts(shop)
        sweep_checkouts(shop)
    assert balance(shop, card_id) == 1_000
    assert complete_checkout(shop, token, APPROVED, TOTAL).order_id is not None
    assert balance(shop, card_id) == 0


def test_a_card_spent_elsewhere_stops_the_order_before_the_rest_is_charged(shop: TenantScope, mug: int) -> None:
    card_id, code = new_card(shop, 1_000)
    waiting, quick = with_card(shop, mug, code), with_card(shop, mug, code)
    complete_checkout(shop, quick, APPROVED, TOTAL)
    with pytest.raises(GiftCardSpent):
        complete_checkout(shop, waiting, APPROVED, TOTAL)
    with transaction(shop) as session:
        assert charges(shop, checkout_by_token(session, waiting).id) == []
    assert balance(shop, card_id) == 0


def test_a_stopped_or_expired_card_pays_nothing(shop: TenantScope, mug: int) -> None:
    card_id, code = new_card(shop, 1_000)
    with transaction(shop) as session:
        set_card_status(session, card_id, active=False)
    for wrong in (code, "2345-6789-ABCD-EFGH"):
        with pytest.raises(GiftCardCodeUnknown):
            with_card(shop, mug, wrong)
    with pytest.raises(CodeUnknown):
        with_card(shop, mug, "SHORT")
    with transaction(shop) as session:
        set_card_status(session, card_id, active=True)
        session.execute(update(GiftCard).where(GiftCard.id == card_id).values(expires_at=clock.now()))
    with pytest.raises(GiftCardCodeUnknown):
        with_card(shop, mug, code)


def test_store_credit_pays_for_the_customer_who_has_it(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        customer_id = register(session, "Ada", "credit@example.com", "long enough password")
        credit_id = grant_credit(session, customer_id, 700, "USD", "staff:1", "sorry")
        assert grant_credit(session, customer_id, 300, "USD", "staff:1") == credit_id
    with pytest.raises(GiftCardInvalid, match="Less than this"), transaction(shop) as session:
        grant_credit(session, customer_id, -2_000, "USD", "staff:1")
    token = ready_checkout(shop, [(mug, 1)])
    with transaction(shop) as session:
        assert update_checkout(session, token, Changes(extras={"use_credit": True})).due == TOTAL
        session.execute(update(Checkout).where(Checkout.token == token).values(customer_id=customer_id))
        view = update_checkout(session, token, Changes(extras={"use_credit": True}))
        assert (view.credit, view.due) == (1_000, 650)
    with pytest.raises(PriceChanged):
        complete_checkout(shop, token, APPROVED, 650)
    complete_checkout(shop, token, APPROVED, TOTAL)
    with transaction(shop) as session:
        assert credit_of(session, customer_id).balance == 0


@pytest.mark.parametrize("stock", [None, 5])
def test_a_bought_card_is_made_once_and_mailed_to_the_recipient(shop: TenantScope, stock: int | None) -> None:
    with transaction(shop) as session:
        sent = stock is not None
        variant_id = make_product(session, "Gift card", price=2_500, stock=stock, requires_shipping=sent)[0]
        product = select(Variant.product_id).where(Variant.id == variant_id).scalar_subquery()
        session.execute(update(Product).where(Product.id == product).values(gift_card=True))
        before = outstanding(session)
    with transaction(shop) as session:
        cart = create_cart(session, "USD")
        add_line(session, cart.token, variant_id, 2)
        token = start_checkout(session, cart.token)
        gift = {"name": "Bea", "email": "Bea@Example.com", "message": "Happy birthday"}
        # No tax on money in another form.
        assert (
            update_checkout(session, token, Changes(email="ada@example.com", extras={"gift": gift})).totals.total
            == 5_000
        )

    order_id = complete_checkout(shop, token, APPROVED, 5_000).order_id
    assert order_id is not None
    job = delivery_of(shop, "order.paid", order_id)
    issue_bought_cards(job)
    with pytest.raises(AlreadyDelivered):
        issue_bought_cards(job)

    with transaction(shop) as session:
        cards = [card for card in list_cards(session, query="bea@example.com")[0] if card.order_id == order_id]
        assert [(card.initial_amount, card.balance, card.recipient["name"]) for card in cards] == [
            (2_500, 2_500, "Bea"), (2_500, 2_500, "Bea"),
        ]  # fmt: skip
        assert outstanding(session) == before | {"USD": before.get("USD", 0) + 5_000}
        told = order_facts(session, order_id, "")
        assert told is not None
        assert (told.sent, [name for name, _ in told.amounts]) == (False, ["subtotal"])
        line_id = read_order(session, order_id).lines[0].id
        again = NewCard(amount=2_500, currency="USD", recipient={}, order_line_id=line_id, unit_number=1)
        assert issue_card(session, again, "system") is None
    _is_sent(shop, order_id, variant_id, on_shelf=None if stock is None else stock - 2)
    deliver_mail(delivery_of(shop, "gift_card.issued", cards[0].id))
    with transaction(shop) as session:
        mail = session.execute(
            select(MailMessage.recipient, MailMessage.subject, MailMessage.text_body)
            .where(MailMessage.kind == "gift_card")
            .order_by(MailMessage.id.desc())
            .limit(1)
        ).one()
    assert (mail.recipient, mail.subject.startswith("A gift card from ")) == ("bea@example.com", True)
    assert mail.text_body == "The text of this mail held a secret and was not kept."


def _is_sent(shop: TenantScope, order_id: int, variant_id: int, *, on_shelf: int | None) -> None:
    """Counted cards have left the house, none can be sent back, and the books know it."""
    with transaction(shop) as session:
        assert read_order(session, order_id).fulfillment_status == "fulfilled"
        said = [(one.type, one.params) for one in timeline(session, order_id) if one.type.startswith("gift_cards")]
        assert said == [("gift_cards_mailed", {"quantity": 2})]
        level = (InventoryLevel.on_hand, InventoryLevel.committed)
        left = session.execute(select(*level).where(InventoryLevel.variant_id == variant_id)).all()
        assert left == ([] if on_shelf is None else [(on_shelf, 0)])
        assert returnable(session, order_id) == {}
    drifts = check_books(shop, ask_providers=False).drifts
    assert [one for one in drifts if one.subject_id == order_id] == []
