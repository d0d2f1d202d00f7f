"""Find or make the nodes of the category tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from souk.catalog.handles import free_handle, slugify
from souk.catalog.models import Category

Path = tuple[str, ...]
# The children of each parent by what their names have in common.
_Known = dict[int | None, dict[str, int]]


def ensure_category(session: Session, path: Sequence[str]) -> int | None:
    """Return the id of the category with these names from the root, made where it is missing; None for no names.

    Names that differ in capitals or signs only are one category.
    """
    names = tuple(path)
    return ensure_categories(session, [names])[names]


def ensure_categories(session: Session, paths: Iterable[Path]) -> dict[Path, int | None]:
    """Return the category of each path as `ensure_category` does; the children of a parent are read once."""
    known: _Known = {}
    return {path: _ensure(session, path, known) for path in paths}


def _ensure(session: Session, path: Path, known: _Known) -> int | None:
    parent: int | None = None
    for depth in range(1, len(path) + 1):
        # By name and place, not by handle: a category that was moved, renamed or made by hand has another handle than
        # one of this path would get, and would be made a second time.
        if parent not in known:
            known[parent] = _children(session, parent)
        key = _key(path[depth - 1])
        if key not in known[parent]:
            known[parent][key] = _make(session, path[:depth], parent)
        parent = known[parent][key]
    return parent


def _make(session: Session, path: Path, parent: int | None) -> int:
    wanted = slugify(" ".join(path), "category")
    handle = free_handle(session, Category.handle, wanted, key=Category.id)
    # Where the name is taken, whoever held its lock may have made this very category meanwhile.
    made = None if handle == wanted else _children(session, parent).get(_key(path[-1]))
    if made is not None:
        return made
    values = {"handle": handle, "name": path[-1], "path": list(path), "parent_id": parent}
    return session.execute(insert(Category).values(values).returning(Category.id)).scalar_one()


def _children(session: Session, parent: int | None) -> dict[str, int]:
    of_parent = select(Category.id, Category.name).where(Category.parent_id.is_not_distinct_from(parent))
    return {_key(row.name): row.id for row in session.execute(of_parent.order_by(Category.id.desc()))}


def _key(name: str) -> str:
    return slugify(name, name)
