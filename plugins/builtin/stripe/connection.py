"""Connect a shop to Stripe in the dashboard, and name what is wrong with the connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import stripe

from plugins.api import (
    Account,
    Acted,
    Action,
    BadConnection,
    Finding,
    ProviderRefused,
    Site,
    seal,
)
from plugins.builtin.stripe.checks import about_account, findings
from plugins.builtin.stripe.client import answered, client_for, platform_client
from plugins.builtin.stripe.domains import register_domain
from plugins.builtin.stripe.endpoints import forget, register
from plugins.builtin.stripe.environment import environment
from plugins.builtin.stripe.keys import CONNECT, MAY_CHARGE, OWN, Keys, keys_for_new, may_charge, mode_of

FIELDS: Sequence[Mapping[str, Any]] = (
    {"type": "text", "id": "publishable_key", "label": "Publishable key", "info": "Begins with pk_."},
    {"type": "secret", "id": "secret_key", "label": "Secret key", "info": "Begins with sk_ or rk_; never shown again."},
)
PAGE_FIELD: Mapping[str, Any] = {
    "type": "checkbox",
    "id": "checkout_page",
    "label": "Send buyers to Stripe's own page instead of paying on yours",
}
_SILENT = (
    "Stripe sends messages to https addresses only: until this shop has one it asks by itself how payments stand, and"
    " hears of no dispute. Press “Change the signing secret” then."
)
_PREFIXES = {"publishable_key": ("pk_",), "secret_key": ("sk_", "rk_")}
_EMPTY = {"secret_key": "", "publishable_key": "", "connected_account": "", "endpoints": []}


class StripeConnection:
    """See `souk.payments.connection`."""

    def connected(self, account: Account) -> bool:
        """An account that was connected here takes payments once Stripe has all that it asks for."""
        return mode_of(account) == OWN or (mode_of(account) == CONNECT and may_charge(account))

    def facts(self, account: Account) -> Sequence[tuple[str, str]]:
        """Return what can be told without asking Stripe."""
        mode = mode_of(account)
        if not mode:
            return [("Connection", "Not connected")]
        keys = keys_for_new(account)
        how = "Connected through this platform" if mode == CONNECT else "Your own keys"
        told = [("Connection", how), ("Payments", "Real money" if keys.live else "Test mode")]
        if mode == CONNECT:
            told += [("Account", keys.account), ("Platform's fee", f"{keys.fee_basis_points / 100:g} %")]
            told += [("Takes payments", "Yes" if may_charge(account) else "Not yet: Stripe waits for your answers")]
        return told

    def fields(self, _account: Account, action: str) -> Sequence[Mapping[str, Any]]:
        return {"keys": FIELDS, "page": (PAGE_FIELD,)}.get(action, ())

    def actions(self, account: Account) -> Sequence[Action]:
        """Return what a merchant can do now, the next step first."""
        if not mode_of(account):
            connect = [Action("connect", "Connect with Stripe")] if environment().secret_key else []
            return [*connect, Action("keys", "Use your own keys")]
        onboard = [Action("onboard", "Continue at Stripe")] if mode_of(account) == CONNECT else []
        waits = not self.connected(account)
        return [
            *(onboard if waits else []),
            Action("page", "Where buyers pay"),
            *([] if waits else onboard),
            *([Action("rotate", "Change the signing secret")] if mode_of(account) == OWN else []),
            Action("disconnect", "Disconnect", danger=True),
        ]

    def check(self, account: Account, site: Site) -> Sequence[Finding]:
        return findings(account, site)

    def learn(self, account: Account) -> Mapping[str, Any]:
        """Only an account that was connected here waits for Stripe's consent; own keys belong to one that has it."""
        if mode_of(account) != CONNECT or not environment().secret_key:
            return {}
        try:
            return {MAY_CHARGE: bool(about_account(account).charges_enabled)}
        except stripe.StripeError:
            # The test of the connection names what is wrong; a key of the platform's that was rolled stops no shop.
            return {}

    def act(self, account: Account, action: str, values: Mapping[str, Any], site: Site) -> Acted:
        """Do one of `actions`; raises BadConnection, ProviderUnreachable."""
        done = {
            "keys": _use_keys, "connect": _connect, "onboard": _onboard, "rotate": _rotate, "page": _choose_page,
            "disconnect": _disconnect,
        }[action]  # fmt: skip
        try:
            return done(account, values, site)
        except ProviderRefused as refused:
            raise BadConnection(str(refused)) from None
        except stripe.StripeError as refused:
            raise BadConnection(f"Stripe says: {refused.user_message or refused}") from None


def _use_keys(account: Account, values: Mapping[str, Any], site: Site) -> Acted:
    for name, prefixes in _PREFIXES.items():
        if not str(values[name]).startswith(prefixes):
            raise BadConnection(f"This key must begin with {' or '.join(prefixes)}; copy it from Stripe.", field=name)
    secret, publishable = str(values["secret_key"]), str(values["publishable_key"])
    if ("_live_" in secret) != ("_live_" in publishable):
        raise BadConnection("One key is for real money and one for tests; take both from the same mode.")
    with answered():
        client_for(Keys(secret, publishable)).balance.retrieve()
    settings = {**account.settings, "secret_key": seal(secret), "publishable_key": publishable}
    connected = Account(account.tenant_id, settings)
    endpoints = register(connected, site.webhook_url) if site.public else []
    register_domain(connected, site)
    told = "Payments go through Stripe." + ("" if site.public else f" {_SILENT}")
    return Acted({**settings, "connected_account": "", "endpoints": endpoints}, told, offers=True)


def _connect(account: Account, _values: Mapping[str, Any], site: Site) -> Acted:
    with answered():
        made = platform_client().accounts.create(
            {
                "controller": {
                    "stripe_dashboard": {"type": "full"},
                    "fees": {"payer": "account"},
                    "losses": {"payments": "stripe"},
                    "requirement_collection": "stripe",
                },
                "metadata": {"souk_tenant": str(account.tenant_id)},
            },
            {"idempotency_key": f"souk-{account.tenant_id}-connect"},
        )
    settings = {**_EMPTY, "connected_account": made.id, MAY_CHARGE: bool(made.charges_enabled)}
    connected = Account(account.tenant_id, settings)
    register_domain(connected, site)
    return replace(_onboard(connected, {}, site), offers=True)


def _onboard(account: Account, _values: Mapping[str, Any], site: Site) -> Acted:
    with answered():
        link = platform_client().account_links.create(
            {
                "account": str(account.settings["connected_account"]),
                "type": "account_onboarding",
                "refresh_url": site.dashboard_url,
                "return_url": site.dashboard_url,
            }
        )
    return Acted(account.settings, "Your account is made. Stripe asks for the rest on its own pages.", link.url)


def _rotate(account: Account, _values: Mapping[str, Any], site: Site) -> Acted:
    if not site.public:
        raise BadConnection("Stripe can only send messages to an https address on the internet.")
    endpoints = register(account, site.webhook_url)
    return Acted({**account.settings, "endpoints": endpoints}, "The secret is new; the old one ends in 3 days.")


def _choose_page(account: Account, values: Mapping[str, Any], _site: Site) -> Acted:
    return Acted({**account.settings, "checkout_page": bool(values["checkout_page"])}, "The choice is saved.")


def _disconnect(account: Account, _values: Mapping[str, Any], _site: Site) -> Acted:
    if mode_of(account) == OWN:
        forget(account)
    return Acted({**account.settings, **_EMPTY}, "The shop is no longer connected to Stripe.")
