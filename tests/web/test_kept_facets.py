"""The filter counts of a collection are made once for all its pages, and again when its products change."""

from __future__ import annotations

import pytest
import redis
from flask.testing import FlaskClient

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.purge import keys_of, purge
from souk.web.storefront import kept_facets
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor
from tests.web.test_storefront import counted


def add(scope: TenantScope, vendor: str, many: int = 1) -> int:
    with transaction(scope) as session:
        variants = (VariantDraft(500, inventory_tracked=False),)
        return [save_product(session, ProductDraft(f"Lamp {n}", variants, vendor=vendor)) for n in range(many)][-1]


@pytest.fixture
def lamps(platform: None) -> TenantScope:
    scope = make_shop()
    add(scope, "Alba", 30)
    return scope


def counts(client: FlaskClient, address: str) -> int:
    """Return how often the database counted for a page; the parameter keeps the page itself out of the cache."""
    with counted() as statements:
        answer = client.get(f"{address}{'&' if '?' in address else '?'}uncached=1")
    assert answer.status_code == 200
    return sum("AS base" in statement or "WITH base" in statement for statement in statements)


def test_the_pages_of_a_collection_share_one_count(
    client_for: ClientFor, lamps: TenantScope, other_shop: TenantScope
) -> None:
    client = client_for(lamps)

    first = counts(client, "/collections/all")
    later = [counts(client, path) for path in ("/collections/all?page=2", "/collections/all?sort_by=rating")]
    chosen = counts(client, "/collections/all?filter.brand=Alba")
    theirs = client_for(other_shop).get("/collections/all?uncached=1").text

    assert (first, later, chosen) == (1, [0, 0], 1)
    assert "Alba" in client.get("/collections/all?page=2&uncached=1").text
    assert "Alba" not in theirs


def test_a_changed_product_is_counted_at_once(client_for: ClientFor, lamps: TenantScope) -> None:
    client = client_for(lamps)
    counts(client, "/collections/all")
    product_id = add(lamps, "Borea")

    purge(lamps, keys_of(Event("product.created", product_id)))
    page = client.get("/collections/all?uncached=1").text

    assert "Borea" in page


def test_counts_made_before_a_purge_are_not_kept_after_it(client_for: ClientFor, lamps: TenantScope) -> None:
    client = client_for(lamps)
    counts(client, "/collections/all")
    purge(lamps, ["listing"])
    kept = kept_facets.look(lamps, "all")
    kept.found, kept.fresh = (), True

    purge(lamps, ["listing"])
    kept.store(0)

    assert kept_facets.look(lamps, "all").found is None


def test_without_redis_a_page_counts_for_itself(
    client_for: ClientFor, lamps: TenantScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> bytes:
        raise redis.ConnectionError

    monkeypatch.setattr(kept_facets, "read_page", away)
    client = client_for(lamps)

    assert [counts(client, "/collections/all"), counts(client, "/collections/all?page=2")] == [1, 1]
