"""Methods that Stripe keeps for a customer: attached by a payment with `setup_future_usage`, detached on demand."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import stripe

from plugins.api import Account, KeptMethod, ProviderRefused
from plugins.builtin.stripe.client import answered, client_for, code_of
from plugins.builtin.stripe.keys import keys_for_new, keys_of


def new_customer(account: Account, key: str, email: str) -> str:
    """Make a customer with Stripe; the same key makes one. Raises ProviderRefused."""
    params: dict[str, Any] = {"metadata": {"souk_key": key, "souk_tenant": str(account.tenant_id)}}
    if email:
        params["email"] = email
    try:
        with answered():
            made = client_for(keys_for_new(account)).customers.create(params, {"idempotency_key": key})
    except stripe.StripeError as refused:
        raise ProviderRefused(code_of(refused), refused.user_message or "") from refused
    return str(made.id)


def kept_of(intent: Any) -> KeptMethod | None:
    """Return the method of a paid intent that Stripe keeps for its customer, None where nobody wanted that."""
    if not (intent.customer and intent.setup_future_usage and intent.payment_method):
        return None
    details = getattr(intent.latest_charge, "payment_method_details", None)
    return KeptMethod(str(intent.payment_method), str(intent.customer), _label(details))


def forget(account: Account, method: KeptMethod) -> None:
    """Take a method from its customer; Stripe refuses one that is not attached any more, and that is well."""
    with suppress(stripe.InvalidRequestError), answered():
        client_for(keys_of(account)).payment_methods.detach(method.reference)


def _label(details: Any) -> str:
    kind = str(getattr(details, "type", "") or "saved")
    part = getattr(details, kind, None)
    brand, last = getattr(part, "brand", "") or kind.replace("_", " "), getattr(part, "last4", "")
    month, year = getattr(part, "exp_month", 0), getattr(part, "exp_year", 0)
    until = f" ({month:02}/{year % 100:02})" if month and year else ""
    return f"{brand.title()}{f' •••• {last}' if last else ''}{until}"
