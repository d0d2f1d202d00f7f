"""Pay with Stripe on our own page: what the page loads, what the policy allows, and what each outcome leads to."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from souk.kernel.db import transaction
from souk.orders.dispute import waiting_disputes
from souk.orders.models import Order
from souk.payments.settings import set_capture_mode
from tests.doubles.stripe import StripeDouble, hosted, money
from tests.fixtures.stores import Store
from tests.payments.conftest import double
from tests.web_checkout.stripe_shop import connect, deliver, reference_of
from tests.web_checkout.test_pages import Buyer

__all__ = ["double"]
INVENTORY = Path(__file__).parents[2] / "docs" / "payment-page-scripts.md"


@pytest.fixture
def buyer(store: Store, double: StripeDouble) -> Buyer:
    connect(store)
    with transaction(store.scope) as session:
        set_capture_mode(session, "automatic")
    return Buyer(store)


def pay(buyer: Buyer, token: str) -> str:
    """Return where paying with Stripe leads to."""
    answer = buyer.pay(payment_provider="stripe", provider_token=token)
    return answer.headers.get("Location", str(answer.status_code))


def token_of(buyer: Buyer) -> str:
    return buyer.path.rpartition("/")[2]


def listed() -> set[str]:
    """Return the scripts of the published inventory."""
    return set(re.findall(r"^\| `([^`]+)` \|", INVENTORY.read_text("utf-8"), re.MULTILINE))


def scripts_of(html: str) -> list[str]:
    """Return every script of a page by its name in the inventory; fails for one without the page's nonce."""
    found = []
    for tag in re.findall(r"<script\b[^>]*>", html):
        assert "nonce=" in tag, tag
        found.append(re.search(r'src="([^"]+)"', tag)[1])  # type: ignore[index]
    found += re.findall(r'data-module="([^"]+)"', html)
    return [re.sub(r"^/checkout/assets/(\w+)\.[0-9a-f]+\.js$", r"\1.js", one) for one in found]


