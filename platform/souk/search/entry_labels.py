"""Facets of metafields that name custom entries: shoppers choose by the title, products hold the number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from souk.catalog.metafields.models import MetafieldDefinition
from souk.catalog.metafields.types import ENTRY_REFERENCE
from souk.catalog.metaobjects.models import Metaobject, MetaobjectDefinition
from souk.catalog.models import Product
from souk.kernel.localized import ENTRY, spoken
from souk.kernel.models import Translation

_FULL_KEY = func.concat(MetafieldDefinition.namespace, ".", MetafieldDefinition.key)
_NAMES_ENTRIES: tuple[ColumnElement[bool], ...] = (
    MetafieldDefinition.owner_type == "product",
    MetafieldDefinition.type.in_([ENTRY_REFERENCE, f"list.{ENTRY_REFERENCE}"]),
)


def entry_titles(
    session: Session, full_keys: Sequence[str], products: Iterable[Mapping[str, Any]]
) -> dict[str, dict[int, str]]:
    """Return entry -> title for each of the fields that names entries; `products` are the metafields of each product.

    A draft is shown nowhere, so it has no title here. No query without fields, one without fields that name entries.
    """
    query = select(_FULL_KEY).where(*_NAMES_ENTRIES, _FULL_KEY.in_(full_keys))
    naming = list(session.scalars(query)) if full_keys else []
    numbers = {number for fields in products for key in naming for number in numbers_in(fields.get(key))}
    own = select(Metaobject.id, Metaobject.title).where(Metaobject.id.in_(numbers), Metaobject.status == "active")
    titles = {row.id: row.title for row in session.execute(own)} if numbers else {}
    return dict.fromkeys(naming, titles)


def entry_words(session: Session, titles: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Return full key -> title -> the title in the language of the visit, where there is a translation.

    `titles`: what the facet of each metafield shows. No query in the shop's own language, nor without titles.
    """
    shown = {title for values in titles.values() for title in values}
    if not spoken(session) or not shown:
        return {}
    query = (
        select(_FULL_KEY, Metaobject.title, Translation.value)
        .join(MetaobjectDefinition, MetaobjectDefinition.type == MetafieldDefinition.validations["metaobject"].astext)
        .join(Metaobject, Metaobject.definition_id == MetaobjectDefinition.id)
        .join(Translation, Translation.resource_id == Metaobject.id)
        .where(*_NAMES_ENTRIES, _FULL_KEY.in_(titles), Metaobject.title.in_(shown), Metaobject.status == "active")
        .where(Translation.resource_type == ENTRY, Translation.field == "title", Translation.locale == spoken(session))
    )
    found: dict[str, dict[str, str]] = {}
    for key, title, value in session.execute(query.order_by(Metaobject.id.desc())):
        found.setdefault(key, {})[title] = value
    return found


def numbers_in(value: Any) -> list[int]:
    """Return the entries that a stored value names."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, int)]


def products_showing(session: Session, entry_id: int, kind: str) -> list[int]:
    """Return the products that a facet shows by the title of this entry; `kind` is the type of the entry."""
    facets = select(_FULL_KEY).where(
        *_NAMES_ENTRIES, MetafieldDefinition.filterable, MetafieldDefinition.validations["metaobject"].astext == kind
    )
    fields = list(session.scalars(facets))
    holds = (Product.metafields[field].contains(func.to_jsonb(entry_id, type_=JSONB)) for field in fields)
    return list(session.scalars(select(Product.id).where(or_(*holds)).order_by(Product.id))) if fields else []
