"""A product with as many variants as there may be: its pages cost what others cost, and stay small."""

from __future__ import annotations

import gzip
import json
import re
from itertools import product as combinations
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import Variant
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor
from tests.web.test_storefront import ask_twice, counted

# 16 x 16 x 8 = 2,048
OPTIONS = {
    "Color": [f"Deep shade of colour number {n}" for n in range(16)],
    "Size": [f"Size {n}" for n in range(16)],
    "Material": [f"Material {n}" for n in range(8)],
}
CHOICES = list(combinations(*OPTIONS.values()))
SOLD_OUT = CHOICES[1]
PAGE_BYTES = 160 * 1024
PACKED_BYTES = 32 * 1024


def shirt(title: str, choices: list[tuple[str, ...]]) -> ProductDraft:
    variants = tuple(
        VariantDraft(1_000 + 100 * (n % 7), choice, sku=f"{title}-{n}", inventory_tracked=choice == SOLD_OUT)
        for n, choice in enumerate(choices)
    )
    return ProductDraft(title, variants, handle=title.lower(), options=tuple(OPTIONS))


@pytest.fixture(scope="module")
def shop_of_many(platform: None) -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        save_product(session, shirt("Many", CHOICES))
        save_product(session, shirt("Few", CHOICES[:2]))
    return scope


def variant_of(scope: TenantScope, choice: tuple[str, ...]) -> int:
    query = select(Variant.id).where(Variant.sku == f"Many-{CHOICES.index(choice)}")
    with transaction(scope, read_only=True) as session:
        return session.execute(query).scalar_one()


def queries_of(client: FlaskClient, address: str) -> int:
    """Count the shop's own queries: which host it is may be known from before, or not."""
    ask_twice(client, address)
    with counted() as statements:
        assert client.get(f"{address}?uncached=1").status_code == 200
    return sum("control." not in statement for statement in statements)


def table_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="product-data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    table: dict[str, Any] = json.loads(found[1])["table"]
    return table


def test_two_thousand_variants_take_no_more_queries_than_two(client_for: ClientFor, shop_of_many: TenantScope) -> None:
    client = client_for(shop_of_many)

    few, many = queries_of(client, "/products/few"), queries_of(client, "/products/many")

    assert many == few <= 12


def test_a_list_reads_no_variants_at_all(client_for: ClientFor, shop_of_many: TenantScope) -> None:
    client = client_for(shop_of_many)
    client.get("/collections/all")

    with counted() as statements:
        page = client.get("/collections/all?uncached=1").text

    assert "/products/many" in page
    assert [line for line in statements if "FROM variants" in line] == []


def test_the_page_stays_small(client_for: ClientFor, shop_of_many: TenantScope, other_shop: TenantScope) -> None:
    html = client_for(shop_of_many).get("/products/many").text

    assert len(html.encode()) < PAGE_BYTES
    assert len(gzip.compress(html.encode())) < PACKED_BYTES
    assert client_for(other_shop).get("/products/many").status_code == 404


def test_the_table_holds_every_variant(client_for: ClientFor, shop_of_many: TenantScope) -> None:
    table = table_of(client_for(shop_of_many).get("/products/many").text)

    assert len(table["rows"]) == 2_048
    assert table["options"] == list(OPTIONS.values())
    assert table["prices"] == [f"${price}.00" for price in range(10, 17)]
    assert table["rows"][:2] == [
        [variant_of(shop_of_many, CHOICES[0]), 0, 0, 0, 0, -1, 0, 0],
        [variant_of(shop_of_many, SOLD_OUT), 0, 0, 1, 1, -1, -1, 0],
    ]


def test_without_a_script_each_value_is_a_link_to_its_variant(client_for: ClientFor, shop_of_many: TenantScope) -> None:
    client = client_for(shop_of_many)
    color, size, material = chosen = CHOICES[-1]

    page = client.get(f"/products/many?variant={variant_of(shop_of_many, chosen)}").text
    links = dict(re.findall(r'href="(/products/many\?variant=\d+)" data-value="([^"]+)"', page))
    others = {(OPTIONS["Color"][3], size, material), (color, OPTIONS["Size"][5], material), (color, size, "Material 2")}

    assert len(links) == 16 + 16 + 8 - 2  # the chosen variant is one address with three values
    assert {f"/products/many?variant={variant_of(shop_of_many, other)}" for other in others} <= links.keys()
    assert f'name="id" value="{variant_of(shop_of_many, chosen)}"' in page
    assert page.count('aria-current="true"') >= 3
