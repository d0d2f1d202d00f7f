"""The whole way from an empty cart to the order page takes a fixed number of statements."""

from __future__ import annotations

import re

from tests.fixtures.stores import ADDRESS, Store
from tests.web.test_storefront import counted

HERE = {"Sec-Fetch-Site": "same-origin"}
# The order page reads the gift cards that paid.
# Each step sends one more message: its BEGIN, which brings the settings and plugins of the shop.
MOST = {"add": 4, "start": 3, "show": 3, "update": 6, "pay": 26, "order": 4}


def test_a_guest_checkout_takes_few_statements(store: Store) -> None:
    _buy(store)

    counts = _buy(store)

    assert {step: counts[step] for step in MOST if counts[step] > MOST[step]} == {}


def _buy(store: Store) -> dict[str, int]:
    base, client, counts = f"http://{store.host}", store.client(), {}

    def send(step: str, method: str, path: str, **form: str) -> str:
        with counted() as statements:
            answer = client.open(path, method=method, base_url=base, data=form or None, headers=HERE)
        counts[step] = sum("control." not in one for one in statements)
        return answer.headers.get("Location") or answer.get_data(as_text=True)

    send("add", "POST", "/cart/add", id=str(store.variants["Oak Bowl"][0]), quantity="1")
    path = send("start", "POST", "/checkout")
    send("show", "GET", path)
    told = {"email": "counted@example.com", "payment_provider": "test_gateway", **ADDRESS}
    page = send("update", "POST", path, do="update", **told)
    shown = re.search(r'name="shown_total" value="(\d+)"', page)
    assert shown is not None
    choice = {"shown_total": shown[1], "payment_token": "tok_approved"}
    order = send("pay", "POST", path, do="pay", **told, **choice)
    assert "Order placed" in send("order", "GET", order)
    return counts
