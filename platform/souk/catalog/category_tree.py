"""Arrange the category tree: make, rename, move and delete its nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from souk.catalog.drafts import MAX_TEXT
from souk.catalog.errors import CategoryInvalid, CategoryMissing
from souk.catalog.handles import free_handle, slugify
from souk.catalog.models import Category, Product
from souk.catalog.update_product import tell_of_products
from souk.kernel.events import Event
from souk.kernel.outbox import publish

MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """`depth` is 0 for a root; `place` is its own among its siblings.

    `products` and `children` count what hangs on the node itself, not further down.
    """

    id: int
    parent_id: int | None
    handle: str
    name: str
    depth: int
    products: int
    children: int
    place: int


# The path of every node from its parents: names change, and with them the paths of all below.
_PATHS = text("""
WITH RECURSIVE tree AS (
  SELECT id, ARRAY[name] AS path FROM categories WHERE parent_id IS NULL
  UNION ALL
  SELECT c.id, t.path || c.name FROM categories c JOIN tree t ON c.parent_id = t.id
)
UPDATE categories c SET path = t.path FROM tree t WHERE t.id = c.id AND c.path <> t.path RETURNING c.id
""")
_ANCESTORS = text("""
WITH RECURSIVE up AS (
  SELECT id, parent_id FROM categories WHERE id = :id
  UNION ALL
  SELECT c.id, c.parent_id FROM categories c JOIN up ON c.id = up.parent_id
)
SELECT id FROM up
""")
_LEVELS = text("""
WITH RECURSIVE down AS (
  SELECT id, 1 AS level FROM categories WHERE id = :id
  UNION ALL
  SELECT c.id, d.level + 1 FROM categories c JOIN down d ON c.parent_id = d.id
)
SELECT max(level) FROM down
""")


def read_tree(session: Session) -> list[CategoryNode]:
    """Return all nodes, each after its parent, siblings by place and name."""
    counted = select(Product.category_id, func.count().label("n")).group_by(Product.category_id).subquery()
    columns = (Category.id, Category.parent_id, Category.handle, Category.name, func.coalesce(counted.c.n, 0))
    query = select(*columns).outerjoin(counted, counted.c.category_id == Category.id)
    rows = session.execute(query.order_by(Category.position, func.lower(Category.name), Category.id)).all()
    below: dict[int | None, list[tuple[int, int | None, str, str, int]]] = {}
    for row in rows:
        below.setdefault(row[1], []).append((row[0], row[1], row[2], row[3], row[4]))
    found: list[CategoryNode] = []

    def walk(parent: int | None, depth: int) -> None:
        for place, (own, up, handle, name, products) in enumerate(below.get(parent, ()), 1):
            found.append(CategoryNode(own, up, handle, name, depth, products, len(below.get(own, ())), place))
            walk(own, depth + 1)

    walk(None, 0)
    return found


def save_category(
    session: Session, name: str, parent_id: int | None = None, category_id: int | None = None, place: int | None = None
) -> int:
    """Make a node, or rename and move one, and return its id; raises CategoryInvalid, CategoryMissing.

    `place` is that among its siblings, from 1. Without one it stays where it is, or stands with the last; siblings that
    nobody arranged are in the order of their names.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_TEXT or "\x00" in name:
        raise CategoryInvalid("name", f"write 1 to {MAX_TEXT} characters.")
    # One writer at a time: two moves at once could hang two branches below each other.
    session.execute(select(Category.id).order_by(Category.id).with_for_update()).all()
    _check_parent(session, parent_id, category_id)
    if category_id is None:
        handle = free_handle(session, Category.handle, slugify(name, "category"), key=Category.id)
        last = select(func.coalesce(func.max(Category.position), 1)).where(_below(parent_id)).scalar_subquery()
        values = {"handle": handle, "name": name, "path": [name], "parent_id": parent_id, "position": last}
        saved = session.execute(insert(Category).values(values).returning(Category.id)).scalar_one_or_none()
    else:
        changed = update(Category).where(Category.id == category_id)
        changed = changed.values(name=name, parent_id=parent_id)
        saved = session.execute(changed.returning(Category.id)).scalar_one_or_none()
    if saved is None:
        raise CategoryMissing
    if place is not None:
        _arrange(session, parent_id, saved, place)
    _settle(session)
    return saved


def delete_category(session: Session, category_id: int) -> None:
    """Take a node away; its children and products move up to its parent. Raises CategoryMissing."""
    found = session.execute(select(Category.parent_id).where(Category.id == category_id).with_for_update()).first()
    if found is None:
        raise CategoryMissing
    session.execute(update(Category).where(Category.parent_id == category_id).values(parent_id=found.parent_id))
    inside = update(Product).where(Product.category_id == category_id).values(category_id=found.parent_id)
    moved = session.scalars(inside.returning(Product.id)).all()
    session.execute(delete(Category).where(Category.id == category_id))
    _settle(session, moved)


def _below(parent_id: int | None) -> ColumnElement[bool]:
    return Category.parent_id.is_(None) if parent_id is None else Category.parent_id == parent_id


def _arrange(session: Session, parent_id: int | None, own: int, place: int) -> None:
    """Put a node at its place among its siblings; nothing is written where it stands there already."""
    column = Category.position
    shown = select(Category.id).where(_below(parent_id)).order_by(column, func.lower(Category.name), Category.id)
    before = list(session.scalars(shown))
    after = [each for each in before if each != own]
    after.insert(max(place, 1) - 1, own)
    if after != before:
        places = {each: number for number, each in enumerate(after, 1)}
        session.execute(update(Category).where(Category.id.in_(after)).values(position=case(places, value=Category.id)))


def _check_parent(session: Session, parent_id: int | None, category_id: int | None) -> None:
    if parent_id is None:
        return
    up = list(session.scalars(_ANCESTORS, {"id": parent_id}))
    if not up:
        raise CategoryMissing
    if category_id in up:
        raise CategoryInvalid("parent", "a category cannot hang below itself; choose another parent.")
    own_levels: int = session.scalar(_LEVELS, {"id": category_id}) or 1
    if len(up) + own_levels > MAX_DEPTH:
        levels = f" and this branch has {own_levels}" if own_levels > 1 else ""
        said = f"the tree has at most {MAX_DEPTH} levels{levels}; choose a parent higher up."
        raise CategoryInvalid("parent", said)


def _settle(session: Session, moved: Sequence[int] = ()) -> None:
    """Write the paths anew; search and automated collections hear of the products in them, and of those `moved`."""
    changed = session.scalars(_PATHS).all()
    inside = session.scalars(select(Product.id).where(Product.category_id.in_(changed))) if changed else ()
    tell_of_products(session, sorted({*moved, *inside}))
    # Filters of listings show the names.
    publish(session, Event("content.updated", 0, {"kind": "categories", "handle": ""}))
