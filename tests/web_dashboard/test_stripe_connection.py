"""A merchant connects a shop to Stripe: keys are sealed and never shown, and what is wrong is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from plugins.api import Account, unseal
from plugins.builtin.stripe.provider import Stripe
from plugins.enablement import settings_of
from souk.checkout.notified import consume
from souk.kernel.config import config
from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.payments.provider import offered
from tests.doubles.stripe import StripeDouble, hosted
from tests.doubles.stripe.server import KEY, PUBLISHABLE
from tests.factories.commerce import delivery_of
from tests.fixtures.shops import make_shop
from tests.payments.conftest import PLATFORM_SECRET, double
from tests.web_dashboard.conftest import SignedIn, Visitor

__all__ = ["double"]
KEYS = {"do": "keys", "s-secret_key": KEY, "s-publishable_key": PUBLISHABLE}


@pytest.fixture
def scope(app: Flask, double: StripeDouble, monkeypatch: pytest.MonkeyPatch) -> TenantScope:
    """A shop that the internet reaches under https."""
    known = replace(config(), public_scheme="https", public_port=443)
    monkeypatch.setattr("souk.web.dashboard.payment_provider.config", lambda: known)
    return make_shop(currency="USD")


@pytest.fixture
def owner(scope: TenantScope, signed_in: SignedIn) -> Visitor:
    return signed_in(scope, "owner")


def settings(scope: TenantScope) -> dict[str, Any]:
    with transaction(scope, read_only=True) as session:
        return settings_of(session, "stripe")


def offers(scope: TenantScope) -> bool:
    with transaction(scope, read_only=True) as session:
        return "stripe" in {provider.name for provider in offered(session)}


def stored_text(scope: TenantScope) -> str:
    with admin_connection(scope.pod) as admin:
        rows = admin.execute(f"SELECT settings::text FROM {scope.schema}.plugin_states".encode()).fetchall()
    return str(rows)


def test_own_keys_are_sealed_used_and_never_shown(owner: Visitor, scope: TenantScope, double: StripeDouble) -> None:
    assert owner.post("~/payments/stripe", KEYS).status_code == 303

    page, found = owner.get("~/payments/stripe?test=1").text, settings(scope)
    assert (unseal(found["secret_key"]), offers(scope)) == (KEY, True)
    assert KEY not in stored_text(scope)
    assert KEY not in page + owner.get("~/plugins/stripe").text
    assert "whsec_" not in page + stored_text(scope)
    for told in ("The key is accepted", "The account takes payments", "Stripe sends its messages to this shop"):
        assert told in page
    endpoint = double.store.of("webhook_endpoint")[0]
    assert endpoint["url"] == f"https://{owner.slug}.souk.test/webhooks/stripe"
    # Browsers offer wallets on domains that Stripe knows.
    assert [one["domain_name"] for one in double.store.of("payment_method_domain")] == [f"{owner.slug}.souk.test"]


def test_what_is_wrong_with_typed_keys_is_said_and_nothing_kept(owner: Visitor, scope: TenantScope) -> None:
    for change, sentence in (
        ({"s-secret_key": "pk_test_double"}, "must begin with sk_"),
        ({"s-publishable_key": "pk_live_double"}, "take both from the same mode"),
        ({"s-secret_key": "sk_test_wrong"}, "Invalid API Key"),
    ):
        answer = owner.post("~/payments/stripe", KEYS | change)

        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
    assert owner.post("~/payments/stripe", {"do": "on"}).status_code == 422
    assert owner.post("~/payments/stripe", {"do": "nothing"}).status_code == 422
    assert (settings(scope), offers(scope)) == ({}, False)


def test_a_test_of_the_connection_names_each_fault(owner: Visitor, scope: TenantScope, double: StripeDouble) -> None:
    assert "not connected" in owner.get("~/payments/stripe?test=1").text
    owner.post("~/payments/stripe", KEYS)
    endpoint = double.store.of("webhook_endpoint")[0]

    endpoint.update(status="disabled", enabled_events=endpoint["enabled_events"][1:], url="https://old.example/hook")
    page = owner.get("~/payments/stripe?test=1").text
    for told in ("switched off at Stripe", "sends to another address", "leaves out events", "payment_intent.succeeded"):
        assert told in page
    del double.store.things[endpoint["id"]]
    assert "The endpoint is gone" in owner.get("~/payments/stripe?test=1").text
    double.keys.clear()
    assert "The secret key is wrong" in owner.get("~/payments/stripe?test=1").text


def test_a_new_signing_secret_leaves_the_old_one_valid_and_one_endpoint(
    owner: Visitor, scope: TenantScope, double: StripeDouble
) -> None:
    owner.post("~/payments/stripe", KEYS)
    before = double.store.of("webhook_endpoint")[0]
    double.store.tell("payment_intent.succeeded", {"metadata": {"souk_key": "k"}})

    assert owner.post("~/payments/stripe", {"do": "rotate"}).status_code == 303

    after = double.store.of("webhook_endpoint")
    assert [one["id"] != before["id"] for one in after] == [True]
    account, event = Account(scope.tenant_id, settings(scope)), double.store.events[-1]
    for endpoint in (before, after[0]):
        message = double.signed(event, hosted.secret_of(endpoint))
        assert Stripe().webhook(account, *message)[0].key == "k"


def test_connect_leads_to_stripe_and_tells_what_it_still_asks_for(
    owner: Visitor, scope: TenantScope, double: StripeDouble
) -> None:
    page = owner.post("~/payments/stripe", {"do": "connect"}).text

    made = double.store.of("account")[0]
    assert f'href="{double.url}/onboard"' in page
    assert settings(scope)["connected_account"] == made["id"]
    asked = owner.get("~/payments/stripe?test=1").text
    assert "does not let this account take payments yet" in asked
    assert "external_account" in asked
    assert "Buyers are not offered Stripe yet" in asked
    assert "the account cannot take payments yet" in owner.get("~/payments").text
    assert owner.post("~/payments/stripe", {"do": "on"}).status_code == 422
    assert not offers(scope)
    hosted.finish_onboarding(made)
    assert "The account takes payments" in owner.get("~/payments/stripe?test=1").text
    assert offers(scope)


def test_a_message_about_the_account_offers_stripe_and_takes_it_back(
    owner: Visitor, app: Flask, scope: TenantScope, other_shop: TenantScope, double: StripeDouble
) -> None:
    owner.post("~/payments/stripe", {"do": "connect"})
    made, told = double.store.of("account")[0], []
    for may in (True, False):
        made["charges_enabled"] = may
        double.store.tell("account.updated", made)
        headers, body = double.signed(double.store.events[-1], PLATFORM_SECRET)
        address = {"base_url": "http://souk.test", "data": body, "headers": headers}
        assert app.test_client().post("/webhooks/stripe", **address).status_code == 200
        consume(delivery_of(scope, "payment.notified", 0))
        told.append(offers(scope))

    assert told == [True, False]
    assert settings(other_shop) == {}


def test_disconnecting_forgets_the_keys_and_the_endpoint(
    owner: Visitor, scope: TenantScope, double: StripeDouble
) -> None:
    owner.post("~/payments/stripe", KEYS)

    assert owner.post("~/payments/stripe", {"do": "disconnect"}).status_code == 303

    assert (settings(scope)["secret_key"], offers(scope)) == ("", False)
    assert double.store.of("webhook_endpoint") == []


@pytest.mark.parametrize("role", ["viewer", "fulfillment"])
def test_only_who_may_change_settings_connects(scope: TenantScope, signed_in: SignedIn, role: str) -> None:
    person = signed_in(scope, role)

    assert person.get("~/payments/stripe").status_code == 403
    assert person.post("~/payments/stripe", KEYS).status_code == 403
    assert settings(scope) == {}
