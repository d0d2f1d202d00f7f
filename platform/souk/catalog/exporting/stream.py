"""Read the chosen products batch by batch and write them as they come: memory does not grow with the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import exists, func, select

from souk.catalog.bundles.models import BundleComponent
from souk.catalog.exporting import jsonl, shopify
from souk.catalog.exporting.addresses import addresses_at
from souk.catalog.exporting.filters import conditions
from souk.catalog.importing.references import Definitions, name_references
from souk.catalog.importing.snapshot import read_states
from souk.catalog.importing.state import ProductState
from souk.catalog.metafields.define import list_definitions
from souk.catalog.models import Product, Variant
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope, control_scope
from tenants.queries import domains_of

BATCH = 250
FORMATS = {"shopify": shopify.write, "jsonl": jsonl.write}


def count_products(scope: TenantScope, filters: Mapping[str, Any]) -> int:
    """Return how many products the checked filters choose."""
    with transaction(scope, read_only=True) as session:
        query = select(func.count()).select_from(Product).where(*conditions(filters))
        return session.execute(query).scalar_one()


def stream_products(
    scope: TenantScope, format_name: str, filters: Mapping[str, Any], on_batch: Callable[[int], None]
) -> Iterator[bytes]:
    """Yield the file in UTF-8; `on_batch` gets the number of products written so far, between two transactions."""
    with transaction(control_scope(), read_only=True) as session:
        hosts = domains_of(session, scope.tenant_id)
    primary = next((row.host for row in hosts if row.is_primary), config().base_domain)
    address = addresses_at(config().origin(primary))
    with transaction(scope, read_only=True) as session:
        currency = read_setting(session, "shop")["currency"]
        definitions = {(each.owner_type, each.full_key): each for each in list_definitions(session)}
    columns = shopify.metafield_columns(each for each in definitions.values() if each.owner_type == "product")
    if format_name == "shopify":
        yield shopify.head(columns).encode()
    count = 0
    for states in _states(scope, filters, definitions):
        count += len(states)
        yield FORMATS[format_name](states.values(), currency, address, columns).encode()
        on_batch(count)


def _states(
    scope: TenantScope, filters: Mapping[str, Any], definitions: Definitions
) -> Iterator[dict[int, ProductState]]:
    """Yield the products by their ids, bundles last: whoever reads the file has their parts by then."""
    bundle = exists().where(Variant.product_id == Product.id, BundleComponent.bundle_id == Variant.id)
    for phase in (~bundle, bundle):
        last = 0
        while True:
            chosen = (Product.id > last, phase, *conditions(filters))
            with transaction(scope, read_only=True) as session:
                ids = session.scalars(select(Product.id).where(*chosen).order_by(Product.id).limit(BATCH))
                states = read_states(session, list(ids))
                name_references(session, definitions, states.values())
            if not states:
                break
            yield states
            last = max(states)
