"""Flash sales: so many inside at once, in the order in which they came, until everything is sold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from souk.catalog.models import Variant
from souk.checkout.admission.enter import PRESENT, Standing, enter
from souk.checkout.admission.errors import AdmissionRequired, BadAdmission
from souk.checkout.admission.models import AdmissionTicket
from souk.checkout.admission.policy import Admission, Gate, read_admission, save_admission
from souk.checkout.admission.ticket import number_of, sign_ticket
from souk.checkout.complete import complete_checkout
from souk.checkout.models import Checkout
from souk.inventory.adjust import set_on_hand
from souk.inventory.models import Location
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.web.api.shop import queue
from tests.factories.commerce import APPROVED, ready_checkout
from tests.fixtures.stores import ADDRESS, Store, read

GATE = Gate("product:1", 2, timedelta(minutes=10))


def set_limits(store: Store, admission: Admission) -> None:
    with transaction(store.scope) as session:
        save_admission(session, admission)


@pytest.fixture
def one_at_once(store: Store) -> Iterator[None]:
    set_limits(store, Admission(limit=1))
    yield
    set_limits(store, Admission())
    with transaction(store.scope) as session:
        session.execute(update(AdmissionTicket).values(status="admitted", expires_at=clock.now()))


def look(store: Store, number: int | None = None, gate: Gate = GATE) -> Standing:
    with transaction(store.scope) as session:
        return enter(session, gate, number)


def buyer(store: Store, title: str = "Oak Bowl") -> FlaskClient:
    client = store.client()
    client.post("/cart/add", data={"id": store.variants[title][0]}, base_url=base(store))
    return client


def base(store: Store) -> str:
    return f"http://{store.host}"


def go(store: Store, client: FlaskClient) -> TestResponse:
    return client.get("/checkout", base_url=base(store))


def is_in(answer: TestResponse) -> bool:
    return answer.status_code == 303 and re.fullmatch(r"/checkout/[\w-]{20,}", answer.location or "") is not None


def pay(store: Store, client: FlaskClient, path: str) -> TestResponse:
    form = {**ADDRESS, "email": "ada@example.com", "payment_provider": "test_gateway", "payment_token": "tok_approved"}
    client.post(path, data=form | {"do": "continue"}, base_url=base(store))
    return client.post(path, data=form | {"do": "pay"}, base_url=base(store))


def order(store: Store, token: str, ticket: str = "") -> TestResponse:
    items = [{"variant_id": f"variant_{store.variants['Oak Bowl'][0]}", "quantity": 1}]
    body = {"items": items, "shipping_address": ADDRESS, "payment_method": APPROVED, "ticket": ticket}
    return store.call("POST", "/api/v1/orders", body, token=token)


def tickets(store: Store) -> int:
    with transaction(store.scope, read_only=True) as session:
        return session.execute(select(func.count(AdmissionTicket.id))).scalar_one()


def ask(store: Store, ticket: str = "", title: str = "Oak Bowl") -> dict[str, Any]:
    body = {"variant_ids": [f"variant_{one}" for one in store.variants[title]], "ticket": ticket}
    place: dict[str, Any] = read(store.call("POST", "/api/v1/queue", body))
    return place


def test_tickets_are_let_in_as_they_came(store: Store) -> None:
    gate = Gate("product:7", 2, GATE.stay)
    standings = [look(store, gate=gate) for _ in range(5)]

    assert [(one.admitted, one.ahead) for one in standings] == [
        (True, 0),
        (True, 0),
        (False, 0),
        (False, 1),
        (False, 2),
    ]
    numbers = [one.number for one in standings]
    assert numbers == sorted(numbers)
    with transaction(store.scope) as session:
        session.execute(update(AdmissionTicket).where(AdmissionTicket.id == numbers[0]).values(expires_at=clock.now()))
    # The last one looks first, and the first one in the line gets the place all the same.
    assert look(store, numbers[4], gate) == Standing(numbers[4], admitted=False, ahead=1)
    assert look(store, numbers[2], gate).admitted is True
    # Whose time is over begins anew, at the end.
    assert look(store, numbers[0], gate).number > numbers[4]


def test_who_is_away_is_passed_over_and_keeps_the_place(store: Store) -> None:
    gate = Gate("product:8", 1, GATE.stay)
    inside, away, here = (look(store, gate=gate).number for _ in range(3))
    with transaction(store.scope) as session:
        gone = update(AdmissionTicket).where(AdmissionTicket.id == away)
        session.execute(gone.values(seen_at=clock.now() - PRESENT - timedelta(seconds=1)))

    assert look(store, here, gate).ahead == 0
    assert look(store, away, gate).ahead == 0
    assert look(store, here, gate).ahead == 1
    assert look(store, inside, gate).admitted is True


def test_two_at_once_never_share_the_last_place(store: Store) -> None:
    gate = Gate("product:9", 3, GATE.stay)
    with ThreadPoolExecutor(8) as crowd:
        standings = list(crowd.map(lambda _: look(store, gate=gate), range(24)))

    assert sum(one.admitted for one in standings) == 3
    assert len({one.number for one in standings}) == 24


def test_a_ticket_is_worth_nothing_forged_or_in_another_shop(store: Store, other_store: Store) -> None:
    ticket = sign_ticket(store.scope.tenant_id, 5)

    assert number_of(store.scope.tenant_id, ticket) == 5
    assert number_of(store.scope.tenant_id, ticket.replace(ticket[0], "7", 1)) is None
    assert number_of(other_store.scope.tenant_id, ticket) is None
    with transaction(other_store.scope, read_only=True) as session:
        assert session.execute(select(func.count(AdmissionTicket.id))).scalar_one() == 0


def test_the_page_tells_the_place_and_comes_back_without_a_script(store: Store, one_at_once: None) -> None:
    first, second, third = (buyer(store) for _ in range(3))

    inside = go(store, first)
    assert is_in(inside)
    waits = [go(store, client) for client in (second, third)]
    assert [answer.headers["Refresh"] for answer in waits] == ["5; url=/checkout"] * 2
    assert "You are next" in waits[0].text
    assert "1 buyer is before you" in waits[1].text
    posted = second.post("/checkout", base_url=base(store))
    assert (posted.status_code, posted.location) == (303, "/checkout")

    assert "/orders/" in (pay(store, first, inside.location).location or "")
    assert not is_in(go(store, third))
    assert is_in(go(store, second))


def test_a_checkout_without_a_place_is_not_charged(store: Store, one_at_once: None) -> None:
    token = ready_checkout(store.scope, [(store.variants["Oak Bowl"][0], 1)])
    before = store.orders()

    with pytest.raises(AdmissionRequired):
        complete_checkout(store.scope, token, APPROVED)

    assert is_in(go(store, buyer(store)))
    refused = order(store, store.new_user()["token"])
    assert (refused.status_code, read(refused)["code"]) == (409, "admission_required")
    assert store.orders() == before
    with transaction(store.scope, read_only=True) as session:
        assert session.execute(select(Checkout.status).where(Checkout.token == token)).scalar_one() == "open"


def test_programs_wait_in_the_same_queue(store: Store, other_store: Store, one_at_once: None) -> None:
    user, before = store.new_user()["token"], store.orders()
    first, second = ask(store), ask(store)
    waiting = order(store, user, second["ticket"])
    bought, again = order(store, user, first["ticket"]), order(store, user, first["ticket"])
    now = ask(store, second["ticket"])
    strange = order(other_store, other_store.new_user()["token"], second["ticket"])

    assert [(one["status"], one["ahead"]) for one in (first, second, now)] == [
        ("admitted", 0),
        ("waiting", 0),
        ("admitted", 0),
    ]
    assert now["ticket"] == second["ticket"]
    assert (waiting.status_code, read(waiting)["code"]) == (409, "admission_required")
    assert bought.status_code == 201
    # A ticket that has bought is spent: its holder stands at the end again.
    assert (again.status_code, read(again)["code"]) == (409, "admission_required")
    assert (strange.status_code, read(strange)["code"], other_store.orders()) == (422, "unknown_ticket", 0)
    assert order(store, user, second["ticket"]).status_code == 201
    assert store.orders() == before + 2


def test_nobody_draws_places_without_end(
    store: Store, other_store: Store, one_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PLACES_PER_MINUTE", 0)
    before = tickets(store)
    body = {"variant_ids": [f"variant_{store.variants['Oak Bowl'][0]}"]}

    refused = store.call("POST", "/api/v1/queue", body)

    assert (refused.status_code, tickets(store)) == (429, before)
    monkeypatch.undo()
    place = ask(store)
    monkeypatch.setattr(queue, "PLACES_PER_MINUTE", 0)
    # Who has a place may look as often as they like.
    assert ask(store, place["ticket"])["ticket"] == place["ticket"]
    assert tickets(other_store) == 0


def test_without_a_queue_no_place_is_needed(store: Store) -> None:
    unknown = store.call("POST", "/api/v1/queue", {"variant_ids": ["variant_999999"]})

    assert ask(store) == {"status": "open", "ticket": "", "ahead": 0, "look_again": 0}
    assert (unknown.status_code, read(unknown)["code"]) == (422, "item_not_on_sale")


def test_other_goods_pass_the_gate_of_a_product(store: Store) -> None:
    with transaction(store.scope, read_only=True) as session:
        product = session.execute(
            select(Variant.product_id).where(Variant.id == store.variants["Oak Bowl"][0])
        ).scalar_one()
    set_limits(store, Admission(products={product: 1}))
    try:
        assert [is_in(go(store, buyer(store))) for _ in range(2)] == [True, False]
        assert is_in(go(store, buyer(store, "Linen Shirt")))
    finally:
        set_limits(store, Admission())


def test_the_queue_ends_at_once_when_everything_is_sold(store: Store, one_at_once: None) -> None:
    variant = store.variants["Linen Shirt"][1]
    stock(store, variant, 1)
    clients = [store.client() for _ in range(2)]
    for client in clients:
        client.post("/cart/add", data={"id": variant}, base_url=base(store))
    inside, waits = (go(store, client) for client in clients)
    assert is_in(inside)
    assert "Refresh" in waits.headers

    pay(store, clients[0], inside.location)

    over = go(store, clients[1])
    assert "Everything has been sold" in over.text
    assert "Refresh" not in over.headers
    stock(store, variant, 60)


def stock(store: Store, variant_id: int, units: int) -> None:
    with transaction(store.scope) as session:
        location = session.execute(select(Location.id)).scalar_one()
        set_on_hand(session, variant_id, location, units, "counted", "system")


def test_wrong_limits_are_refused_and_change_nothing(store: Store) -> None:
    for wrong in (Admission(-1), Admission(10_001), Admission(1, 1), Admission(products={1: 0})):
        with pytest.raises(BadAdmission), transaction(store.scope) as session:
            save_admission(session, wrong)
    with transaction(store.scope, read_only=True) as session:
        assert read_admission(session).on is False
