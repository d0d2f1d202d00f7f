"""Contact form and newsletter sign-up: what is sent, what is refused, and what changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from souk.customers.models import Customer
from souk.kernel.db import transaction
from souk.kernel.models import OutboxEvent
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.notifications import compose
from souk.notifications.facts import ShopFacts
from tests.web.conftest import ClientFor


def events(scope: TenantScope, name: str) -> list[dict[str, Any]]:
    query = select(OutboxEvent.payload).where(OutboxEvent.tenant_id == scope.tenant_id, OutboxEvent.name == name)
    with transaction(pod_scope("default"), read_only=True) as session:
        return list(session.execute(query.order_by(OutboxEvent.id)).scalars())


def subscribers(scope: TenantScope) -> list[str]:
    with transaction(scope, read_only=True) as session:
        return list(session.execute(select(Customer.email).where(Customer.accepts_marketing)).scalars())


def test_a_message_is_mailed_with_an_address_to_answer_to(client_for: ClientFor, shop: TenantScope) -> None:
    client = client_for(shop)

    sent = client.post(
        "/contact",
        data={"name": "Ada", "email": "Ada@Example.com", "message": "Is it blue?", "return_to": "/pages/contact"},
    )

    (told,) = events(shop, "message.sent")
    assert sent.location == "/pages/contact?sent=contact#contact"
    assert (told["name"], told["reply_to"], told["message"]) == ("Ada", "ada@example.com", "Is it blue?")
    assert "Thank you. Your message is on its way" in client.get("/contact?sent=contact").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "nobody"}, "This is not an e-mail address"),
        ({"message": "  "}, "Write a message of at most"),
        ({"message": "x" * 5001}, "Write a message of at most"),
    ],
)
def test_a_bad_message_is_told_and_kept_in_its_fields(
    client_for: ClientFor, shop: TenantScope, changed: dict[str, str], words: str
) -> None:
    form = {"name": "<b>Ada</b>", "email": "ada@example.com", "message": "Hello"} | changed

    before = events(shop, "message.sent")
    answer = client_for(shop).post("/contact", data=form)

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="&lt;b&gt;Ada&lt;/b&gt;"' in answer.text
    assert events(shop, "message.sent") == before


def test_robots_are_thanked_and_forgotten(client_for: ClientFor, shop: TenantScope) -> None:
    form = {"email": "spam@example.com", "message": "Buy", "website": "https://spam.example"}

    before = events(shop, "message.sent") + events(shop, "newsletter.requested")
    assert client_for(shop).post("/contact", data=form).status_code == 303
    assert client_for(shop).post("/newsletter", data=form).status_code == 303
    assert events(shop, "message.sent") + events(shop, "newsletter.requested") == before


def test_nobody_is_subscribed_before_the_mail_is_answered(
    client_for: ClientFor, shop: TenantScope, other_shop: TenantScope
) -> None:
    client = client_for(shop)
    client.post("/newsletter", data={"email": "Ada@Example.com"})
    (told,) = events(shop, "newsletter.requested")

    opened = client.get(f"/newsletter/confirm/{told['token']}")
    before = subscribers(shop)
    stolen = client_for(other_shop).post("/newsletter/confirm", data={"token": told["token"]})
    confirmed = client.post("/newsletter/confirm", data={"token": told["token"]})
    client.post("/newsletter/confirm", data={"token": told["token"]})

    assert "Send news to ada@example.com?" in opened.text
    assert before == []
    assert stolen.status_code == 422
    assert subscribers(other_shop) == []
    assert confirmed.location == "/newsletter?sent=newsletter_confirm"
    assert subscribers(shop) == ["ada@example.com"]


@pytest.mark.parametrize("data", [{"email": "nobody"}, {}])
def test_a_bad_address_is_told(client_for: ClientFor, shop: TenantScope, data: dict[str, str]) -> None:
    before = events(shop, "newsletter.requested")
    answer = client_for(shop).post("/newsletter", data=data)

    assert answer.status_code == 422
    assert "This is not an e-mail address" in answer.text
    assert events(shop, "newsletter.requested") == before


def test_the_mails_say_what_they_are_about() -> None:
    facts = ShopFacts("Lamps", "shop@lamps.example", "https://lamps.example")

    asked = compose.newsletter(facts, "ada@example.com", "T0K", "de")
    told = compose.message(facts, "<b>Ada</b>", "ada@example.com", "Is it <i>blue</i>?\nYours")

    assert asked.subject == "Neuigkeiten von Lamps bestätigen"
    assert "https://lamps.example/de/newsletter/confirm/T0K" in asked.text
    assert told.recipient == "shop@lamps.example"
    assert "Is it <i>blue</i>?" in told.text
    assert "Is it &lt;i&gt;blue&lt;/i&gt;?" in told.html
