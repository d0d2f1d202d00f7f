"""What the merchant's own fields refer to, as rows that themes read; products are priced by the reader itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.collection_queries import collections_by_id
from souk.catalog.metaobjects.queries import shown_by_id
from souk.content.pages import pages_by_id
from souk.web.storefront.queries import images_by_id
from souk.web.storefront.rows import collection_row, entry_row, page_row
from themes import rows


def _entries(session: Session, ids: Sequence[int]) -> dict[int, rows.EntryRow]:
    return {key: entry_row(entry) for key, entry in shown_by_id(session, ids).items()}


def _collections(session: Session, ids: Sequence[int]) -> dict[int, rows.CollectionRow]:
    return {key: collection_row(record) for key, record in collections_by_id(session, ids).items()}


def _pages(session: Session, ids: Sequence[int]) -> dict[int, rows.PageRow]:
    return {key: page_row(page) for key, page in pages_by_id(session, ids).items()}


REFERENCED: Mapping[str, Callable[[Session, Sequence[int]], Mapping[int, Any]]] = {
    "metaobject": _entries, "file": images_by_id, "collection": _collections, "page": _pages,
}  # fmt: skip
