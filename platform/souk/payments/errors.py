"""What can go wrong with a payment; a decline is 402 with its own code."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, PaymentRequired, SoukError, Unavailable


class ProviderUnreachable(SoukError):
    """Raised by a provider whose answer did not arrive: whether money moved is unknown until `status` tells."""

    status = 503
    code = "provider_unreachable"

    def __init__(self, provider: str) -> None:
        super().__init__(f"{provider} did not answer; the payment is looked up again before anything is charged.")


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


class RefundRefused(Conflict):
    code = "refund_refused"

    def __init__(self, error_code: str) -> None:
        super().__init__(
            f"The payment provider refused the refund ({error_code or 'no reason given'}); nothing moved."
            " Check the payment there, then refund again.",
            error_code=error_code,
        )
