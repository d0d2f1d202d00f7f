from __future__ import annotations

import pytest
from sqlalchemy import func, select

from souk.cart.models import CartLine
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.catalog.variant_records import variants_of
from souk.inventory.adjust import set_on_hand
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor

JSON = {"Accept": "application/json"}


def variant(scope: TenantScope, *, tracked: bool = False, stock: int = 0) -> int:
    with transaction(scope) as session:
        draft = ProductDraft("Lamp", (VariantDraft(1250, inventory_tracked=tracked or stock > 0),))
        product_id = save_product(session, draft)
        variant_id = variants_of(session, [product_id])[product_id][0].id
        if stock:
            set_on_hand(session, variant_id, None, stock, "received", "staff:1")
        return variant_id


def lines(scope: TenantScope) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(func.count()).select_from(CartLine)).scalar_one()


def test_a_form_adds_changes_and_empties_without_javascript(client_for: ClientFor, shop: TenantScope) -> None:
    client, key = client_for(shop), variant(shop)

    added = client.post("/cart/add", data={"id": key, "quantity": "2"})
    page = client.get("/cart")
    client.post("/cart/change", data={"id": key, "quantity": "3"})
    three = client.get("/cart.json").json
    to_checkout = client.post("/cart/update", data={f"updates[{key}]": "1", "note": "Ring twice", "checkout": "1"})
    client.post("/cart/change", data={"id": key, "quantity": "0"})

    assert (added.status_code, added.headers["Location"]) == (303, "/cart")
    assert "HttpOnly" in added.headers["Set-Cookie"]
    assert "SameSite=Lax" in added.headers["Set-Cookie"]
    assert "Lamp" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert three is not None
    assert (three["item_count"], three["subtotal"], three["subtotal_formatted"]) == (3, 3750, "$37.50")
    assert (to_checkout.status_code, to_checkout.headers["Location"]) == (303, "/checkout")
    assert client.get("/cart.json").json == {
        "item_count": 0,
        "currency": "USD",
        "subtotal": 0,
        "subtotal_formatted": "$0.00",
        "total": 0,
        "total_formatted": "$0.00",
        "discounts": [],
        "items": [],
    }


def test_a_program_gets_the_cart_and_the_sections_it_asked_for(client_for: ClientFor, shop: TenantScope) -> None:
    key = variant(shop)

    answer = client_for(shop).post("/cart/add", data={"id": key, "sections": "cart-drawer"}, headers=JSON).json

    assert answer is not None
    assert answer["item_count"] == 1
    assert answer["items"][0]["key"] == str(key)
    assert "Lamp" in answer["sections"]["cart-drawer"]


@pytest.mark.parametrize("form", [{}, {"id": "x"}, {"id": "-1"}, {"id": "9" * 30}, {"id": "1", "quantity": "1.5"}])
def test_a_bad_form_is_refused_and_changes_nothing(
    client_for: ClientFor, shop: TenantScope, form: dict[str, str]
) -> None:
    before = lines(shop)

    answer = client_for(shop).post("/cart/add", data=form, headers=JSON)

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["code"] == "bad_cart_form"
    assert lines(shop) == before


def test_a_refused_form_shows_the_themed_cart_and_keeps_what_was_typed(
    client_for: ClientFor, shop: TenantScope
) -> None:
    client, key = client_for(shop), variant(shop, stock=3)
    client.post("/cart/add", data={"id": key, "quantity": "2"})

    many = client.post("/cart/update", data={f"updates[{key}]": "7", "note": "Ring twice"})
    none = client.post("/cart/add", data={"id": key, "quantity": "x"})

    assert (many.status_code, none.status_code) == (409, 422)
    assert 'value="7"' in many.text
    assert many.text.count("Only 3 are left; lower the quantity to go on.") == 2
    assert ">Ring twice</textarea>" in many.text
    assert many.headers["Cache-Control"] == "private, no-store"
    assert 'role="alert"' in none.text
    assert client.get("/cart.json").json["item_count"] == 2  # type: ignore[index]


def test_a_shop_refuses_in_its_language(client_for: ClientFor, shop: TenantScope) -> None:
    german = make_shop("laden", locale="de-DE", currency="EUR")
    sold_out = variant(german, tracked=True)

    page = client_for(german).post("/cart/add", data={"id": sold_out})
    told = client_for(german).post("/cart/add", data={"id": sold_out}, headers=JSON).json

    assert "Für diese Menge reicht der Vorrat nicht" in page.text
    assert "Ihr Warenkorb" in page.text
    assert told is not None
    assert (told["code"], told["detail"][:14]) == ("out_of_stock", "Für diese Meng")


def test_what_is_not_there_cannot_be_added(client_for: ClientFor, shop: TenantScope, other_shop: TenantScope) -> None:
    foreign, sold_out = variant(other_shop) + 1000, variant(shop, tracked=True)
    before = lines(shop)
    client = client_for(shop)

    missing = client.post("/cart/add", data={"id": foreign}, headers=JSON)
    out = client.post("/cart/add", data={"id": sold_out}, headers=JSON)

    assert (missing.status_code, out.status_code) == (404, 409)
    assert out.json is not None
    assert out.json["items"] == [{"variant_id": sold_out, "available": 0}]
    assert lines(shop) == before


def test_a_form_of_another_site_is_refused(client_for: ClientFor, shop: TenantScope) -> None:
    client, key = client_for(shop), variant(shop)
    before = lines(shop)

    cross = client.post("/cart/add", data={"id": key}, headers={"Sec-Fetch-Site": "cross-site", **JSON})
    origin = client.post("/cart/add", data={"id": key}, headers={"Origin": "http://evil.example", **JSON})

    assert (cross.status_code, origin.status_code) == (403, 403)
    assert lines(shop) == before


def test_a_cart_cookie_of_another_shop_opens_nothing(
    client_for: ClientFor, shop: TenantScope, other_shop: TenantScope
) -> None:
    client = client_for(shop)
    cookie = client.post("/cart/add", data={"id": variant(shop)}).headers["Set-Cookie"].partition(";")[0]
    other = client_for(other_shop)
    name, _, token = cookie.partition("=")
    other.set_cookie(name, token, domain=other.host)  # type: ignore[attr-defined]

    assert other.get("/cart.json").json is not None
    assert other.get("/cart.json").json["item_count"] == 0  # type: ignore[index]
    assert other.post("/cart/change", data={"id": "1", "quantity": "1"}, headers=JSON).status_code == 404
