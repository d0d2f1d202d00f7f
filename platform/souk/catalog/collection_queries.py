"""Read collections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    lateral,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from souk.catalog.cards import FOCUS, Picture
from souk.catalog.filters import visible
from souk.catalog.models import Collection, CollectionProduct, Product
from souk.catalog.tables import media
from souk.kernel import clock
from souk.kernel.columns import this_moment
from souk.kernel.localized import in_texts, localized, spoken
from souk.kernel.statement import Statement

MAX_OF_PRODUCT = 10


@dataclass(frozen=True, slots=True)
class CollectionRecord:
    """`products_count` counts what shoppers may see."""

    id: int
    handle: str
    title: str
    description_html: str
    sort_order: str
    products_count: int
    picture: Picture | None
    template_suffix: str = ""


def _select(*more: ColumnElement[Any]) -> Select[Any]:
    counted = lateral(
        select(func.count().label("products_count"))
        .select_from(CollectionProduct)
        .join(Product, Product.id == CollectionProduct.product_id)
        .where(CollectionProduct.collection_id == Collection.id, visible())
    )
    columns = (
        Collection.id, Collection.handle, Collection.title, Collection.description_html, Collection.sort_order,
        counted.c.products_count, media.c.id, media.c.storage_key, media.c.alt, media.c.width, media.c.height,
        FOCUS, Collection.template_suffix, *more,
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(Collection)
        .join(counted, true())
        .outerjoin(media, media.c.id == Collection.media_id)
    )
    return query.where(Collection.published_at <= this_moment())


_CHOSEN = Collection.handle == any_(bindparam("handles", type_=ARRAY(Text)))
_BY_HANDLE = Statement[Any](_select().where(_CHOSEN))
# As rows of collections that have nothing but a picture.
_HAS_KEY = media.c.storage_key == any_(bindparam("keys", type_=ARRAY(Text)))
_PICTURES = select(
    cast(null(), BigInteger), *(cast(null(), Text) for _ in range(4)), cast(null(), BigInteger), media.c.id,
    media.c.storage_key, media.c.alt, media.c.width, media.c.height, FOCUS, cast(null(), Text),
)  # fmt: skip
_BOTH = Statement[Any](union_all(_select().where(_CHOSEN), _PICTURES.where(_HAS_KEY)), lambda *row: row)


def _record(row: Any) -> CollectionRecord:
    title, text = in_texts(row, 13, "title", row[2]), in_texts(row, 13, "description_html", row[3])
    picture = None if row[6] is None else Picture(*row[6:12])
    return CollectionRecord(*[*row[:2], title, text, *row[4:6], picture, row[12]])


def _in_language(session: Session) -> Select[Any]:
    return _select(*localized(session, "collection", Collection.id))


def collections_by_handle(session: Session, handles: Sequence[str]) -> dict[str, CollectionRecord]:
    """Return the published collections among `handles`."""
    if spoken(session):
        found = list(session.execute(_in_language(session).where(Collection.handle.in_(handles))))
    else:
        found = _BY_HANDLE.all(session, handles=list(handles))
    return {row.handle: _record(row) for row in found}


def collections_by_id(session: Session, ids: Sequence[int]) -> dict[int, CollectionRecord]:
    """Return the published collections among `ids`."""
    found = session.execute(_in_language(session).where(Collection.id.in_(ids)))
    return {row.id: _record(row) for row in found}


def collections_and_pictures(
    session: Session, handles: Sequence[str], keys: Sequence[str]
) -> tuple[dict[str, CollectionRecord], dict[str, Picture]]:
    """Return the published collections among `handles` and the pictures of these storage keys, by one query."""
    if spoken(session):
        chosen = _in_language(session).where(Collection.handle.in_(handles))
        found = list(session.execute(union_all(chosen, _PICTURES.add_columns(cast(null(), JSONB)).where(_HAS_KEY)),
                                     {"keys": list(keys)}))  # fmt: skip
    else:
        found = _BOTH.all(session, handles=list(handles), keys=list(keys))
    collections = {row[1]: _record(row) for row in found if row[0] is not None}
    return collections, {row[7]: Picture(*row[6:12]) for row in found if row[0] is None}


def list_collections(session: Session, offset: int = 0, limit: int = 50) -> tuple[list[CollectionRecord], int]:
    """Return a window of the published collections in the shop's order, and how many there are."""
    query = _in_language(session).order_by(Collection.position, Collection.title, Collection.id)
    found = [_record(row) for row in session.execute(query.offset(offset).limit(limit))]
    if offset == 0 and len(found) < limit:
        return found, len(found)
    total = select(func.count()).select_from(Collection).where(Collection.published_at <= clock.now())
    return found, session.execute(total).scalar_one()


def collections_of(session: Session, product_ids: Sequence[int]) -> dict[int, list[CollectionRecord]]:
    """Return at most 10 published collections of each product."""
    query = (
        _in_language(session)
        .add_columns(CollectionProduct.product_id)
        .join(CollectionProduct, CollectionProduct.collection_id == Collection.id)
        .where(CollectionProduct.product_id.in_(product_ids))
        .order_by(Collection.position, Collection.id)
    )
    found: dict[int, list[CollectionRecord]] = defaultdict(list)
    for row in session.execute(query):
        if len(found[row.product_id]) < MAX_OF_PRODUCT:
            found[row.product_id].append(_record(row))
    return dict(found)
