"""Checkout Sessions, webhook endpoints and accounts."""

from __future__ import annotations

from typing import Any

from tests.doubles.stripe import money
from tests.doubles.stripe.store import Refused, Store, Thing


def create_session(store: Store, account: str, params: dict[str, Any], origin: str) -> Thing:
    price = params["line_items"]["0"]["price_data"]
    session = store.make(
        "cs", "checkout.session", status="open", payment_intent=None, metadata=params.get("metadata", {}),
        success_url=params["success_url"], cancel_url=params["cancel_url"], amount_total=int(price["unit_amount"]),
        currency=price["currency"], _account=account, _intent=params["payment_intent_data"],
    )  # fmt: skip
    session["url"] = f"{origin}/pay/{session['id']}"
    return session


def pay_session(store: Store, session: Thing) -> None:
    """Do what a buyer does on Stripe's page."""
    if session["status"] != "open":
        raise Refused("session_not_open")
    data = {"amount": session["amount_total"], "currency": session["currency"], **session["_intent"]}
    intent = money.create_intent(store, session["_account"], data)
    session.update(status="complete", payment_intent=intent["id"])
    money.pay(store, intent)
    store.tell("checkout.session.completed", session)


def expire_session(store: Store, session: Thing) -> Thing:
    if session["status"] != "open":
        raise Refused("session_not_open", "Only open sessions can be expired.")
    session["status"] = "expired"
    store.tell("checkout.session.expired", session)
    return session


def create_endpoint(store: Store, account: str, params: dict[str, Any]) -> Thing:
    if not params["url"].startswith("https://"):
        raise Refused("url_invalid", "Invalid URL: an explicit https scheme is needed.")
    made = store.make(
        "we", "webhook_endpoint", url=params["url"], status="enabled", _account=account,
        enabled_events=list(params["enabled_events"].values()),
    )  # fmt: skip
    # Told once, as Stripe does.
    return {**made, "secret": secret_of(made)}


def secret_of(endpoint: Thing) -> str:
    return f"whsec_{endpoint['id']}"


def register_domain(store: Store, account: str, params: dict[str, Any]) -> Thing:
    name = params["domain_name"]
    return store.make("pmd", "payment_method_domain", domain_name=name, enabled=True, _account=account)


def create_account(store: Store, params: dict[str, Any]) -> Thing:
    return store.make(
        "acct", "account", charges_enabled=False, payouts_enabled=False, details_submitted=False,
        requirements={"currently_due": ["external_account", "tos_acceptance.date"]},
        metadata=params.get("metadata", {}), controller=params.get("controller", {}),
    )  # fmt: skip


def finish_onboarding(made: Thing) -> None:
    made.update(charges_enabled=True, payouts_enabled=True, details_submitted=True, requirements={"currently_due": []})
