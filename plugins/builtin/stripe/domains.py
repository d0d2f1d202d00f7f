"""Tell Stripe the shop's address: browsers offer Apple Pay and other wallets on known domains only."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

import stripe

from plugins.api import Account, Site
from plugins.builtin.stripe.client import answered, client_for
from plugins.builtin.stripe.keys import keys_for_new


def register_domain(account: Account, site: Site) -> None:
    """Register the host of the shop; known ones stay. Cards work without it, so a refusal stops nothing."""
    host = urlsplit(site.webhook_url).hostname
    if not site.public or host is None:
        return
    domains = client_for(keys_for_new(account)).payment_method_domains
    with suppress(stripe.InvalidRequestError, stripe.PermissionError), answered():
        domains.create({"domain_name": host}, {"idempotency_key": f"souk-{account.tenant_id}-domain-{host}"[:255]})
