"""What can go wrong with a payment; a decline is 402 with its own code."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound, PaymentRequired, SoukError, Unavailable


class ProviderUnreachable(SoukError):
    """Raised by a provider whose answer did not arrive: whether money moved is unknown until `status` tells."""

    status = 503
    code = "provider_unreachable"

    def __init__(self, provider: str) -> None:
        super().__init__(f"{provider} did not answer; the payment is looked up again before anything is charged.")


class ProviderRefused(Exception):
    """Raised by a provider that will not begin: nothing has moved. `error_code` is its own word."""

    def __init__(self, error_code: str, message: str = "") -> None:
        self.error_code = error_code
        super().__init__(message or error_code)


class UnknownWebhook(NotFound):
    code = "unknown_webhook"

    def __init__(self) -> None:
        super().__init__("No payment provider takes messages at this address; look at the address of the endpoint.")


class BadSignature(Invalid):
    status = 400
    code = "bad_signature"

    def __init__(self) -> None:
        super().__init__("The message is not signed with a secret of this endpoint, or is too old; nothing was read.")


class PaymentDeclined(PaymentRequired):
    code = "payment_declined"

    def __init__(self, message: str = "", decline_code: str = "") -> None:
        super().__init__(
            message or "The payment was declined; nothing was charged. Use another payment method.",
            decline_code=decline_code or self.code,
        )


class CardDeclined(PaymentDeclined):
    code = "card_declined"


class InsufficientFunds(PaymentDeclined):
    code = "insufficient_funds"


class AuthenticationFailed(PaymentDeclined):
    code = "authentication_failed"


_DECLINES: dict[str, type[PaymentDeclined]] = {
    kind.code: kind for kind in (CardDeclined, InsufficientFunds, AuthenticationFailed)
}


def declined(error_code: str, message: str = "") -> PaymentDeclined:
    """Return the error for a provider's refusal; a code that we do not know stays readable as `decline_code`."""
    return _DECLINES.get(error_code, PaymentDeclined)(message, error_code)


class PaymentUnknown(Unavailable):
    code = "payment_unknown"

    def __init__(self) -> None:
        super().__init__(
            "The payment provider does not answer, so we do not know yet whether you paid. Do not pay again:"
            " the order is finished or the payment undone within minutes."
        )


class PaymentNotStarted(Unavailable):
    code = "payment_not_started"

    def __init__(self) -> None:
        super().__init__("The payment provider does not answer; nothing was charged. Try again in a moment.")


class UnknownPaymentMethod(Invalid):
    code = "unknown_payment_method"

    def __init__(self, name: str) -> None:
        super().__init__(f"This shop takes no payment method called {name[:40]!r}; choose one that it offers.")


class UnknownCapture(Invalid):
    code = "unknown_capture"

    def __init__(self) -> None:
        super().__init__("Payments are captured `automatic` or `manual`; choose one of them.", field="capture")


class RefundRefused(Conflict):
    code = "refund_refused"

    def __init__(self, error_code: str) -> None:
        super().__init__(
            f"The payment provider refused the refund ({error_code or 'no reason given'}); nothing moved."
            " Check the payment there, then refund again.",
            error_code=error_code,
        )


class CaptureTooLarge(Invalid):
    code = "capture_too_large"

    def __init__(self, amount: int, capturable: int, currency: str) -> None:
        super().__init__(
            "A capture is more than nothing and at most what is authorized and not captured yet; lower the amount.",
            amount_minor=amount,
            capturable_minor=capturable,
            currency=currency,
        )


class CaptureRefused(Conflict):
    code = "capture_refused"

    def __init__(self, error_code: str) -> None:
        super().__init__(
            f"The payment provider refused the capture ({error_code or 'no reason given'}); nothing moved."
            " Look at the payment there; an authorization that has expired cannot be captured.",
            error_code=error_code,
        )


class NothingAuthorized(Conflict):
    code = "nothing_authorized"

    def __init__(self) -> None:
        super().__init__("Nothing of this order is authorized and waits; look at its transactions.")


class AlreadyCaptured(Conflict):
    code = "already_captured"

    def __init__(self) -> None:
        super().__init__("The money was captured meanwhile, so there is nothing to void; refund it instead.")
