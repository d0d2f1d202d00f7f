"""A checkout with a carrier's rates and a provider's taxes: from the address to the order, by form and by API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from plugins.enablement import enable
from souk.kernel.db import transaction
from souk.shipping.carrier_policy import CarrierPolicy, save_carrier_policy
from souk.tax.provider_policy import ProviderPolicy, save_provider_policy
from tests.api.admin.apps import App
from tests.fixtures.stores import ADDRESS, Store, read
from tests.web.test_storefront import counted
from tests.web_checkout.test_statements import MOST

HERE = {"Sec-Fetch-Site": "same-origin"}
TOLD = {"email": "carried@example.com", "payment_provider": "test_gateway", **ADDRESS}


@pytest.fixture
def carrier(store: Store) -> Iterator[None]:
    with transaction(store.scope) as session:
        enable(session, "test_carrier", enabled=True)
        save_carrier_policy(session, CarrierPolicy(own_beside=False))
    yield
    with transaction(store.scope) as session:
        enable(session, "test_carrier", enabled=False)


def test_a_guest_chooses_a_carriers_rate_and_pays_it(store: Store, carrier: None) -> None:
    client, base = store.client(), f"http://{store.host}"

    def send(method: str, path: str, **form: str) -> str:
        answer = client.open(path, method=method, base_url=base, data=form or None, headers=HERE)
        return answer.headers.get("Location") or answer.get_data(as_text=True)

    send("POST", "/cart/add", id=str(store.variants["Oak Bowl"][0]), quantity="1")
    path = send("POST", "/checkout")
    first = send("POST", path, do="update", **TOLD)
    with counted() as statements:
        chosen = send("POST", path, do="update", **TOLD, shipping_code="test_carrier:express")
    sheet = read(client.post(f"{path}/quote", data={"country": "DE", "postal_code": "10115"}, base_url=base))
    total = re.search(r'name="shown_total" value="(\d+)"', chosen)
    assert total is not None
    order = send("POST", path, do="pay", **TOLD, shipping_code="test_carrier:express", shown_total=total[1],
                 payment_token="tok_approved")  # fmt: skip

    assert re.findall(r'name="shipping_code" value="([^"]+)"', first) == ["test_carrier:ground", "test_carrier:express"]
    assert "Standard" not in first
    # The checkout holds what was answered, so a change costs what it costs without a carrier.
    assert sum("control." not in one for one in statements) <= MOST["update"]
    assert int(total[1]) == 1_999 + 1_200 + 320
    assert [rate["amount"] for rate in sheet["rates"]] == [1_200, 2_400]
    assert "Test carrier Express: 1 day<" in send("GET", order)


def test_a_program_gets_the_cheapest_of_all_rates(store: Store, carrier: None) -> None:
    token = store.new_user()["token"]
    body = {
        "items": [{"variant_id": f"variant_{store.variants['Oak Bowl'][0]}", "quantity": 1}],
        "shipping_address": ADDRESS,
        "payment_method": {"type": "test", "token": "tok_approved"},
    }

    placed = store.call("POST", "/api/v1/orders", body, token=token, key="carried")

    assert (placed.status_code, int(read(placed)["total"] * 100)) == (201, 1_999 + 600 + 260)


def test_an_app_drafts_and_edits_with_the_providers_taxes(store: Store) -> None:
    bowl, shirt = (f"variant_{store.variants[title][0]}" for title in ("Oak Bowl", "Linen Shirt"))
    app, token = App(store, "*"), store.new_user()["token"]
    body = {
        "items": [{"variant_id": bowl, "quantity": 1}],
        "shipping_address": ADDRESS,
        "payment_method": {"type": "test", "token": "tok_approved"},
    }
    with transaction(store.scope) as session:
        enable(session, "test_tax", enabled=True)
        save_provider_policy(session, ProviderPolicy("test_tax"))

    order = read(store.call("POST", "/api/v1/orders", body, token=token, key="taxed"))
    drafted = app.post("/draft-orders", {"line_items": body["items"], "shipping_address": ADDRESS})[1]
    added = {"add": [{"variant_id": shirt, "quantity": 1}], "dry_run": True}
    edit = app.post(f"/orders/{order['order_id']}/edits", added, key="edit")[1]

    # 8.5 % on goods and 6.25 % on the shipping of 5.00; the shop's own table has 10 % for both.
    assert order["total"] == Decimal("19.99") + 5 + Decimal("1.70") + Decimal("0.31")
    assert drafted["total"] == Decimal("19.99") + Decimal("1.70")
    assert edit["difference"] == 25 + Decimal("2.13")
    with transaction(store.scope) as session:
        save_provider_policy(session, ProviderPolicy())