def test_a_payment_page_loads_what_the_inventory_lists_and_its_policy_allows_no_more(
    buyer: Buyer, store: Store, double: StripeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIPE_JS_URL", "https://js.stripe.com/v3/")
    buyer.send("update")
    page = buyer.get()
    pay(buyer, "pm_card_authenticationRequired")
    step = buyer.get(f"{buyer.path}/authenticate")
    order = buyer.get(_finish(buyer, store, double))

    used = [scripts_of(one.text) for one in (page, step, order)]
    assert used == [
        [
            "https://js.stripe.com/v3/",
            "payment.js",
            "express.js",
            "checkout.js",
            "stripe.js",
            "test_gateway.js",
            "stripe.js",
        ],
        ["https://js.stripe.com/v3/", "step.js", "stripe.js"],
        ["order.js"],
    ]
    assert {name for names in used for name in names} == listed()
    for one in (page, step):
        policy = one.headers["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([^']+)'", policy)
        assert nonce is not None
        assert policy == (
            f"default-src 'none'; script-src 'nonce-{nonce[1]}' https://js.stripe.com; style-src 'nonce-{nonce[1]}';"
            " img-src 'self' https: data:; connect-src 'self' https://api.stripe.com;"
            " frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; form-action 'self';"
            " base-uri 'none'; frame-ancestors 'none'"
        )
        assert one.text.count(f'nonce="{nonce[1]}"') == one.text.count("nonce=")
    assert "js.stripe.com" not in order.headers["Content-Security-Policy"]


def _finish(buyer: Buyer, store: Store, double: StripeDouble) -> str:
    money.pay(double.store, double.store.things[reference_of(store, token_of(buyer))])
    return str(buyer.send("done", f"{buyer.path}/authenticate", outcome="done").headers["Location"])


def test_the_page_tells_stripe_the_total_and_nothing_secret(buyer: Buyer) -> None:
    buyer.send("update")

    html = buyer.get().text

    told = json.loads(unescape(re.search(r'data-part="stripe" value="([^"]+)"', html)[1]))  # type: ignore[index]
    assert (told["amount"], told["currency"], told["captureMethod"]) == (4948, "usd", "automatic")
    assert "sk_test" not in html
    module = re.search(r'data-module="([^"]+)"', html)
    assert module is not None
    assert buyer.get(module[1]).headers["Content-Type"].startswith("text/javascript")


def test_an_approved_card_leads_to_the_order_and_a_declined_one_says_why(
    buyer: Buyer, store: Store, double: StripeDouble
) -> None:
    before = store.orders()
    declined = buyer.pay(payment_provider="stripe", provider_token="pm_card_chargeDeclinedInsufficientFunds")
    first = double.store.things[reference_of(store, token_of(buyer))]

    assert declined.status_code == 402
    assert "The payment did not go through" in declined.text
    assert (store.orders(), first["status"]) == (before, "canceled")
    assert pay(buyer, "pm_card_visa").startswith("/orders/")
    assert store.orders() == before + 1


def test_a_bank_that_confirms_is_heard_from_its_message_alone(buyer: Buyer, store: Store, double: StripeDouble) -> None:
    before = store.orders()
    assert pay(buyer, "pm_card_authenticationRequired") == f"{buyer.path}/authenticate"
    money.pay(double.store, double.store.things[reference_of(store, token_of(buyer))])

    assert [deliver(store, double, "payment_intent.succeeded") for _ in range(1)] == [200]

    assert store.orders() == before + 1
    assert buyer.get().headers["Location"].startswith("/orders/")


def test_without_a_script_the_buyer_pays_on_stripes_page_and_comes_back(
    buyer: Buyer, store: Store, double: StripeDouble
) -> None:
    before = store.orders()
    assert pay(buyer, "") == f"{buyer.path}/authenticate?go=1"
    leaving = buyer.get(f"{buyer.path}/authenticate?go=1")
    session = double.store.things[reference_of(store, token_of(buyer))]
    assert leaving.headers["Refresh"] == f"0; url={session['url']}"
    assert session["success_url"].endswith(f"{buyer.path}/return")
    asked = buyer.get(buyer.get().headers["Location"])
    assert ("Refresh" in asked.headers, f"{buyer.path}/return" in asked.get_data(as_text=True)) == (False, True)

    back = buyer.get(f"{buyer.path}/return")
    assert (back.headers["Location"], session["status"], store.orders()) == (buyer.path, "expired", before)

    pay(buyer, "")
    hosted.pay_session(double.store, double.store.things[reference_of(store, token_of(buyer))])
    assert buyer.get(f"{buyer.path}/return").headers["Location"].startswith("/orders/")
    assert store.orders() == before + 1


def test_a_dispute_stands_on_the_order_with_its_day(
    buyer: Buyer, store: Store, other_store: Store, double: StripeDouble
) -> None:
    pay(buyer, "pm_card_visa")
    due = datetime(2026, 12, 24, 12, tzinfo=UTC)
    made = money.dispute(
        double.store,
        double.store.things[reference_of(store, token_of(buyer))],
        due_by=int(due.timestamp()),
    )

    deliver(store, double, "charge.dispute.created")

    with transaction(store.scope, read_only=True) as session:
        found = waiting_disputes(session)
        assert session.get(Order, found[0][0]) is not None
    assert [(one[2]["amount"], one[2]["evidence_due_by"]) for one in found] == [(4948, due)]
    with transaction(other_store.scope, read_only=True) as session:
        assert waiting_disputes(session) == []
    made["status"] = "won"
    double.store.tell("charge.dispute.closed", made)
    deliver(store, double, "charge.dispute.closed")
    with transaction(store.scope, read_only=True) as session:
        assert waiting_disputes(session) == []


def test_a_shop_that_captures_later_authorizes_only(buyer: Buyer, store: Store, double: StripeDouble) -> None:
    with transaction(store.scope) as session:
        set_capture_mode(session, "manual")

    assert pay(buyer, "pm_card_visa").startswith("/orders/")

    intent = double.store.things[reference_of(store, token_of(buyer))]
    assert (intent["status"], intent["amount_received"]) == ("requires_capture", 0)
