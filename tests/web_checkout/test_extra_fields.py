"""What plugins ask in the checkout, and what buyers agree to: checked, and kept with the order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from plugins.enablement import enable
from souk.checkout.consent import UnknownTerms, read_terms, set_terms
from souk.content.models import Page
from souk.customers.consents import consents_of
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.notifications.facts import order_facts
from souk.orders.models import Order
from tests.api.admin.apps import App
from tests.fixtures.stores import ADDRESS, Store, read
from tests.web_checkout.test_pages import Buyer

QUESTIONS = {
    "label_1": "Wrapping", "kind_1": "choice", "choices_1": "paper, cloth", "required_1": True,
    "label_2": "Deliver on", "kind_2": "date", "label_3": "Leave it with a neighbour", "kind_3": "checkbox",
}  # fmt: skip
ANSWERS = {"fields_shown": "1", "field-question_1": "cloth", "field-question_2": "2026-12-24"}


@pytest.fixture
def asking(store: Store) -> Iterator[None]:
    with transaction(store.scope) as session:
        enable(session, "checkout_questions", enabled=True, settings=QUESTIONS)
    yield
    with transaction(store.scope) as session:
        enable(session, "checkout_questions", enabled=False)


@pytest.fixture
def terms(store: Store) -> Iterator[str]:
    with transaction(store.scope) as session:
        row = {"handle": "terms", "kind": "policy", "title": "Terms of sale", "published_at": clock.now()}
        session.execute(insert(Page).values(**row, updated_at=clock.now()))
        set_terms(session, "terms")
        found = read_terms(session)
    assert found is not None
    yield found.version
    with transaction(store.scope) as session:
        set_terms(session, "")
        session.execute(update(Page).where(Page.handle == "terms").values(published_at=None, handle=f"x{clock.now()}"))


def newest(store: Store) -> Any:
    with transaction(store.scope, read_only=True) as session:
        return session.execute(select(Order.id, Order.email, Order.fields).order_by(Order.id.desc()).limit(1)).one()


def test_answers_are_kept_with_the_order_and_shown(store: Store, other_store: Store, asking: None) -> None:
    buyer, other = Buyer(store), Buyer(other_store)
    assert 'name="field-question_1"' in buyer.get().text
    assert 'name="field-question_1"' not in other.get().text

    buyer.send("continue", **ANSWERS)
    placed = buyer.pay(ADDRESS, **ANSWERS)

    order = newest(store)
    assert order.fields == [
        {"id": "question_1", "label": "Wrapping", "value": "cloth"},
        {"id": "question_2", "label": "Deliver on", "value": "2026-12-24"},
    ]
    assert "Wrapping: cloth" in buyer.get(placed.headers["Location"]).text
    assert App(store, "read_orders").get(f"/orders/order_{order.id}")[1]["fields"] == order.fields
    with transaction(store.scope, read_only=True) as session:
        facts = order_facts(session, order.id, "https://shop.example")
    assert facts is not None
    assert facts.answers == "Wrapping: cloth\nDeliver on: 2026-12-24"


@pytest.mark.parametrize(
    "wrong",
    [{"field-question_1": ""}, {"field-question_1": "gold"}, {"field-question_2": "tomorrow"}],
    ids=["left out", "no choice", "no date"],
)
def test_a_wrong_answer_is_told_beside_its_field_and_charges_nothing(
    store: Store, asking: None, wrong: dict[str, str]
) -> None:
    buyer, before = Buyer(store), store.orders()
    buyer.send("continue", **ANSWERS)

    answer = buyer.pay(ADDRESS, **ANSWERS | wrong)

    assert answer.status_code == 422
    assert f'data-field="{next(iter(wrong))}"' in answer.text.replace("field bad", "field")
    assert "aria-invalid" in answer.text
    assert store.orders() == before


def test_terms_have_to_be_agreed_to_and_the_record_has_words_and_version(store: Store, terms: str) -> None:
    buyer, before = Buyer(store), store.orders()
    buyer.send("continue", terms_shown="1")
    refused = buyer.pay(terms_shown="1")
    assert (refused.status_code, store.orders()) == (422, before)

    buyer.pay(terms_shown="1", terms="yes", accepts_marketing="yes")

    with transaction(store.scope, read_only=True) as session:
        record = {one.kind: one for one in consents_of(session, newest(store).email)}
    assert (record["terms"].wording, record["terms"].version) == ("I agree to “Terms of sale”.", f"terms {terms}")
    assert (record["marketing"].given, record["marketing"].wording) == (True, "Send me news and offers")


def test_an_app_agrees_and_answers_too(store: Store, terms: str, asking: None) -> None:
    user = store.new_user()
    items = [{"variant_id": f"variant_{store.variants['Oak Bowl'][0]}", "quantity": 1}]
    body = {"items": items, "shipping_address": ADDRESS, "payment_method": {"type": "test", "token": "tok_approved"}}

    refused = store.call("POST", "/api/v1/orders", body, token=user["token"])
    agreed = body | {"accepts_terms": True, "fields": {"question_1": "paper"}}
    placed = store.call("POST", "/api/v1/orders", agreed, token=user["token"])

    codes = {one["code"] for one in read(refused)["requirements"]}
    assert (refused.status_code, codes) == (422, {"terms_missing", "field_missing"})
    assert placed.status_code == 201
    assert newest(store).fields == [{"id": "question_1", "label": "Wrapping", "value": "paper"}]


def test_only_a_published_page_can_be_asked_for(store: Store) -> None:
    with pytest.raises(UnknownTerms), transaction(store.scope) as session:
        set_terms(session, "nothing-like-this")
