"""Intents, charges, refunds and disputes: how Stripe moves money from one status to the next."""

from __future__ import annotations

from typing import Any

from tests.doubles.stripe.store import Refused, Store, Thing

# Stripe's published test methods, and the numbers behind them, with what a bank says to each.
OUTCOMES = {
    "pm_card_visa": "approved", "4242424242424242": "approved",
    "pm_card_chargeDeclined": "card_declined", "4000000000000002": "card_declined",
    "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds", "4000000000009995": "insufficient_funds",
    "pm_card_riskLevelElevated": "approved", "4000000000009235": "approved",
    "pm_card_authenticationRequired": "3ds", "4000002760003184": "3ds",
}  # fmt: skip
_ODD = {"pm_card_riskLevelElevated", "4000000000009235"}


def create_intent(store: Store, account: str, params: dict[str, Any]) -> Thing:
    amount = int(params["amount"])
    if not 0 < amount <= 99_999_999:
        raise Refused("amount_too_large" if amount > 0 else "parameter_invalid_integer")
    intent = store.make(
        "pi", "payment_intent", amount=amount, currency=params["currency"], status="requires_payment_method",
        capture_method=params.get("capture_method", "automatic"), amount_received=0, amount_capturable=0,
        metadata=params.get("metadata", {}), last_payment_error=None, next_action=None, latest_charge=None,
        application_fee_amount=int(params["application_fee_amount"]) if "application_fee_amount" in params else None,
        customer=params.get("customer"), setup_future_usage=params.get("setup_future_usage"), payment_method=None,
        _account=account, _multicapture="payment_method_options" in params,
    )  # fmt: skip
    intent["client_secret"] = f"{intent['id']}_secret_test"
    return intent


def confirm(store: Store, intent: Thing, params: dict[str, Any]) -> Thing:
    if intent["status"] not in {"requires_payment_method", "requires_confirmation"}:
        raise Refused("payment_intent_unexpected_state", f"The intent is {intent['status']}.")
    outcome = _outcome(store, params, intent["customer"])
    intent["payment_method"] = params.get("payment_method", "pm_card_visa")
    intent["_risk"] = "elevated" if intent["payment_method"] in _ODD else "normal"
    if intent["setup_future_usage"]:
        if not intent["customer"]:
            raise Refused("parameter_missing", "A customer is needed to keep the method.")
        attach(store, intent)
    if outcome == "3ds":
        intent.update(status="requires_action", next_action={"type": "use_stripe_sdk", "use_stripe_sdk": {}})
        store.tell("payment_intent.requires_action", intent)
        return intent
    if outcome != "approved":
        decline(store, intent, outcome)
        raise Refused("card_declined", "Your card was declined.", status=402, kind="card_error", decline_code=outcome)
    return pay(store, intent)


def _outcome(store: Store, params: dict[str, Any], customer: str | None) -> str:
    method = params.get("payment_method") or ""
    saved = store.things.get(method)
    if saved is not None:
        if not customer or saved["customer"] != customer:
            raise Refused("resource_missing", "The payment method belongs to another customer, or was detached.")
        method = saved["_card"]
    token = params.get("confirmation_token")
    if token is not None:
        found = store.things.get(token)
        if found is None or found["_used"]:
            raise Refused("resource_missing", "No such confirmation token, or it was used.")
        found["_used"], method = True, found["_card"]
    if method not in OUTCOMES:
        raise Refused("resource_missing", f"No such payment method: {method}")
    return OUTCOMES[method]


def attach(store: Store, intent: Thing) -> None:
    """Keep the method for the customer: from now on it has an id of its own."""
    made = store.make(
        "pm", "payment_method", type="card", customer=intent["customer"], card={"brand": "visa", "last4": "4242"},
        _account=intent["_account"], _card="pm_card_visa",
    )  # fmt: skip
    intent["payment_method"] = made["id"]


def detach(method: Thing) -> Thing:
    if method["customer"] is None:
        raise Refused("payment_method_unexpected_state", "The payment method is not attached to a customer.")
    method["customer"] = None
    return method


def decline(store: Store, intent: Thing, code: str) -> None:
    error: Thing = {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": code,
        "message": "Your card was declined.",
    }
    if code == "authentication":
        error = {
            "type": "card_error", "code": "payment_intent_authentication_failure", "decline_code": None,
            "message": "We are unable to authenticate your payment method.",
        }  # fmt: skip
    intent.update(status="requires_payment_method", last_payment_error=error, next_action=None)
    store.tell("payment_intent.payment_failed", intent)


