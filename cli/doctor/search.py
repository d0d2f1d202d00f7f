"""The search engine, and whether it holds an index of every shop."""

from __future__ import annotations

from collections.abc import Iterator

from cli.doctor.finding import Finding, ok, warning
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import control_scope
from souk.search.engine import SearchQuery
from souk.search.errors import SearchIndexMissing, SearchUnavailable
from souk.search_engines.configured import engine_from
from tenants.queries import list_tenants

# A platform of thousands is looked at from its newest shops: an index is lost when it is not made.
NEWEST = 200


def check_search() -> Iterator[Finding]:
    """A missing engine is a warning: shoppers search the database meanwhile."""
    engine = engine_from(config())
    try:
        engine.ping()
    except SearchUnavailable as error:
        cure = "Start it and check MEILI_URL and MEILI_KEY." if config().meili_url else "souk reindex"
        yield warning(f"Shoppers get the plain database search. {error.detail}", cure)
        return
    with transaction(control_scope(), read_only=True) as session:
        shops = list_tenants(session)[-NEWEST:]
    healthy = True
    for shop in shops:
        try:
            engine.search(shop.scope.schema, SearchQuery(limit=1))
        except SearchIndexMissing:
            healthy = False
            yield warning(f"Shop {shop.slug} has no search index.", f"souk reindex {shop.slug}")
        except SearchUnavailable as error:
            healthy = False
            yield warning(f"Shop {shop.slug} cannot be searched: {error.detail}", f"souk reindex {shop.slug}")
    if healthy:
        yield ok(f"{len(shops)} shops can be searched.")
