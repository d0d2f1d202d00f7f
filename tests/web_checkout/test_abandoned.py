"""Checkouts that buyers left: who is written to, what the link restores and for whom, and what came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from souk.cart.models import Cart
from souk.checkout.abandoned.link import RecoveryLinkGone, checkout_id_of, sign
from souk.checkout.abandoned.policy import BadReminderPolicy, ReminderPolicy, read_policy, save_policy
from souk.checkout.abandoned.queries import list_abandoned, status_of, sums_of
from souk.checkout.abandoned.remind import may_write, remind_abandoned
from souk.checkout.complete import complete_checkout
from souk.checkout.models import Checkout
from souk.customers.consents import consents_of, last_word, note_consent
from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.notifications.consume import deliver_mail
from souk.orders.models import Order
from tests.api.admin.apps import App
from tests.factories.commerce import APPROVED, delivery_of, events, ready_checkout
from tests.fixtures.stores import Store, read

LATER = timedelta(hours=11)
CLICK = {"List-Unsubscribe": "One-Click"}


def base(store: Store) -> str:
    return f"http://{store.host}"


class Outbox:
    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage, key: str) -> None:
        self.sent.append(message)


@pytest.fixture
def everybody(store: Store) -> Iterator[None]:
    with transaction(store.scope) as session:
        save_policy(session, ReminderPolicy("everybody"))
    yield
    with transaction(store.scope) as session:
        save_policy(session, ReminderPolicy())


def left(store: Store, email: str, *, news: bool = False) -> tuple[int, str]:
    token = ready_checkout(store.scope, [(store.variants["Oak Bowl"][0], 2)])
    with transaction(store.scope) as session:
        row = update(Checkout).where(Checkout.token == token).values(email=email, accepts_marketing=news)
        return session.execute(row.returning(Checkout.id)).scalar_one(), token


def remind(store: Store, after: timedelta = LATER) -> int:
    with clock.frozen(clock.now() + after):
        return remind_abandoned(store.scope)


def asked_for(store: Store, checkout_id: int) -> int:
    return len(events(store.scope, checkout_id, "checkout.abandoned"))


def row_of(store: Store, checkout_id: int) -> Any:
    with transaction(store.scope, read_only=True) as session:
        with clock.frozen(clock.now() + LATER):
            rows, _ = list_abandoned(session, limit=500)
        return next(row for row in rows if row.id == checkout_id)


def order_of(store: Store, token: str) -> int:
    done = complete_checkout(store.scope, token, APPROVED)
    assert done.order_id is not None
    return done.order_id


@pytest.mark.parametrize(
    ("mode", "ticked", "customer", "said", "writes"),
    [
        ("consent", True, False, None, True),
        ("consent", False, True, None, True),
        ("consent", False, False, None, False),
        ("everybody", False, False, None, True),
        ("everybody", False, True, "no, before", False),
        ("everybody", False, False, "no, after", False),
        ("consent", True, False, "no, before", True),
        ("consent", True, False, "no, after", False),
        ("consent", False, False, "yes, before", False),
    ],
)
def test_who_may_be_written_to(mode: str, *, ticked: bool, customer: bool, said: str | None, writes: bool) -> None:
    began = clock.now()
    row = SimpleNamespace(accepts_marketing=ticked, customer_agreed=customer, created_at=began)
    when = began + timedelta(hours=1 if said and said.endswith("after") else -1)

    assert may_write(mode, row, (said.startswith("yes"), when) if said else None) is writes


def test_a_buyer_who_left_is_written_to_once_after_the_delay(store: Store, other_store: Store, everybody: None) -> None:
    checkout_id, _ = left(store, "once@example.com")

    assert remind(store, timedelta(hours=9)) == 0
    assert remind(store) == 1
    assert [remind(store), remind(other_store)] == [0, 0]
    assert asked_for(store, checkout_id) == 1


def test_nobody_is_written_to_unless_the_shop_says_so(store: Store) -> None:
    checkout_id, _ = left(store, "silent@example.com", news=True)

    assert remind(store) == 0
    assert asked_for(store, checkout_id) == 0
    for wrong in (ReminderPolicy("always"), ReminderPolicy("consent", 5), ReminderPolicy("consent", 99_999)):
        with pytest.raises(BadReminderPolicy), transaction(store.scope) as session:
            save_policy(session, wrong)
    with transaction(store.scope, read_only=True) as session:
        assert read_policy(session) == ReminderPolicy()


def test_who_bought_or_left_something_newer_hears_nothing_of_the_old_one(store: Store, everybody: None) -> None:
    bought, token = left(store, "bought@example.com")
    order_of(store, token)
    older, _ = left(store, "twice@example.com")
    newer, _ = left(store, "twice@example.com")
    elsewhere, _ = left(store, "elsewhere@example.com")
    _, other = left(store, "elsewhere@example.com")
    order_of(store, other)

    remind(store)

    assert [asked_for(store, one) for one in (bought, older, newer, elsewhere)] == [0, 0, 1, 0]


def test_the_mail_has_the_goods_the_way_back_and_the_way_out(store: Store, everybody: None) -> None:
    checkout_id, _ = left(store, "mail@example.com")
    remind(store)
    job, outbox = delivery_of(store.scope, "checkout.abandoned", checkout_id), Outbox()

    deliver_mail(job, outbox)

    mail, token = outbox.sent[0], str(job.event.payload["token"])
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "2 x Oak Bowl" in text
    assert f"/cart/recover/{token}" in text
    assert mail["List-Unsubscribe"] == f"<{config().origin(store.host)}/unsubscribe/{token}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_bought_before_the_mail_was_sent_gets_none(store: Store, everybody: None) -> None:
    checkout_id, token = left(store, "quick@example.com")
    remind(store)
    order_of(store, token)
    outbox = Outbox()

    deliver_mail(delivery_of(store.scope, "checkout.abandoned", checkout_id), outbox)

    assert outbox.sent == []


def test_one_click_ends_the_mails_of_this_shop(store: Store, other_store: Store, everybody: None) -> None:
    checkout_id, _ = left(store, "enough@example.com", news=True)
    path = f"/unsubscribe/{sign(store.scope.tenant_id, checkout_id)}"

    assert other_store.client().post(path, base_url=base(other_store)).status_code == 410
    assert store.client().get(path, base_url=base(store)).status_code == 200
    with transaction(store.scope, read_only=True) as session:
        assert last_word(session, "enough@example.com") is None
    answers = [store.client().post(path, data=CLICK, base_url=base(store)).status_code for _ in range(2)]

    assert answers == [200, 200]
    with transaction(store.scope, read_only=True) as session:
        assert [one.given for one in consents_of(session, "enough@example.com")] == [False]
    assert remind(store) == 0


def test_a_stranger_with_the_link_gets_the_goods_and_nothing_of_the_buyer(store: Store, other_store: Store) -> None:
    checkout_id, token = left(store, "private@example.com")
    path = f"/cart/recover/{sign(store.scope.tenant_id, checkout_id)}"
    stranger = store.client()

    answer = stranger.get(path, base_url=base(store))

    assert (answer.status_code, answer.location) == (303, "/cart")
    assert [item["quantity"] for item in read(stranger.get("/cart.json", base_url=base(store)))["items"]] == [2]
    went_on = stranger.post("/checkout", base_url=base(store))
    shown = stranger.get(went_on.location, base_url=base(store)).text
    assert token not in went_on.location
    assert "private@example.com" not in shown
    assert "12 Test Street" not in shown
    elsewhere = other_store.client().get(path, base_url=base(other_store))
    assert elsewhere.status_code == 410
    assert "This link no longer works" in elsewhere.text
    assert read(other_store.client().get("/cart.json", base_url=base(other_store)))["items"] == []


def test_the_buyers_own_browser_goes_back_to_what_was_typed(store: Store) -> None:
    checkout_id, token = left(store, "back@example.com")
    with transaction(store.scope, read_only=True) as session:
        row = select(Cart.token).join(Checkout, Checkout.cart_id == Cart.id).where(Checkout.id == checkout_id)
        secret = session.execute(row).scalar_one()
    buyer = store.client()
    buyer.set_cookie("souk_cart", secret, domain=store.host)

    answer = buyer.get(f"/cart/recover/{sign(store.scope.tenant_id, checkout_id)}", base_url=base(store))

    assert answer.location == f"/checkout/{token}"


def test_goods_of_ones_own_stay_in_the_cart_and_the_order_is_not_counted(store: Store) -> None:
    checkout_id, _ = left(store, "merge@example.com")
    visitor = store.client()
    visitor.post("/cart/add", data={"id": store.variants["Linen Shirt"][0]}, base_url=base(store))

    for _ in range(2):
        visitor.get(f"/cart/recover/{sign(store.scope.tenant_id, checkout_id)}", base_url=base(store))

    items = read(visitor.get("/cart.json", base_url=base(store)))["items"]
    assert sorted((item["title"], item["quantity"]) for item in items) == [("Linen Shirt", 1), ("Oak Bowl", 2)]
    assert row_of(store, checkout_id).order_id is None


def test_an_order_through_the_link_is_recovered_revenue(store: Store, other_store: Store) -> None:
    with transaction(store.scope, read_only=True) as session:
        before = sums_of(session)
    checkout_id, _ = left(store, "won@example.com")
    visitor = store.client()
    visitor.get(f"/cart/recover/{sign(store.scope.tenant_id, checkout_id)}", base_url=base(store))
    token = visitor.post("/checkout", base_url=base(store)).location.rpartition("/")[2]
    form = {
        "email": "won@example.com", "name": "Ada", "line1": "1 Main", "city": "New York", "state": "NY",
        "postal_code": "10001", "country": "US", "payment_provider": "test_gateway", "payment_token": "tok_approved",
    }  # fmt: skip
    assert status_of(row_of(store, checkout_id)) == "open"
    visitor.post(f"/checkout/{token}", data=form | {"do": "continue"}, base_url=base(store))
    visitor.post(f"/checkout/{token}", data=form | {"do": "pay"}, base_url=base(store))

    row = row_of(store, checkout_id)
    assert status_of(row) == "recovered"
    with transaction(store.scope, read_only=True) as session:
        total = session.execute(select(Order.total).where(Order.id == row.order_id)).scalar_one()
        with clock.frozen(clock.now() + LATER):
            after = sums_of(session)
    assert (after.recovered, after.revenue) == (before.recovered + 1, before.revenue + total)
    with transaction(other_store.scope, read_only=True) as session:
        assert list_abandoned(session) == ([], 0)


def test_a_link_ends_after_thirty_days_but_never_refuses_to_leave_somebody_alone(store: Store) -> None:
    token = sign(store.scope.tenant_id, 7)

    for wrong in (token + "x", sign(store.scope.tenant_id + 1, 7)):
        with pytest.raises(RecoveryLinkGone):
            checkout_id_of(store.scope.tenant_id, wrong, for_ever=True)
    assert checkout_id_of(store.scope.tenant_id, token) == 7


def test_consent_is_kept_with_its_words(store: Store, other_store: Store) -> None:
    with transaction(store.scope) as session:
        note_consent(session, "Words@Example.com", "marketing", source="checkout", wording="Send me news", version="2")
    with transaction(store.scope, read_only=True) as session:
        assert [(one.given, one.wording, one.version) for one in consents_of(session, "words@example.com")] == [
            (True, "Send me news", "2")
        ]
    with transaction(other_store.scope, read_only=True) as session:
        assert consents_of(session, "words@example.com") == []


def test_an_app_reads_what_was_left(store: Store, other_store: Store) -> None:
    checkout_id, _ = left(store, "app@example.com")
    with transaction(store.scope) as session:
        old = update(Checkout).where(Checkout.id == checkout_id)
        session.execute(old.values(updated_at=clock.now() - timedelta(hours=1)))
    app, other = App(store, "read_orders"), App(other_store, "read_orders")
    path = f"/abandoned_checkouts/checkout_{checkout_id}"

    status, one = app.get(path)

    assert (status, one["status"], one["email"], one["name"]) == (200, "open", "app@example.com", "Ada Byron")
    assert "/cart/recover/" in one["recovery_url"]
    assert one["id"] in [row["id"] for row in app.get("/abandoned_checkouts?status=open")[1]["abandoned_checkouts"]]
    assert app.get("/abandoned_checkouts?status=expired")[1]["abandoned_checkouts"] == []
    assert (other.get(path)[0], other.get("/abandoned_checkouts")[1]["abandoned_checkouts"]) == (404, [])
    assert App(store, "read_products").get(path)[0] == 403
