"""Stripe passes the suite of all providers, with the merchant's own keys and through Connect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from plugins.api import Account, BadSignature, ChargeRequest, Payment, ProviderRefused, ProviderUnreachable, seal
from plugins.builtin.stripe.amounts import from_stripe, to_stripe
from plugins.builtin.stripe.events import EVENTS
from plugins.builtin.stripe.provider import Stripe
from tests.doubles.stripe import StripeDouble, hosted, money
from tests.fixtures.payment_provider import (
    ProviderConformance,
    ProviderWorld,
    begun,
    charged,
    known_by,
    new_payment,
    status,
)
from tests.payments.conftest import PLATFORM_SECRET
from tests.payments.stripe_world import SECRET, StripeWorld, own_keys


class TestStripe(ProviderConformance):
    @pytest.fixture
    def world(self, double: StripeDouble) -> ProviderWorld:
        return StripeWorld(double)


class TestStripeConnect(ProviderConformance):
    @pytest.fixture
    def world(self, double: StripeDouble, monkeypatch: pytest.MonkeyPatch) -> ProviderWorld:
        monkeypatch.setenv("STRIPE_APPLICATION_FEE_BPS", "250")
        made = hosted.create_account(double.store, {})
        world = StripeWorld(double, own_keys(secret_key="", connected_account=made["id"]))
        # Messages about connected accounts come to the platform and are signed with its secret.
        world.account = replace(world.account, settings={**world.account.settings})
        return world


# Our minor units (ISO 4217) and Stripe's, by https://docs.stripe.com/currencies.
AMOUNTS = [
    ("USD", 1_099, 1_099), ("EUR", 1, 1), ("HUF", 1_000, 1_000), ("TWD", 80_000, 80_000),
    # Zero-decimal currencies.
    ("JPY", 500, 500), ("KRW", 500, 500), ("CLP", 500, 500), ("VND", 10_000, 10_000), ("XAF", 7, 7), ("XPF", 7, 7),
    ("BIF", 7, 7), ("DJF", 7, 7), ("GNF", 7, 7), ("KMF", 7, 7), ("PYG", 7, 7), ("RWF", 7, 7), ("VUV", 7, 7),
    ("XOF", 7, 7), ("MGA", 7, 7),
    # Without decimals in fact, written with two: "to charge 5 ISK, provide an amount value of 500".
    ("ISK", 5, 500), ("UGX", 5, 500),
    # Three decimals, the last of which is zero: "to charge 5.124 KWD you must round to 5120 or 5130".
    ("KWD", 5_124, 5_120), ("KWD", 5_125, 5_130), ("BHD", 10_000, 10_000), ("JOD", 1_005, 1_010), ("OMR", 4, 0),
    ("TND", 9_999, 10_000),
]  # fmt: skip


@pytest.mark.parametrize(("currency", "ours", "theirs"), AMOUNTS)
def test_amounts_are_written_as_stripe_documents_them(currency: str, ours: int, theirs: int) -> None:
    assert to_stripe(ours, currency) == theirs
    assert to_stripe(from_stripe(theirs, currency), currency) == theirs


@pytest.mark.parametrize("currency", ["IQD", "LYD"])
def test_a_currency_that_stripe_does_not_list_is_refused(currency: str) -> None:
    with pytest.raises(ProviderRefused):
        to_stripe(1_000, currency)


def test_three_decimals_are_refunded_to_the_last_without_a_remainder(double: StripeDouble) -> None:
    world = StripeWorld(double)
    payment = replace(new_payment(world), amount=5_126, currency="KWD")
    request = ChargeRequest(payment, world.method("approved"), return_url="https://shop.example/")
    payment = replace(payment, reference=world.provider.initialize(request))
    assert world.provider.charge(replace(request, payment=payment)).captured == 5_126

    parts = [2_563, 1_000, 1_563]
    refunds = [world.provider.refund(payment, part, f"{payment.key}-{part}").succeeded for part in parts]

    assert refunds == [True] * 3
    assert world.moved(payment.key) == (5_130, 5_130)
    assert status(world, payment).refunded == 5_126


def test_the_platforms_fee_is_taken_from_connected_accounts_only(
    double: StripeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIPE_APPLICATION_FEE_BPS", "250")
    made = hosted.create_account(double.store, {})
    charged(StripeWorld(double, own_keys(secret_key="", connected_account=made["id"])))
    charged(StripeWorld(double))

    own, connected = double.store.of("payment_intent")
    assert (connected["_account"], connected["application_fee_amount"]) == (made["id"], 125)
    assert (own["_account"], own["application_fee_amount"]) == ("", None)


def test_a_secret_key_is_never_stored_or_shown_as_it_is() -> None:
    account = own_keys()

    assert "sk_test" not in str(account.settings)
    assert "sk_test" not in repr(Payment("k", 1, "USD", account=account))
    assert seal("sk_test_double") != seal("sk_test_double")


def test_two_signing_secrets_are_believed_until_the_older_ends(double: StripeDouble) -> None:
    payment = charged(StripeWorld(double))
    event = double.store.events[-1]
    old = {"id": "we_0", "url": "", "secret": seal("whsec_old"), "until": "2999-01-01T00:00:00+00:00"}
    ended = old | {"secret": seal("whsec_ended"), "until": "2020-01-01T00:00:00+00:00"}
    account = own_keys()
    account = Account(7, {**account.settings, "endpoints": [*account.settings["endpoints"], old, ended]})

    told = [Stripe().webhook(account, *double.signed(event, secret))[0].key for secret in (SECRET, "whsec_old")]

    assert told == [payment.key] * 2
    with pytest.raises(BadSignature):
        Stripe().webhook(account, *double.signed(event, "whsec_ended"))
    # A shop's secret opens nothing at the platform's address, and the other way round.
    with pytest.raises(BadSignature):
        Stripe().webhook(Account(), *double.signed(event, SECRET))
    assert Stripe().webhook(Account(), *double.signed(event, PLATFORM_SECRET))[0].tenant_id == 7


def test_a_message_that_is_too_old_is_refused(double: StripeDouble) -> None:
    charged(StripeWorld(double))
    headers, body = double.signed(double.store.events[-1], SECRET)
    stale = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET, timestamp=1_600_000_000)

    with pytest.raises(BadSignature):
        Stripe().webhook(own_keys(), headers | {"stripe-signature": stale}, body)


def test_a_dispute_names_its_payment_and_the_day_evidence_is_due(double: StripeDouble) -> None:
    world = StripeWorld(double)
    payment = charged(world)
    due = datetime(2026, 12, 24, 23, 59, tzinfo=UTC)
    money.dispute(double.store, double.store.things[payment.reference], due_by=int(due.timestamp()))

    notice = world.provider.webhook(world.account, *double.signed(double.store.events[-1], SECRET))[0]

    assert (notice.kind, notice.key) == ("dispute", payment.key)
    told = [(one.status, one.amount, one.evidence_due_by) for one in world.provider.disputes(payment)]
    assert told == [("needs_response", 5_000, due)]


def test_what_stripe_finds_odd_is_told_with_its_level(double: StripeDouble) -> None:
    world = StripeWorld(double)
    told = []
    for key, card in (("odd", "pm_card_riskLevelElevated"), ("even", "pm_card_visa")):
        asked = ChargeRequest(Payment(key, 5_000, "USD", account=world.account), {"type": "stripe", "token": card})
        begun = replace(asked.payment, reference=world.provider.initialize(asked))
        told.append(world.provider.charge(replace(asked, payment=begun)).risk)
    assert [risk and risk.level for risk in told] == ["medium", None]


def test_a_refund_that_the_bank_sends_back_is_told_as_failed(double: StripeDouble) -> None:
    world = StripeWorld(double)
    payment = charged(world)
    made = world.provider.refund(payment, 1_000, f"{payment.key}-refund-1")
    money.fail_refund(double.store, double.store.things[made.provider_reference])

    again = world.provider.refund(payment, 1_000, f"{payment.key}-refund-1")

    assert (again.succeeded, again.pending, again.error_code) == (False, False, "expired_or_canceled_card")
    assert status(world, payment).refunded == 0


def test_a_buyer_pays_on_stripes_page_and_an_unpaid_page_ends(double: StripeDouble) -> None:
    world = StripeWorld(double)
    paid, left = (_on_stripes_page(world) for _ in range(2))
    asked = world.provider.charge(paid)
    assert (asked.status, asked.action["type"]) == ("requires_action", "redirect")
    hosted.pay_session(double.store, double.store.things[paid.payment.reference])

    assert status(world, paid.payment).status == "captured"
    assert world.provider.cancel(paid.payment).status == "captured"
    assert world.provider.refund(paid.payment, 5_000, f"{paid.payment.key}-refund-1").succeeded is True
    assert world.provider.cancel(left.payment).status == "canceled"
    assert status(world, left.payment).status == "canceled"
    assert (world.moved(paid.payment.key), world.moved(left.payment.key)) == ((5_000, 5_000), (0, 0))


def _on_stripes_page(world: ProviderWorld) -> ChargeRequest:
    request = replace(begun(world), method={"type": "stripe"})
    known = replace(request.payment, key=f"{request.payment.key}-hosted", reference="")
    request = replace(request, payment=known)
    return replace(request, payment=replace(known, reference=world.provider.initialize(request)))


def test_a_shop_without_connection_cannot_begin_and_leaves_open_what_it_began(double: StripeDouble) -> None:
    world = StripeWorld(double)
    payment = replace(charged(world), account=Account(7, {}))

    with pytest.raises(ProviderRefused):
        world.provider.initialize(ChargeRequest(payment, world.method("approved")))
    for ask in (
        lambda: world.provider.status(payment),
        lambda: world.provider.refund(payment, 1, "key"),
        lambda: world.provider.cancel(payment),
    ):
        with pytest.raises(ProviderUnreachable):
            ask()


def test_a_capture_repeated_after_stripe_forgot_its_key_takes_nothing_twice(double: StripeDouble) -> None:
    world = StripeWorld(double)
    request = begun(world, capture="manual")
    payment = known_by(request.payment, world.provider.charge(request))
    captures: list[Any] = []
    for _ in range(2):
        captures.append(world.provider.capture(payment, 2_000, "key", final=False))
        double.store.answers.clear()

    assert [(one.succeeded, one.remaining) for one in captures] == [(True, 3_000)] * 2
    assert world.moved(payment.key) == (2_000, 0)


def test_every_event_we_ask_for_is_one_of_stripes() -> None:
    from typing import get_args

    from stripe.params import _webhook_endpoint_create_params as params

    text = str(get_args(params.WebhookEndpointCreateParams.__annotations__["enabled_events"])) or ""
    source = open(params.__file__, encoding="utf-8").read()  # noqa: SIM115, PTH123
    assert [name for name in EVENTS if f'"{name}"' not in source + text] == []
