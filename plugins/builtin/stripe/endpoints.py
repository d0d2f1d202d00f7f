"""Webhook endpoints of a shop, made by us through Stripe's API so that nobody has to choose events by hand.

Two may be valid at once: a new secret is a new endpoint, and the old one's messages on their way are still believed.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import stripe

from plugins.api import Account, now, seal
from plugins.builtin.stripe.client import answered, client_for
from plugins.builtin.stripe.events import EVENTS
from plugins.builtin.stripe.keys import keys_for_new

# Stripe repeats a message for up to three days.
OVERLAP = timedelta(days=3)


def register(account: Account, url: str) -> list[dict[str, Any]]:
    """Make an endpoint for the shop's address and return the endpoints to keep: the new one and the one before.

    The one before is taken off Stripe's list, so that each message comes once; its secret stays valid for three days.
    Raises stripe.StripeError when Stripe refuses the address.
    """
    service = client_for(keys_for_new(account)).webhook_endpoints
    with answered():
        made = service.create({"url": url, "enabled_events": list(EVENTS), "description": "Souk"})
    old = still_valid(account)[:1]
    for one in old:
        with suppress(stripe.InvalidRequestError), answered():
            service.delete(str(one["id"]))
    until = (now() + OVERLAP).isoformat()
    return [
        {"id": made.id, "url": url, "secret": seal(made.secret), "until": None},
        *({**one, "until": until} for one in old),
    ]


def still_valid(account: Account) -> list[dict[str, Any]]:
    """Return the endpoints whose secret is believed, newest first."""
    known = account.settings.get("endpoints", ())
    return [dict(one) for one in known if not one["until"] or datetime.fromisoformat(one["until"]) > now()]


def forget(account: Account) -> None:
    """Take the shop's endpoints off Stripe's list."""
    service = client_for(keys_for_new(account)).webhook_endpoints
    for one in still_valid(account):
        with suppress(stripe.InvalidRequestError), answered():
            service.delete(str(one["id"]))
