"""Every text exists in every language, and every text that a template asks for exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import souk.web
from souk.addresses.errors import BadAddress
from souk.checkout.errors import RequirementsNotMet
from souk.kernel.errors import SoukError
from souk.kernel.ratelimit import RateLimited
from souk.web.language_prefix import NAMES
from souk.web.texts import TEXTS, explain, translator
from tests.languages import assert_same

WEB = Path(souk.web.__file__).parent


def test_every_language_says_the_same_in_the_same_places() -> None:
    assert_same(TEXTS, NAMES)


@pytest.mark.parametrize("folder", ["checkout", "accounts"])
def test_every_text_of_a_template_exists(folder: str) -> None:
    keys = TEXTS.keys("en")
    pages = sorted((WEB / folder / "templates").rglob("*.html"))
    asked = {key for page in pages for key in re.findall(r"\bt\('([a-z_.]+)'[,)]", page.read_text("utf-8"))}

    assert len(asked) > 20
    assert sorted(key for key in asked if key not in keys and f"{key}.other" not in keys) == []


@pytest.mark.parametrize(
    ("error", "locale", "text"),
    [
        (BadAddress("city"), "de", "Bitte geben Sie den Ort mit höchstens 200 Zeichen ein."),
        (BadAddress("phone"), "en", "This cannot be taken; use at most 200 characters of plain text."),
        (RateLimited(30), "de-AT", "Zu viele Versuche; versuchen Sie es in 30 Sekunden erneut."),
        (RateLimited(30), "fr", "Trop de tentatives ; réessayez dans 30 secondes."),
        (RateLimited(30), "pt", "Too many attempts; try again in 30 seconds."),
        (RequirementsNotMet([{"code": "age", "field": "age", "message": "Say your age."}]), "de", None),
    ],
)
def test_an_error_is_told_in_the_shoppers_language(error: SoukError, locale: str, text: str | None) -> None:
    assert explain(error, translator(locale)) == (text or error.detail)


def test_markup_in_a_value_is_text() -> None:
    told = translator("en")("order.informed_html", email="<b>{{ email }}</b>")

    assert told == "We keep you informed at <strong>&lt;b&gt;{{ email }}&lt;/b&gt;</strong>."


def test_plurals_follow_the_language() -> None:
    english, german = translator("en"), translator("de")

    assert [english("checkout.days", count=1), english("checkout.days", count=3)] == ["1 day", "3 days"]
    assert german("checkout.days", count=3) == "3 Tage"
    assert translator("ar")("account.pieces", count=2) == "قطعتان (2)"
    assert translator("ja")("account.pieces", count=1) == "1点"
