"""Stripe's webhooks: whose signature they need, and which payment they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import stripe

from plugins.api import Account, BadSignature, Notice, unseal
from plugins.builtin.stripe.client import answered, client_for, words_of
from plugins.builtin.stripe.endpoints import still_valid
from plugins.builtin.stripe.environment import environment
from plugins.builtin.stripe.keys import Keys, keys_of

HEADER = "stripe-signature"


def read_message(account: Account, headers: Mapping[str, str], body: bytes) -> Sequence[Notice]:
    """Return what a message is about; raises BadSignature."""
    _check(secrets_of(account), headers.get(HEADER, ""), body)
    event = json.loads(body)
    kind = _kind(str(event["type"]))
    about = event["data"]["object"]
    told = (about.get("metadata") or {}) if kind != "dispute" else _payment_of(account, event, about)
    tenant = str(told.get("souk_tenant", ""))
    return [
        Notice(
            event_id=str(event["id"]),
            type=str(event["type"]),
            kind=kind,
            key=str(about["id"] if kind == "account" else told.get("souk_key", "")),
            tenant_id=int(tenant) if tenant.isascii() and tenant.isdigit() else 0,
        )
    ]


def secrets_of(account: Account) -> list[str]:
    """Return every secret that is valid now: the shop's own, or the platform's for messages that come to it."""
    if not account.tenant_id:
        return list(environment().webhook_secrets)
    return [unseal(str(one["secret"])) for one in still_valid(account)]


def _check(secrets: Sequence[str], signature: str, body: bytes) -> None:
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        return
    raise BadSignature


def _kind(name: str) -> Literal["payment", "refund", "dispute", "account", "other"]:
    if name.startswith("charge.dispute."):
        return "dispute"
    if name.startswith(("refund.", "charge.refund.")):
        return "refund"
    if name == "account.updated":
        return "account"
    return "payment" if name.startswith(("payment_intent.", "charge.", "checkout.session.")) else "other"


def _payment_of(account: Account, event: Mapping[str, Any], dispute: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the metadata of the intent that a dispute is about: a dispute carries none of its own."""
    if not dispute.get("payment_intent"):
        return {}
    platform = environment()
    keys = (
        keys_of(account)
        if account.tenant_id
        else Keys(platform.secret_key, platform.publishable_key, str(event.get("account") or ""))
    )
    with answered():
        intent = client_for(keys).payment_intents.retrieve(str(dispute["payment_intent"]))
    return words_of(intent)
