"""What the test gateway is scripted to do; that it keeps its promises is shown by the suite of all providers."""

from __future__ import annotations

import pytest

from plugins.builtin.test_gateway.plugin import Gateway
from souk.payments.errors import ProviderUnreachable
from souk.payments.values import ChargeRequest, Payment


def request(key: str, token: str) -> ChargeRequest:
    return ChargeRequest(Payment(key, 500, "USD"), {"type": "test", "token": token})


@pytest.mark.parametrize(
    ("token", "status", "error_code"),
    [
        ("tok_approved", "captured", ""),
        ("tok_declined", "failed", "card_declined"),
        ("tok_insufficient_funds", "failed", "insufficient_funds"),
        ("tok_requires_action", "requires_action", ""),
        ("tok_slow", "captured", ""),
        ("tok_nobody_knows", "failed", "unknown_token"),
    ],
)
def test_scripted_outcomes(
    platform: None, monkeypatch: pytest.MonkeyPatch, token: str, status: str, error_code: str
) -> None:
    monkeypatch.setattr("plugins.builtin.test_gateway.plugin.SLOW_SECONDS", 0)

    result = Gateway().charge(request(f"outcome-{token}", token))

    assert (result.status, result.error_code) == (status, error_code)


def test_a_lost_answer_has_charged(platform: None) -> None:
    with pytest.raises(ProviderUnreachable):
        Gateway().charge(request("lost", "tok_lost_answer"))

    assert Gateway().captured("lost") == [500]


def test_a_charge_that_was_canceled_before_it_arrived_is_never_made(platform: None) -> None:
    assert Gateway().cancel(Payment("never heard of", 500, "USD")).status == "canceled"
    assert Gateway().charge(request("never heard of", "tok_approved")).status == "canceled"
    assert Gateway().captured("never heard of") == []
