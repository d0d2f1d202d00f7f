"""Every mail exists in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from souk.notifications import compose
from souk.notifications.compose import TEXTS
from souk.notifications.facts import LineFacts, OrderFacts, ParcelFacts, ShopFacts
from souk.web.language_prefix import NAMES
from tests.languages import PLACES, assert_same

TEMPLATES = Path(compose.__file__).parent / "templates"
LINE = LineFacts("Lamp", "Cobalt", 2, "10,00 €")
PARCEL = ParcelFacts(1, "", "JD014", "https://track.example/JD014", (LINE,))


def order(locale: str) -> OrderFacts:
    amounts = (("subtotal", "10,00 €"), ("shipping", "0,00 €"), ("tax_included", "1,60 €"))
    address = ["Ada", "Weg 1", "10115 Berlin", "Deutschland"]
    return OrderFacts(
        1, "#1001", "ada@example.com", locale, "https://lamps.example/orders/x", "Ada", (LINE,), amounts, "10,00 €",
        address, "DHL", "",
    )  # fmt: skip


def test_every_language_says_the_same_in_the_same_places() -> None:
    assert_same(TEXTS, NAMES)


def test_every_text_of_a_template_exists() -> None:
    pages = sorted(TEMPLATES.iterdir())
    asked = {key for page in pages for key in re.findall(r'\bt\("([a-z_.]+)"[,)]', page.read_text("utf-8"))}

    assert len(asked) > 30
    assert sorted(asked - TEXTS.keys("en")) == []


@pytest.mark.parametrize(
    ("locale", "subjects"),
    [
        ("en", ["Order #1001 confirmed", "Order #1001 is on its way", "Order #1001 was canceled",
                "Refund for order #1001", "Set a new password for Lamps", "Confirm your address for Lamps"]),
        ("de-AT", ["Bestellung #1001 bestätigt", "Bestellung #1001 ist unterwegs", "Bestellung #1001 wurde storniert",
                   "Erstattung zu Bestellung #1001", "Neues Passwort für Lamps festlegen",
                   "Adresse für Lamps bestätigen"]),
    ],
)  # fmt: skip
def test_each_mail_speaks_the_language_of_its_order_or_shop(locale: str, subjects: list[str]) -> None:
    shop, bought = ShopFacts("Lamps", "hello@lamps.example", "https://lamps.example", locale), order(locale)

    mails = [
        compose.order_placed(shop, bought),
        compose.order_shipped(shop, bought, PARCEL),
        compose.order_canceled(shop, bought),
        compose.order_refunded(shop, bought, "10,00 €"),
        compose.password_reset(shop, "ada@example.com", "secret"),
        compose.email_proof(shop, "ada@example.com", "secret"),
    ]

    assert [mail.subject for mail in mails] == subjects
    for mail in mails:
        assert f'<html lang="{locale[:2]}" dir="ltr">' in mail.html
        assert PLACES.findall(mail.text + mail.html) == []
