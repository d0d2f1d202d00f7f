"""Customers, mails and the person's own account in the dashboard."""

from __future__ import annotations

import re

from sqlalchemy import insert, select

from souk.customers.addresses import add_address
from souk.customers.register import register
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.notifications.models import MailMessage
from tests.web_dashboard.conftest import BASE, SignedIn

HOME = {"name": "Ada", "line1": "1 Main", "postal_code": "89073", "city": "Ulm", "country": "DE"}


def test_a_customer_is_found_and_another_shop_finds_nobody(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    with transaction(shop) as session:
        customer_id = register(session, "Ada <i>", "ada@people.example", "long enough")
        add_address(session, customer_id, HOME)
    viewer, stranger = signed_in(shop, "viewer"), signed_in(other_shop, "owner")

    found = viewer.get("~/customers?q=PEOPLE.example").text
    one = viewer.get(f"~/customers/{customer_id}")

    assert "Ada &lt;i&gt;" in found
    assert "Ada, 1 Main, 89073 Ulm, Germany" in one.text
    assert "people.example" not in stranger.get("~/customers").text
    assert stranger.get(f"~/customers/{customer_id}").status_code == 404


def test_mails_are_shown_in_a_sandbox_and_secrets_never(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    common = {"recipient": "ada@example.com", "subject": "Hi", "text_body": "SECRET", "html_body": "<b>SECRET</b>"}
    with transaction(shop) as session:
        for kind in ("order_placed", "password_reset"):
            session.execute(insert(MailMessage).values(**common, kind=kind, dedupe_key=f"people-{kind}"))
        ids = {row[0]: row[1] for row in session.execute(select(MailMessage.kind, MailMessage.id))}
    viewer, stranger = signed_in(shop, "viewer"), signed_in(other_shop, "owner")

    order_mail = viewer.get(f"~/mail/{ids['order_placed']}").text
    reset_mail = viewer.get(f"~/mail/{ids['password_reset']}").text

    assert 'sandbox srcdoc="&lt;b&gt;SECRET&lt;/b&gt;"' in order_mail
    assert "SECRET" not in reset_mail
    assert stranger.get(f"~/mail/{ids['order_placed']}").status_code == 404


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(shop: TenantScope, signed_in: SignedIn) -> None:
    person = signed_in(shop, "admin")
    other = type(person)(person.client.application.test_client(), person.email, person.slug)
    other.post("/sign-in", {"email": person.email, "password": "long enough"}, form="/sign-in")

    wrong = person.post("/account/password", {"current": "guess", "password": "a better one"})
    still = other.get("/account").status_code
    right = person.post("/account/password", {"current": "long enough", "password": "a better one"})

    assert (wrong.status_code, still, right.status_code) == (401, 200, 303)
    assert person.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_nobody_ends_anothers_session(shop: TenantScope, signed_in: SignedIn) -> None:
    person, stranger = signed_in(shop, "admin"), signed_in(shop, "viewer")
    found = re.search(r"/account/sessions/(\d+)/end", person.get("/account").text)
    assert found is not None

    answer = stranger.post(found[0])

    assert answer.status_code == 404
    assert person.get("/account").status_code == 200


def test_every_page_forbids_framing_and_caching(shop: TenantScope, signed_in: SignedIn) -> None:
    answer = signed_in(shop, "viewer").client.get("/account", base_url=BASE)

    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
