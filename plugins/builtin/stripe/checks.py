"""Test the connection to Stripe and say in sentences what is wrong and what cures it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import stripe

from plugins.api import Account, Finding, ProviderRefused, ProviderUnreachable, Site
from plugins.builtin.stripe.client import answered, client_for
from plugins.builtin.stripe.endpoints import still_valid
from plugins.builtin.stripe.environment import environment
from plugins.builtin.stripe.events import EVENTS
from plugins.builtin.stripe.keys import CONNECT, Keys, keys_for_new, mode_of


def findings(account: Account, site: Site) -> Sequence[Finding]:
    """Ask Stripe and return everything that was found, good and bad."""
    try:
        keys = keys_for_new(account)
        about = about_account(account)
        return [Finding(True, "The key is accepted"), *_account_findings(about), *_messages(account, keys, site)]
    except ProviderRefused as refused:
        return [Finding(False, "The shop is not connected", str(refused))]
    except ProviderUnreachable:
        return [Finding(False, "Stripe does not answer", "Try again in a minute; see https://status.stripe.com.")]
    except stripe.AuthenticationError:
        return [Finding(False, "The secret key is wrong", "It was revoked or mistyped; copy a new one from Stripe.")]
    except stripe.PermissionError as refused:
        return [Finding(False, "The key may not do this", f"Give it more rights: {refused.user_message}")]
    except stripe.StripeError as refused:
        return [Finding(False, "Stripe refuses", refused.user_message or str(refused))]


def about_account(account: Account) -> Any:
    """Return Stripe's account of a shop; raises ProviderRefused, ProviderUnreachable, stripe.StripeError."""
    keys = keys_for_new(account)
    accounts = client_for(keys).accounts
    with answered():
        return accounts.retrieve(keys.account) if mode_of(account) == CONNECT else accounts.retrieve_current()


def _account_findings(about: Any) -> Iterator[Finding]:
    due = list(getattr(about.requirements, "currently_due", None) or [])
    if about.charges_enabled:
        yield Finding(True, "The account takes payments")
    else:
        missing = f"It asks for: {', '.join(due)}." if due else "Look into Stripe's dashboard."
        yield Finding(False, "Stripe does not let this account take payments yet", missing)
    if not about.payouts_enabled:
        yield Finding(False, "Stripe does not pay out yet", "Add a bank account at Stripe.")


def _messages(account: Account, keys: Keys, site: Site) -> Iterator[Finding]:
    if mode_of(account) == CONNECT:
        told = bool(environment().webhook_secrets)
        yield Finding(told, "The platform hears from Stripe" if told else "The platform has no STRIPE_WEBHOOK_SECRET")
        return
    newest = next(iter(still_valid(account)), None)
    if newest is None:
        cure = "Change the signing secret to make one." if site.public else "Stripe needs an https address for it."
        yield Finding(False, "Stripe sends no messages to this shop", f"There is no endpoint. {cure}")
        return
    try:
        with answered():
            endpoint = client_for(keys).webhook_endpoints.retrieve(str(newest["id"]))
    except stripe.InvalidRequestError:
        yield Finding(False, "The endpoint is gone at Stripe", "Change the signing secret to make a new one.")
        return
    yield from _endpoint_findings(endpoint, site)


def _endpoint_findings(endpoint: Any, site: Site) -> Iterator[Finding]:
    missing = sorted(set(EVENTS) - set(endpoint.enabled_events)) if "*" not in endpoint.enabled_events else []
    if endpoint.status != "enabled":
        yield Finding(False, "The endpoint is switched off at Stripe", "Enable it there, or change the signing secret.")
    if endpoint.url != site.webhook_url:
        yield Finding(False, "Stripe sends to another address", f"{endpoint.url} instead of {site.webhook_url}.")
    if missing:
        yield Finding(False, "The endpoint leaves out events", f"It lacks {', '.join(missing)}.")
    if endpoint.status == "enabled" and endpoint.url == site.webhook_url and not missing:
        yield Finding(True, "Stripe sends its messages to this shop")
