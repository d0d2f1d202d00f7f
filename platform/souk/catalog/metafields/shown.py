"""The metafields of variants and collections that themes may read; those of products come with their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from souk.catalog.metafields.models import MetafieldDefinition
from souk.catalog.models import Collection, Variant
from souk.kernel.statement import Statement

# (type, value) by "namespace.key".
Shown = Mapping[str, tuple[str, Any]]


def _of(owner_type: str, owner: Any, *own: Any) -> Select[Any]:
    """Return a row an owner that has values: one without is left out, as most variants are."""
    model = MetafieldDefinition
    key = func.concat(model.namespace, ".", model.key)
    pair = func.jsonb_build_array(model.type, owner.metafields[key])
    readable = (model.owner_type == owner_type) & model.storefront & owner.metafields.has_key(key)
    return select(*own, func.jsonb_object_agg(key, pair)).join_from(owner, model, readable).group_by(owner.id)


def _among(column: Any) -> Any:
    return column == any_(bindparam("ids", type_=ARRAY(BigInteger)))


_VARIANTS = Statement[Any](
    _of("variant", Variant, Variant.product_id, Variant.id).where(_among(Variant.product_id)), lambda *row: row
)
_COLLECTIONS = Statement[Any](
    _of("collection", Collection, Collection.id).where(_among(Collection.id)), lambda *row: row
)


def variant_metafields(session: Session, product_ids: Sequence[int]) -> dict[int, dict[int, Shown]]:
    """Return product -> variant -> values, of all variants of these products that have any."""
    found: dict[int, dict[int, Shown]] = defaultdict(dict)
    for product_id, variant_id, values in _VARIANTS.all(session, ids=list(product_ids)):
        found[product_id][variant_id] = values
    return dict(found)


def collection_metafields(session: Session, collection_ids: Sequence[int]) -> dict[int, Shown]:
    """Return the values of those of these collections that have any."""
    return dict(_COLLECTIONS.all(session, ids=list(collection_ids)))
