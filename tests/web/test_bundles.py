"""What is in a bundle is told on its page, in the cart, at the checkout and by the shop API, in the shop's language."""

from __future__ import annotations

import json
import re
from typing import Any

from flask.testing import FlaskClient

from souk.catalog.bundles.compose import set_components
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.catalog.variant_records import variants_of
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.translating.save import save_translations
from souk.translating.sources import read_resources
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor

PART = re.compile(r'class="contains__count">(\d+) \S</span> ([^<]+?)\s*<')


def sell(scope: TenantScope, title: str, parts: dict[int, int] | None = None) -> tuple[int, int]:
    """Return the numbers of product and variant."""
    with transaction(scope) as session:
        product_id = save_product(session, ProductDraft(title, (VariantDraft(1_000, inventory_tracked=False),)))
        variant_id = variants_of(session, [product_id])[product_id][0].id
        if parts:
            set_components(session, variant_id, parts)
        return product_id, variant_id


def components(client: FlaskClient, product_id: int) -> Any:
    return json.loads(client.get(f"/api/v1/products/prod_{product_id}").data)["variants"][0]["components"]


def test_shoppers_and_programs_read_what_is_in_it(client_for: ClientFor) -> None:
    scope, stranger = make_shop(), make_shop()
    with transaction(scope) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"locales": ["de"]})
    (cups, cup), (_, pot) = sell(scope, "Cup"), sell(scope, "Pot")
    product_id, set_id = sell(scope, "Tea set", {cup: 4, pot: 1})
    sell(stranger, "Cup")
    client = client_for(scope)

    with transaction(scope) as session:
        (named,) = read_resources(session, "product", ids=[cups])
        save_translations(session, named, "de", {"title": "Tasse"})

    page = client.get("/products/tea-set").text
    german = client.get("/de/products/tea-set").text
    client.post("/cart/add", data={"id": str(set_id), "quantity": "1"})
    cart, german_cart = client.get("/cart").text, client.get("/de/cart").text
    told = components(client, product_id)

    parts = [("4", "Cup"), ("1", "Pot")]
    assert [PART.findall(text) for text in (page, cart)] == [parts] * 2
    assert [PART.findall(text) for text in (german, german_cart)] == [[("4", "Tasse"), ("1", "Pot")]] * 2
    assert ("Contains</p>" in page, "Enthält</p>" in german) == (True, True)
    assert [(one["variant_id"], one["quantity"], one["title"]) for one in told] == [
        (f"variant_{cup}", 4, "Cup"), (f"variant_{pot}", 1, "Pot"),
    ]  # fmt: skip
    assert PART.findall(client.get("/products/cup").text) == []
    assert components(client, 1) == []
    assert PART.findall(client_for(stranger).get("/products/cup").text) == []
