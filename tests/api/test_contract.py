"""The promises of the shop API that no other file tells, each in a sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import Product, Variant
from souk.catalog.save_product import save_product
from souk.customers.models import CustomerToken
from souk.inventory.adjust import set_on_hand
from souk.kernel.db import transaction
from souk.orders.events import timeline
from souk.search.index import rebuild_index
from souk.shipping.models import ShippingZone
from souk.web.searching import engine
from tests.api.test_orders import order_of
from tests.fixtures.stores import ADDRESS, Store, make_store, read

CARD = "4111111111111111"


@pytest.fixture(scope="module")
def library(app: Flask) -> Store:
    """A shop where one word stands in a name, in a description, and as a brand or category."""
    store = make_store(app, name="Library")
    goods = [
        ("Walnut Tray", {}, 4000, "4.00"),
        ("Walnut Box", {}, 3000, "4.00"),
        ("Walnut Desk", {}, 9000, "4.50"),
        ("Reading Lamp", {"description_html": "<p>Stands on walnut.</p>"}, 2000, "5.00"),
        ("Brass Hook", {"vendor": "Walnut"}, 1000, "5.00"),
        ("Paper Clip", {"product_type": "Walnut"}, 500, "4.90"),
    ]
    with transaction(store.scope) as session:
        session.execute(delete(Product))
        for title, more, price, rating in goods:
            draft = ProductDraft(title=title, variants=(VariantDraft(price=price),), **more)  # type: ignore[arg-type]
            changed = update(Product).where(Product.id == save_product(session, draft))
            session.execute(changed.values(rating=Decimal(rating), rating_count=2))
    return store


RANKED = ["Walnut Desk", "Walnut Box", "Walnut Tray", "Reading Lamp", "Brass Hook", "Paper Clip"]


@pytest.mark.parametrize("indexed", [False, True])
def test_text_ranks_name_over_description_over_brand_and_category_and_ties_by_rating_then_price(
    library: Store, *, indexed: bool
) -> None:
    if indexed:
        rebuild_index(engine(), library.scope)

    answer = read(library.call("GET", "/api/v1/products/search?q=walnut"))

    assert [product["name"] for product in answer["products"]] == RANKED


def test_pages_follow_each_other_without_a_gap(library: Store) -> None:
    pages = [read(library.call("GET", f"/api/v1/products/search?q=walnut&page={n}&limit=4")) for n in (1, 2, 3)]

    assert [[product["name"] for product in page["products"]] for page in pages] == [RANKED[:4], RANKED[4:], []]
    assert [(page["total"], page["page"], page["limit"]) for page in pages] == [(6, 1, 4), (6, 2, 4), (6, 3, 4)]


def test_a_value_of_the_rating_facet_is_what_rating_min_takes(library: Store) -> None:
    rebuild_index(engine(), library.scope)

    found = read(library.call("GET", "/api/v1/products/search"))["facets"]["rating"]

    assert [(one["value"], one["count"]) for one in found] == [("4", 6), ("3", 6), ("2", 6), ("1", 6)]
    for value, total in (("4", 6), ("4.5", 4), ("4.9", 3), ("5", 2)):
        answer = read(library.call("GET", f"/api/v1/products/search?rating_min={value}"))
        assert answer["total"] == total


def test_each_post_takes_a_key_and_repeats_its_first_answer(store: Store) -> None:
    token = store.new_user()["token"]
    order = read(store.call("POST", "/api/v1/orders", order_of(store), token=token))
    product_id = order["items"][0]["product_id"]
    cancel, review = f"/api/v1/orders/{order['order_id']}/cancel", f"/api/v1/products/{product_id}/reviews"

    for path, body, status in ((review, {"rating": 5}, 201), (cancel, {}, 200), ("/api/v1/users/logout", None, 200)):
        answers = [store.call("POST", path, body, token=token, key="again") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [status, status]
        assert read(answers[0]) == read(answers[1])
        assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert store.call("GET", "/api/v1/users/profile", token=token).status_code == 401


def test_a_decline_is_repeated_and_charges_nothing_twice(store: Store) -> None:
    token, before = store.new_user()["token"], store.orders()
    body = order_of(store, outcome="tok_declined")

    answers = [store.call("POST", "/api/v1/orders", body, token=token, key="no") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [402, 402]
    assert store.orders() == before


def test_a_canceled_order_is_answered_as_it_is_and_pays_back_once(store: Store) -> None:
    token = store.new_user()["token"]
    order_id = read(store.call("POST", "/api/v1/orders", order_of(store), token=token))["order_id"]
    path = f"/api/v1/orders/{order_id}/cancel"

    first = store.call("POST", path, {"reason": "Wrong size"}, token=token)
    second = store.call("POST", path, token=token)

    assert (first.status_code, second.status_code) == (200, 200)
    assert read(first) == read(second)
    assert [one["kind"] for one in read(second)["payments"]] == ["sale", "refund"]
    with transaction(store.scope, read_only=True) as session:
        said = [entry.params for entry in timeline(session, int(order_id[6:])) if entry.type == "canceled"]
    assert said == [{"reason": "customer", "restocked": True, "note": "Wrong size"}]


def test_tokens_are_opaque_and_only_their_hash_is_stored(store: Store) -> None:
    token = store.new_user()["token"]

    with transaction(store.scope, read_only=True) as session:
        kept = session.execute(select(CustomerToken.token_hash).order_by(CustomerToken.id.desc()).limit(1)).scalar_one()
    assert token.startswith("souk_cust_")
    assert len(kept) == 64
    assert kept not in token
    assert token not in kept


@pytest.mark.parametrize("where", ["path", "key", "query", "nested", "name"])
def test_a_card_number_is_refused_wherever_it_stands(
    store: Store, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    token, before = store.new_user()["token"], store.orders()
    nested: dict[str, Any] = order_of(store) | {"shipping_address": ADDRESS | {"name": f"Ada {CARD}"}}

    response = {
        "path": lambda: store.call("GET", f"/api/v1/products/prod_{CARD}"),
        "key": lambda: store.call("POST", "/api/v1/orders", order_of(store), token=token, key=CARD),
        "query": lambda: store.call("GET", f"/api/v1/products/search?brand={CARD}"),
        "nested": lambda: store.call("POST", "/api/v1/orders", nested, token=token),
        "name": lambda: store.call("POST", "/api/v1/orders", order_of(store) | {CARD: 1}, token=token),
    }[where]()

    heard = capsys.readouterr()
    assert (response.status_code, read(response)["code"]) == (422, "card_number_refused")
    assert store.orders() == before
    assert CARD not in response.get_data(as_text=True) + heard.out + heard.err


def test_an_address_the_shop_does_not_ship_to_is_422_and_buys_nothing(app: Flask) -> None:
    store = make_store(app, name="Local")
    with transaction(store.scope) as session:
        session.execute(update(ShippingZone).values(countries=["FR"]))
    token = store.new_user()["token"]

    response = store.call("POST", "/api/v1/orders", order_of(store), token=token)

    assert (response.status_code, read(response)["code"]) == (422, "no_shipping_rate")
    assert store.orders() == 0


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=-1", "page=0", "status=lost", "colour=red"])
def test_a_bad_list_of_orders_is_422(store: Store, query: str) -> None:
    response = store.call("GET", f"/api/v1/orders?{query}", token=store.new_user()["token"])

    assert (response.status_code, read(response)["code"]) == (422, "invalid_fields")


def test_of_variants_at_the_same_price_an_order_by_product_takes_one_that_can_be_bought(app: Flask) -> None:
    store = make_store(app, name="Colors")
    with transaction(store.scope) as session:
        variants = tuple(VariantDraft(price=500, options=(color,)) for color in ("Red", "Blue"))
        product_id = save_product(session, ProductDraft(title="Cup", options=("Color",), variants=variants))
        query = select(Variant.id).where(Variant.product_id == product_id).order_by(Variant.position)
        blue = list(session.execute(query).scalars())[1]
        set_on_hand(session, blue, None, 3, "count", "system")
    items = [{"product_id": f"prod_{product_id}", "quantity": 1, "price": 5}]

    response = store.call("POST", "/api/v1/orders", order_of(store) | {"items": items}, token=store.new_user()["token"])

    assert response.status_code == 201
    assert read(response)["items"][0]["variant_id"] == f"variant_{blue}"
