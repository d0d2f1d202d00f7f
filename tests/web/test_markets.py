"""The storefront in other currencies and at the prices of groups: a shared page never holds somebody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.customers.models import Customer
from souk.customers.register import register
from souk.customers.sessions import open_session
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.pricing.drafts import PriceListDraft
from souk.pricing.save_currency import CurrencyDraft, save_currency
from souk.pricing.save_list import save_price_list
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.save_zone import save_zone
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor, host_of

LAMP = "/products/lamp"


@pytest.fixture(scope="module")
def trading(platform: None) -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        save_product(session, ProductDraft("Lamp", (VariantDraft(2_000, inventory_tracked=False),), handle="lamp"))
        save_zone(session, ZoneDraft("Around", ("US", "DE", "FR"), [RateDraft(title="Post", price=500)]))
        save_currency(session, CurrencyDraft(code="EUR", rate="0.9", countries=["DE"]))
        save_price_list(session, PriceListDraft(name="Trade", tags=["trade"], percent="-10", breaks=[(12, "-50")]))
    return scope


def test_a_groups_prices_never_enter_a_shared_page(trading: TenantScope, client_for: ClientFor) -> None:
    guest, trade = client_for(trading), client_for(trading)
    with transaction(trading) as session:
        number = register(session, "Ada", "trade@example.com", "a long password")
        session.execute(update(Customer).where(Customer.id == number).values(tags=["trade"]))
        token = open_session(session, number, "session").token
    trade.set_cookie("souk_customer", token, domain=host_of(trading))
    for path in (LAMP, "/collections/all", "/search?q=lamp"):
        # Whoever comes first, the trader or everybody else, leaves nothing for the other one.
        own, shared = trade.get(path), guest.get(path)
        again = trade.get(path)
        assert ["$18.00" in one.text for one in (own, shared, again)] == [True, False, True]
        assert "$20.00" in shared.text
        assert own.headers["Cache-Control"] == "private, no-store"
    page = trade.get(LAMP).text
    assert "From 12 pieces" in page
    assert "$9.00" in page
    assert "From 12 pieces" not in guest.get(LAMP).text.replace("From 999 pieces", "")
    trade.post("/cart/add", data={"id": page.split("data-variant-id")[0].rsplit('value="', 1)[1].split('"')[0],
                                  "quantity": "12"})  # fmt: skip
    carts = trade.get("/cart").text
    assert "$108.00" in carts


def test_a_visitor_chooses_a_currency_without_a_script(trading: TenantScope, client_for: ClientFor) -> None:
    client, other = client_for(trading), client_for(trading)
    page = client.get(LAMP)
    assert ["$20.00" in page.text, 'action="/localization"' in page.text, 'value="EUR"' in page.text] == [True] * 3
    variant = page.text.split("data-variant-id")[0].rsplit('value="', 1)[1].split('"')[0]
    client.post("/cart/add", data={"id": variant, "quantity": "2"})
    moved = client.post("/localization", data={"currency": "EUR", "return_to": LAMP})
    assert (moved.status_code, moved.location) == (303, LAMP)
    first, second = client.get(LAMP), client.get(LAMP)
    assert [one.headers["X-Souk-Cache"] for one in (first, second)] == ["miss", "hit"]
    for shown in (first.text, client.get("/collections/all").text, client.get("/search?q=lamp").text):
        assert "€18.00" in shown
    assert '"priceCurrency":"EUR"' in first.text.replace(" ", "")
    assert client.get("/search/suggest?q=lamp").get_json()["products"][0]["price_formatted"] == "€18.00"
    assert client.get("/cart.json").get_json()["total_formatted"] == "€36.00"
    assert "$20.00" in other.get(LAMP).text
    for value, price in (("GBP.", "$20.00"), (".DE", "€18.00"), ("EUR.QQ", "€18.00"), ("eur.de", "$20.00")):
        other.set_cookie("souk_market", value, domain=host_of(trading))
        assert price in other.get(LAMP).text


@pytest.mark.parametrize(
    ("told", "target"),
    [
        ({"return_to": "//evil.example"}, "/"),
        ({"return_to": "https://evil.example"}, "/"),
        ({"return_to": "/de/collections", "language": "en"}, "/collections"),
        ({"currency": "XXX", "country": "QQ"}, "/"),
    ],
)
def test_the_form_leads_nowhere_else(
    trading: TenantScope, client_for: ClientFor, told: dict[str, str], target: str
) -> None:
    assert client_for(trading).post("/localization", data=told).location in {target, "/de/collections"}
    assert "$20.00" in client_for(trading).get(LAMP).text


def test_a_visitor_chooses_a_country_without_a_script(trading: TenantScope, client_for: ClientFor) -> None:
    client, other = client_for(trading), client_for(trading)
    before = other.get("/collections?fresh=1").text

    answer = client.post("/localization", data={"country": "FR", "return_to": "/collections"})
    # Each asks twice: the second answer is that of the page cache.
    chosen, own = (
        [client.get("/collections").text for _ in range(2)],
        [other.get("/collections").text for _ in range(2)],
    )

    assert (answer.status_code, answer.location) == (303, "/collections")
    assert '<option value="US" selected>United States</option>' in before
    assert '<option value="JP"' not in before
    assert all('<option value="FR" selected>France</option>' in page for page in chosen)
    assert all('<option value="US" selected>' in page for page in own)
    assert 'action="/localization"' in before
