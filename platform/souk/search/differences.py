"""Find how the index differs from the shop, by the versions of its products."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.documents import is_listed
from souk.search.engine import SearchEngine

BATCH = 2_000
LARGEST_ID = 2**63 - 1


@dataclass(slots=True)
class Comparison:
    """Product ids: `absent` from the index, `outdated` in it, and `surplus` because shoppers may not see them."""

    products: int
    absent: list[int]
    outdated: list[int]
    surplus: list[int]

    @property
    def differing(self) -> list[int]:
        return sorted([*self.absent, *self.outdated, *self.surplus])


def differences(engine: SearchEngine, scope: TenantScope) -> Comparison:
    """Compare in steps, with no transaction open while the engine is asked; raises SearchUnavailable."""
    found, last = Comparison(0, [], [], []), 0
    while last < LARGEST_ID:
        with transaction(scope, read_only=True) as session:
            listed = _listed_after(session, last)
        end = max(listed) if len(listed) == BATCH else LARGEST_ID
        indexed = engine.versions(scope.schema, last + 1, end)
        found.products += len(listed)
        found.absent += [id_ for id_ in listed if id_ not in indexed]
        found.outdated += [id_ for id_, version in listed.items() if id_ in indexed and indexed[id_] != version]
        found.surplus += [id_ for id_ in indexed if id_ not in listed]
        last = end
    return found


def _listed_after(session: Session, last: int) -> dict[int, int]:
    query = select(Product.id, Product.version).where(Product.id > last, is_listed()).order_by(Product.id).limit(BATCH)
    return {row.id: row.version for row in session.execute(query)}
