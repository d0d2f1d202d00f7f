"""Shoppers read what they buy in their language, from the checkout to the invoice; the order keeps the shop's names."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.catalog.bundles.compose import set_components
from souk.catalog.models import Product
from souk.inventory.locations import list_locations
from souk.inventory.pickup import PickupTerms, end_pickup, offer_pickup
from souk.kernel.db import transaction
from souk.kernel.localized import LABEL
from souk.kernel.settings import read_setting, write_setting
from souk.notifications.facts import order_facts, parcel_facts
from souk.orders.documents.issue import issue_invoice, issue_packing_slip
from souk.orders.fulfill import fulfill_order
from souk.orders.models import Order, OrderDocument, OrderLine
from souk.translating.save import save_translations
from souk.translating.sources import read_resources
from tests.fixtures.stores import ADDRESS, Store, make_store

# The shirt has a bowl in it.
SAID, OWN = ("Leinenhemd", "Klein", "Eichenschale", "Paketdienst"), ("Linen Shirt", "Oak Bowl", ">Standard<")
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def german(app: Flask) -> Store:
    store = make_store(app)
    with transaction(store.scope) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"locales": ["de"]})
        product_id = session.execute(select(Product.id).where(Product.title == "Linen Shirt")).scalar_one()
        (shirt,) = read_resources(session, "product", ids=[product_id])
        save_translations(session, shirt, "de", {"title": "Leinenhemd"})
        (words,) = read_resources(session, LABEL)
        save_translations(session, words, "de", {"S": "Klein", "Standard": "Paketdienst"})
        set_components(session, store.variants["Linen Shirt"][0], {store.variants["Oak Bowl"][0]: 1})
        bowl_id = session.execute(select(Product.id).where(Product.title == "Oak Bowl")).scalar_one()
        (bowl,) = read_resources(session, "product", ids=[bowl_id])
        save_translations(session, bowl, "de", {"title": "Eichenschale"})
    return store


def bought(store: Store, language: str, **chosen: str) -> tuple[str, str, int]:
    """Buy the small shirt; returns what the checkout and the order page say, and the order's id."""
    base = f"http://{store.host}"
    with transaction(store.scope) as session:
        cart = create_cart(session, "USD")
        add_line(session, cart.token, store.variants["Linen Shirt"][0], 1)
    client = store.client()
    client.set_cookie("souk_cart", cart.token, domain=store.host)
    client.set_cookie("souk_language", language, domain=store.host)
    path = client.get("/checkout", base_url=base).headers["Location"]
    form = {**ADDRESS, "email": "ada@example.com", "payment_provider": "test_gateway", "payment_token": "tok_approved"}
    form |= chosen
    client.post(path, base_url=base, data=form | {"do": "update"}, headers=HERE)
    checkout = client.get(path, base_url=base).text
    total = re.search(r'name="shown_total" value="(\d+)"', checkout)
    assert total is not None
    paid = client.post(path, base_url=base, data=form | {"do": "pay", "shown_total": total[1]}, headers=HERE)
    page = client.get(paid.headers["Location"], base_url=base).text
    with transaction(store.scope, read_only=True) as session:
        order_id = session.execute(select(Order.id).order_by(Order.id.desc()).limit(1)).scalar_one()
    return checkout, page, order_id


def test_checkout_order_page_mails_and_papers_speak_to_the_buyer(german: Store) -> None:
    checkout, page, order_id = bought(german, "de")

    with transaction(german.scope) as session:
        parcel_id = fulfill_order(session, order_id)
        issue_invoice(session, order_id, "staff")
        issue_packing_slip(session, order_id, parcel_id, "staff")
        mail, parcel = order_facts(session, order_id, "https://x"), parcel_facts(session, parcel_id)
        papers = session.execute(select(OrderDocument.snapshot).where(OrderDocument.order_id == order_id)).scalars()
        on_paper = [(line["title"], line["variant"]) for paper in papers for line in paper["lines"]]
        kept = session.execute(select(OrderLine.title, OrderLine.variant_title)).all()
    assert mail is not None
    assert parcel is not None
    said = [(line.title, line.variant_title) for line in (*mail.lines, *parcel.lines)]
    assert [words in html for html in (checkout, page) for words in SAID] == [True] * 8
    assert [words in html for html in (checkout, page) for words in OWN] == [False] * 6
    assert mail.shipping_title == "Paketdienst"
    assert said + on_paper == [("Leinenhemd", "Klein")] * 4
    assert [tuple(row) for row in kept] == [("Linen Shirt", "S")]


def test_a_place_of_pick_up_speaks_to_the_buyer(german: Store) -> None:
    with transaction(german.scope) as session:
        place = list_locations(session)[0]
        offer_pickup(session, place.id, PickupTerms(instructions="Tue to Sat\r\nRing twice"), ADDRESS)
        (words,) = read_resources(session, LABEL)
        said = {place.name: "Werkstatt", "Tue to Sat": "Di bis Sa", "Ring twice": "Zweimal klingeln"}
        save_translations(session, words, "de", said)

    checkout, page, order_id = bought(german, "de", delivery_method="pickup")

    listed = [german.call("GET", f"/api/v1/pickup-locations{query}").get_data(as_text=True)
              for query in ("?locale=de", "")]  # fmt: skip
    with transaction(german.scope) as session:
        mail = order_facts(session, order_id, "https://x")
        end_pickup(session, place.id)
    assert mail is not None
    assert [word in text for text in (checkout, page, listed[0]) for word in said.values()] == [True] * 9
    assert [word in text for text in (checkout, page, listed[0]) for word in list(said)[1:]] == [False] * 6
    assert (mail.pickup_lines[0], mail.pickup_note) == ("Werkstatt", "Di bis Sa\nZweimal klingeln")
    assert "Ring twice" in listed[1]
    assert "Zweimal" not in listed[1]


def test_the_shops_own_language_and_another_shop_hear_nothing_of_it(german: Store, other_store: Store) -> None:
    own, strange = bought(german, "en"), bought(other_store, "de")

    assert ["Linen Shirt" in html for html in (*own[:2], *strange[:2])] == [True] * 4
    assert [any(words in html for words in SAID) for html in (*own[:2], *strange[:2])] == [False] * 4


def test_a_product_renamed_since_is_called_what_the_order_calls_it(german: Store) -> None:
    *_, order_id = bought(german, "de")
    with transaction(german.scope) as session:
        session.execute(update(OrderLine).where(OrderLine.order_id == order_id).values(title="Shirt of 2025"))
        mail = order_facts(session, order_id, "https://x")

    assert mail is not None
    assert [line.title for line in mail.lines] == ["Shirt of 2025"]
