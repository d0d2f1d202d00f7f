"""The test gateway keeps its promises, also to those who forgot what they asked."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.builtin.test_gateway.plugin import Gateway
from souk.payments.errors import ProviderUnreachable
from souk.payments.provider import ChargeRequest
from tests.factories.commerce import APPROVED


def request(key: str, token: str) -> ChargeRequest:
    return ChargeRequest(key, 500, "USD", {"type": "test", "token": token})


def test_the_gateway_charges_a_key_once(platform: None) -> None:
    request = ChargeRequest("key-once", 500, "USD", APPROVED)

    results = [Gateway().charge(request) for _ in range(3)]

    assert [result.status for result in results] == ["captured"] * 3
    assert Gateway().captured("key-once") == [500]
    assert Gateway().status("key-never") is None
    refunds = [Gateway().refund("key-once", amount, "USD", f"r-{amount}") for amount in (300, 300, 201, 200)]
    assert [refund.succeeded for refund in refunds] == [True, True, False, True]


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

    found: Any = Gateway().status("lost")
    assert found.status == "captured"


def test_a_canceled_attempt_never_charges(platform: None) -> None:
    Gateway().charge(request("waiting", "tok_requires_action"))

    assert Gateway().cancel("waiting").status == "canceled"
    assert Gateway().confirm("waiting", {"outcome": "approve"}).status == "canceled"
    assert Gateway().cancel("never heard of").status == "canceled"
    assert Gateway().charge(request("never heard of", "tok_approved")).status == "canceled"
    assert Gateway().refund("waiting", 1, "USD", "r").succeeded is False
