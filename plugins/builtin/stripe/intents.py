"""Payment Intents: made known first, confirmed afterwards, read whenever somebody asks."""

from __future__ import annotations

from typing import Any

import stripe

from plugins.api import ChargeRequest, ChargeResult, Payment, ProviderRefused
from plugins.builtin.stripe.amounts import part_of, to_stripe
from plugins.builtin.stripe.client import answered, client_for, code_of
from plugins.builtin.stripe.keys import Keys, keys_for_new, keys_of
from plugins.builtin.stripe.methods import kept_of
from plugins.builtin.stripe.refunds import refunded_of
from plugins.builtin.stripe.risks import risk_of

# The buyer or their bank still has to do something.
SCRIPT = {"type": "script"}


def metadata_of(payment: Payment) -> dict[str, str]:
    """Return the words by which a message or a person at Stripe's dashboard finds the payment here."""
    return {"souk_key": payment.key, "souk_tenant": str(payment.account.tenant_id)}


def create(request: ChargeRequest) -> str:
    """Make an intent that nobody has confirmed, so that it moves nothing; returns its id. Raises ProviderRefused."""
    payment = request.payment
    keys = keys_for_new(payment.account)
    params: dict[str, Any] = {
        "amount": to_stripe(payment.amount, payment.currency),
        "currency": payment.currency.lower(),
        "capture_method": request.capture,
        "automatic_payment_methods": {"enabled": True},
        "description": request.description,
        "metadata": metadata_of(payment),
        **fee_of(keys, payment),
    }
    if request.capture == "manual":
        params["payment_method_options"] = {"card": {"request_multicapture": "if_available"}}
    if request.customer:
        params["customer"] = request.customer
    if request.customer and request.save:
        params["setup_future_usage"] = "off_session"
    with refusals(), answered():
        intent = client_for(keys).payment_intents.create(params, {"idempotency_key": payment.key})
    return str(intent.id)


def confirm(request: ChargeRequest) -> ChargeResult:
    """Let the buyer's method pay the intent; a decline ends it for good."""
    payment, token = request.payment, str(request.method.get("token", ""))
    params: dict[str, Any] = {"use_stripe_sdk": True, "return_url": request.return_url, "expand": ["latest_charge"]}
    if request.saved:
        params["payment_method"] = request.saved
    else:
        params["payment_method" if token.startswith("pm_") else "confirmation_token"] = token
    intents = client_for(keys_of(payment.account)).payment_intents
    try:
        with answered():
            return result_of(
                intents.confirm(payment.reference, params, {"idempotency_key": f"{payment.key}-confirm"}), payment
            )
    except stripe.CardError as declined:
        return _ended(payment, code_of(declined), declined.user_message or "")
    except stripe.InvalidRequestError as refused:
        known = read(payment)
        return known if known is not None else _ended(payment, code_of(refused), "")


def read(payment: Payment) -> ChargeResult | None:
    """Return how an intent stands, None for one that nobody has tried to pay."""
    intent = fetch(payment)
    if intent.status in {"requires_payment_method", "requires_confirmation"} and intent.last_payment_error is None:
        return None
    return result_of(intent, payment)


def fetch(payment: Payment) -> Any:
    with answered():
        return client_for(keys_of(payment.account)).payment_intents.retrieve(
            payment.reference, {"expand": ["latest_charge"]}
        )


def cancel(payment: Payment) -> ChargeResult:
    """End an intent, or void what it authorizes; returns what is true when it was too late for that."""
    intents = client_for(keys_of(payment.account)).payment_intents
    try:
        with answered():
            return result_of(intents.cancel(payment.reference, {"expand": ["latest_charge"]}), payment)
    except stripe.InvalidRequestError:
        return result_of(fetch(payment), payment)


def result_of(intent: Any, payment: Payment) -> ChargeResult:
    """Return what an intent's status means, with what has moved."""
    error = intent.last_payment_error
    status: Any = {
        "succeeded": "captured",
        "requires_capture": "authorized",
        # A bank debit takes days: the order stands, and the money is noted when it has come.
        "processing": "deferred",
        "requires_action": "requires_action",
        "canceled": "canceled",
    }.get(intent.status, "failed")
    failed = status == "failed" and error is not None
    return ChargeResult(
        status,
        provider_reference=payment.reference or intent.id,
        provider_status=intent.status,
        error_code=str(error.decline_code or error.code or "") if failed else "",
        message=str(error.message or "") if failed else "",
        action=_action(intent) if status == "requires_action" else {},
        captured=part_of(intent.amount_received or 0, payment),
        refunded=refunded_of(intent, payment),
        kept=kept_of(intent) if status in {"captured", "authorized", "deferred"} else None,
        risk=risk_of(intent),
    )


def fee_of(keys: Keys, payment: Payment) -> dict[str, int]:
    """Return the parameter for the platform's share, nothing where it takes none."""
    fee = keys.fee_on(to_stripe(payment.amount, payment.currency))
    return {"application_fee_amount": fee} if keys.account and fee else {}


class refusals:  # noqa: N801 - read as a verb: with refusals(): ...
    """Turn Stripe's refusal to begin into ProviderRefused: nothing has moved."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, stripe.StripeError):
            raise ProviderRefused(code_of(error), error.user_message or "") from error


def _action(intent: Any) -> dict[str, str]:
    step = intent.next_action
    if step is not None and step.type == "redirect_to_url":
        return {"type": "redirect", "url": step.redirect_to_url.url}
    return SCRIPT


def _ended(payment: Payment, code: str, message: str) -> ChargeResult:
    """Cancel what failed: a browser that still holds its secret must not pay an attempt that we gave up."""
    ended = cancel(payment)
    if ended.status != "canceled":
        return ended
    return ChargeResult("failed", payment.reference, "declined", code, message, captured=0, refunded=0)