def pay(store: Store, intent: Thing) -> Thing:
    """Let the bank say yes: the money is taken, or held where it is captured later."""
    held = intent["capture_method"] == "manual"
    multicapture = "available" if held and intent["_multicapture"] else "unavailable"
    charge = store.make(
        "ch", "charge", amount=intent["amount"], amount_captured=0, amount_refunded=0, currency=intent["currency"],
        payment_intent=intent["id"], metadata=dict(intent["metadata"]), captured=not held, disputed=False,
        payment_method_details={
            "type": "card", "card": {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2031,
                                      "multicapture": {"status": multicapture}},
        },
        outcome={"risk_level": intent.get("_risk", "normal"), "risk_score": None},
        _account=intent["_account"],
    )  # fmt: skip
    intent.update(latest_charge=charge["id"], next_action=None, last_payment_error=None)
    if held:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        store.tell("payment_intent.amount_capturable_updated", intent)
        return intent
    charge["amount_captured"] = intent["amount_received"] = intent["amount"]
    intent["status"] = "succeeded"
    store.tell("payment_intent.succeeded", intent)
    return intent


def capture(store: Store, intent: Thing, params: dict[str, Any]) -> Thing:
    if intent["status"] != "requires_capture":
        raise Refused("payment_intent_unexpected_state", f"The intent is {intent['status']}.")
    amount = int(params.get("amount_to_capture") or intent["amount_capturable"])
    if not 0 < amount <= intent["amount_capturable"]:
        raise Refused("amount_too_large", "The amount is more than can be captured.")
    final = params.get("final_capture", "true") == "true"
    charge = store.things[intent["latest_charge"]]
    if not final and charge["payment_method_details"]["card"]["multicapture"]["status"] != "available":
        raise Refused("capture_unsupported", "This payment can be captured once.")
    intent["amount_received"] += amount
    charge["amount_captured"] = intent["amount_received"]
    intent["amount_capturable"] = 0 if final else intent["amount_capturable"] - amount
    intent["metadata"] = {**intent["metadata"], **params.get("metadata", {})}
    if not intent["amount_capturable"]:
        intent["status"] = "succeeded"
        store.tell("payment_intent.succeeded", intent)
    store.tell("charge.captured", charge)
    return intent


def cancel(store: Store, intent: Thing) -> Thing:
    if intent["status"] in {"succeeded", "canceled", "processing"}:
        raise Refused("payment_intent_unexpected_state", f"The intent is {intent['status']}.")
    intent.update(status="canceled", amount_capturable=0, next_action=None)
    store.tell("payment_intent.canceled", intent)
    return intent


def refund(store: Store, account: str, params: dict[str, Any]) -> Thing:
    intent = store.get(params["payment_intent"], account)
    charge = store.things.get(intent["latest_charge"] or "")
    if charge is None or not charge["amount_captured"]:
        raise Refused("charge_not_captured", "Nothing was captured that could be refunded.")
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = int(params.get("amount", left))
    if not left:
        raise Refused("charge_already_refunded", "The charge has already been refunded.")
    if not 0 < amount <= left:
        raise Refused("amount_too_large", f"Refund amount is greater than {left}.")
    charge["amount_refunded"] += amount
    made = store.make(
        "re", "refund", amount=amount, currency=charge["currency"], payment_intent=intent["id"], charge=charge["id"],
        status="succeeded", failure_reason=None, metadata=params.get("metadata", {}), _account=account,
    )  # fmt: skip
    store.tell("refund.updated", made)
    store.tell("charge.refunded", charge)
    return made


def fail_refund(store: Store, made: Thing) -> None:
    """The buyer's bank sends a refund back, days after it succeeded."""
    charge = store.things[made["charge"]]
    charge["amount_refunded"] -= made["amount"]
    made.update(status="failed", failure_reason="expired_or_canceled_card")
    store.tell("refund.failed", made)


def dispute(store: Store, intent: Thing, *, due_by: int, status: str = "needs_response") -> Thing:
    charge = store.things[intent["latest_charge"]]
    charge["disputed"] = True
    made = store.make(
        "dp", "dispute", amount=charge["amount"], currency=charge["currency"], charge=charge["id"],
        payment_intent=intent["id"], reason="fraudulent", status=status, evidence_details={"due_by": due_by},
        metadata={}, _account=intent["_account"],
    )  # fmt: skip
    store.tell("charge.dispute.created", made)
    return made
