"""Find or make the nodes of the category tree."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.handles import slugify
from souk.catalog.models import Category


def ensure_category(session: Session, path: Sequence[str]) -> int | None:
    """Return the id of the category with these names from the root, made where it is missing; None for no names."""
    parent: int | None = None
    for depth in range(1, len(path) + 1):
        parent = _ensure(session, list(path[:depth]), parent)
    return parent


def _ensure(session: Session, path: list[str], parent: int | None) -> int:
    handle = slugify(" ".join(path), "category")
    values = {"handle": handle, "name": path[-1], "path": path, "parent_id": parent}
    session.execute(insert(Category).values(values).on_conflict_do_nothing(index_elements=[Category.handle]))
    return session.execute(select(Category.id).where(Category.handle == handle)).scalar_one()
