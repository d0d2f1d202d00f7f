"""Values of metafields: from the text of a form to JSON and back."""

from __future__ import annotations

from typing import Any

import pytest

from souk.catalog.metafields.types import TYPES, Unreadable, read_value, write_text

GOOD: list[tuple[str, str, Any]] = [
    ("single_line_text_field", " Oak ", "Oak"),
    ("multi_line_text_field", "a\r\nb", "a\nb"),
    ("rich_text_field", "<p>Hi</p>", "<p>Hi</p>"),
    ("number_integer", "-12", -12),
    ("number_decimal", "12.50", "12.50"),
    ("boolean", "true", True),
    ("date", "2026-12-31", "2026-12-31"),
    ("date_time", "2026-12-31T18:30:00", "2026-12-31T18:30:00"),
    ("money", "12.50 EUR", {"amount": "12.50", "currency_code": "EUR"}),
    ("weight", "2 kg", {"value": "2", "unit": "kg"}),
    ("volume", "75 cl", {"value": "75", "unit": "cl"}),
    ("dimension", "1.5 m", {"value": "1.5", "unit": "m"}),
    ("rating", "4.5", "4.5"),
    ("color", "#14532d", "#14532d"),
    ("url", "https://example.com/a", "https://example.com/a"),
    ("json", '{"a": [1]}', {"a": [1]}),
    ("product_reference", "12", 12),
    ("list.number_integer", "1\n\n2", [1, 2]),
    ("list.single_line_text_field", "Oak\nAsh", ["Oak", "Ash"]),
]
BAD = [
    ("single_line_text_field", "a\nb"), ("number_integer", "1.5"), ("number_decimal", "many"), ("boolean", "maybe"),
    ("number_decimal", "NaN"), ("date", "31.12.2026"), ("date_time", "soon"), ("money", "12.50"), ("weight", "2 cl"),
    ("color", "red"), ("url", "javascript:alert(1)"), ("json", "{"), ("product_reference", "lamp"),
    ("list.number_integer", "1\ntwo"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "value"), GOOD)
def test_a_value_is_read_and_written_back(kind: str, text: str, value: Any) -> None:
    assert read_value(kind, text, {}) == value
    assert read_value(kind, write_text(value), {}) == value


def test_a_measure_is_written_in_order_whatever_the_database_did() -> None:
    assert write_text({"unit": "kg", "value": "2"}) == "2 kg"
    assert write_text({"currency_code": "EUR", "amount": "12.50"}) == "12.50 EUR"


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_what_does_not_fit_is_told(kind: str, text: str) -> None:
    with pytest.raises(Unreadable):
        read_value(kind, text, {})


@pytest.mark.parametrize(
    ("kind", "text", "limits"),
    [("number_integer", "91", {"max": "90"}), ("number_decimal", "0.5", {"min": "1"}),
     ("single_line_text_field", "Elm", {"choices": ["Oak", "Ash"]})],
)  # fmt: skip
def test_limits_hold(kind: str, text: str, limits: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_value(kind, text, limits)


@pytest.mark.parametrize("kind", TYPES)
def test_empty_text_is_no_value(kind: str) -> None:
    assert read_value(kind, "  ", {}) is None
