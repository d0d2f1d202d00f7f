"""A card number is found wherever it stands; other numbers are left alone."""

from __future__ import annotations

import pytest

from souk.kernel.card_numbers import SCRUBBED, CardNumberRefused, refuse_card_numbers, scrub
from souk.kernel.logs import REMOVED, scrub_event

VISA = "4242424242424242"


@pytest.mark.parametrize(
    "text", [VISA, "4242 4242 4242 4242", "4242-4242-4242-4242", "378282246310005", "4222222222222"]
)
def test_card_numbers_are_scrubbed(text: str) -> None:
    assert scrub(f"paid with {text}.") == f"paid with {SCRUBBED}."


@pytest.mark.parametrize("text", ["4242424242424241", "order 1001", "4006381333931", "2026-11-23"])
def test_other_numbers_stay(text: str) -> None:
    assert scrub(text) == text


@pytest.mark.parametrize("value", [{"a": [{"b": VISA}]}, {VISA: 1}, [int(VISA)], f"x {VISA}"])
def test_a_card_number_is_refused_at_any_depth(value: object) -> None:
    with pytest.raises(CardNumberRefused, match="send the provider's token instead"):
        refuse_card_numbers(value)


GERMAN, BRITISH, MAESTRO, CHINESE = "4006381333924", "5051964626442", "5018000000031", "6921734900005"


@pytest.mark.parametrize(
    ("number", "passes"),
    [
        # Where customers write, and where goods are described.
        # Barcodes that pass the check digit of cards; two of them might be old cards.
        (GERMAN, [False, True]),
        (MAESTRO, [False, True]),
        (BRITISH, [True, True]),
        # A card of 13 digits that is no barcode, and barcodes that fail the check digit of cards.
        ("4222222222222", [False, False]),
        ("4006381333931", [True, True]),
        (CHINESE, [True, True]),
        # Barcodes have no gaps.
        ("4006 3813 33924", [False, False]),
        (VISA, [False, False]),
    ],
)
def test_a_barcode_passes_where_goods_are_described(number: str, passes: list[bool]) -> None:
    passed = []
    for goods in (False, True):
        try:
            refuse_card_numbers({"text": f"No. {number}."}, goods=goods)
            passed.append(True)
        except CardNumberRefused:
            passed.append(False)

    assert passed == passes


@pytest.mark.parametrize("number", [GERMAN, BRITISH, MAESTRO])
def test_logs_keep_no_barcode_that_might_be_a_card(number: str) -> None:
    assert scrub(f"q={number}") == f"q={SCRUBBED}"


def test_logs_lose_secrets_and_card_numbers() -> None:
    event = {"event": f"got {VISA}", "password": "hunter2", "reset_token": "x", "order": 7}

    assert scrub_event(None, "info", event) == {
        "event": f"got {SCRUBBED}",
        "password": REMOVED,
        "reset_token": REMOVED,
        "order": 7,
    }
