"""What each country wants of an address, and how it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from souk.addresses.complete import missing_fields, wrong_postal_code, wrong_state
from souk.addresses.errors import BadAddress
from souk.addresses.fields import BUSINESS, FIELDS, clean_address
from souk.addresses.lines import address_lines
from souk.addresses.rules import rules_of
from tests.real_data import NAUGHTY_STRINGS

HOME = {"name": "Grace Okafor", "line1": "77 Church Street", "city": "Burlington", "country": "US"}


@pytest.mark.parametrize(
    ("country", "missing"),
    [
        ("US", ["state", "postal_code"]),
        ("DE", ["postal_code"]),
        ("IT", ["state", "postal_code"]),
        ("HK", []),
        ("IE", []),
        ("XK", []),
        ("AE", ["state"]),
    ],
)
def test_each_country_asks_for_its_own_parts(country: str, missing: list[str]) -> None:
    assert missing_fields(HOME | {"country": country}) == missing


def test_nothing_given_misses_what_every_form_asks_for() -> None:
    assert missing_fields({}) == ["name", "line1", "city", "country"]


@pytest.mark.parametrize(
    ("country", "code"),
    [("DE", "50667"), ("US", "05401"), ("US", "05401-1234"), ("GB", "sw1a 1aa"), ("NL", "1012 AB"), ("JP", "154-0023"),
     ("HK", "anything"), ("DE", ""), ("QA", "anything")],
)  # fmt: skip
def test_a_postal_code_of_the_country_is_taken(country: str, code: str) -> None:
    assert wrong_postal_code({"country": country, "postal_code": code}) is None


@pytest.mark.parametrize(
    ("country", "code"),
    [("DE", "5066"), ("DE", "506678"), ("US", "0540"), ("GB", "12345"), ("GB", "SW1A 1AA x"), ("NL", "1012")],
)
def test_another_postal_code_is_answered_with_a_good_one(country: str, code: str) -> None:
    example = wrong_postal_code({"country": country, "postal_code": code})

    assert example
    assert wrong_postal_code({"country": country, "postal_code": example}) is None


def test_a_state_is_one_of_those_that_the_country_has() -> None:
    given = [("US", "VT"), ("US", "vt"), ("US", "ZZ"), ("US", ""), ("DE", "anything")]

    wrong = [pair for pair in given if wrong_state({"country": pair[0], "state": pair[1]})]

    assert wrong == [("US", "ZZ")]


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (HOME | {"state": "VT", "postal_code": "05401"},
         ["Grace Okafor", "77 Church Street", "Burlington, VT 05401", "United States"]),
        (HOME | {"country": "DE", "city": "Köln", "postal_code": "50667", "company": "Oak GmbH", "line2": "2. OG"},
         ["Grace Okafor", "Oak GmbH", "77 Church Street", "2. OG", "50667 Köln", "Germany"]),
        (HOME | {"country": "JP", "city": "Setagaya", "state": "Tokyo", "postal_code": "154-0023"},
         ["〒154-0023", "Tokyo", "Setagaya", "77 Church Street", "Grace Okafor", "Japan"]),
        (HOME | {"country": "DE", "postal_code": "", "state": "NRW"},
         ["Grace Okafor", "77 Church Street", "Burlington", "NRW", "Germany"]),
        ({"country": "US"}, ["United States"]),
        ({}, []),
    ],
)  # fmt: skip
def test_an_address_is_written_as_its_country_does(address: dict[str, str], lines: list[str]) -> None:
    assert address_lines(address, "en") == lines


def test_every_country_writes_all_that_was_given() -> None:
    given = {name: f"<{name}>" for name in ("name", "company", "line1", "line2", "city", "state", "postal_code")}

    for country in ("US", "JP", "AE", "HK", "SG", "VA", "XK", "ZZ", "KR", "BR", "GB"):
        written = "\n".join(address_lines(given | {"country": country}, "en"))
        assert all(value in written for value in given.values()), country


def test_a_list_of_states_is_offered_only_where_taxes_know_its_codes() -> None:
    assert rules_of("US").states["VT"] == "Vermont"
    assert rules_of("JP").states == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [({"planet": "Mars"}, "planet"), ({"city": 5}, "city"), ({"name": "a\0b"}, "name"), ({"line2": "x" * 201}, "line2"),
     ({"country": "Germany"}, "country"), ({"country": "XX"}, "country"), ({"tax_number": ["DE1"]}, "tax_number")],
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused_by_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadAddress) as refused:
        clean_address(HOME | change)

    assert refused.value.extra["field"] == field


def test_fields_are_trimmed_and_those_of_a_business_are_kept_only_where_given() -> None:
    cleaned = clean_address(
        HOME | {"name": "  Grace \n Okafor ", "country": "us", "company": " ", "tax_number": " DE1 "}
    )

    assert set(cleaned) == {*FIELDS, "tax_number"}
    assert (cleaned["name"], cleaned["country"], cleaned["tax_number"]) == ("Grace Okafor", "US", "DE1")
    assert "company" in BUSINESS


@pytest.mark.skipif(not NAUGHTY_STRINGS.exists(), reason="the real data is not beside this checkout")
def test_naughty_strings_are_kept_trimmed_or_refused_by_field() -> None:
    refused = []
    for text in json.loads(NAUGHTY_STRINGS.read_text("utf-8")):
        try:
            kept = clean_address(HOME | {"name": text})["name"]
        except BadAddress as error:
            refused.append(error.extra["field"])
        else:
            assert kept == " ".join(text.split())
    assert set(refused) == {"name"}
