"""Arrange the category tree: make, rename, move and delete its nodes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from souk.catalog.drafts import MAX_TEXT
from souk.catalog.errors import CategoryInvalid, CategoryMissing
from souk.catalog.handles import free_handle, slugify
from souk.catalog.models import Category, Product
from souk.kernel.events import Event
from souk.kernel.outbox import publish

MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """`depth` is 0 for a root; `products` counts those of the node itself."""

    id: int
    parent_id: int | None
    handle: str
    name: str
    depth: int
    products: int


# The path of every node from its parents: names change, and with them the paths of all below.
_PATHS = text("""
WITH RECURSIVE tree AS (
  SELECT id, ARRAY[name] AS path FROM categories WHERE parent_id IS NULL
  UNION ALL
  SELECT c.id, t.path || c.name FROM categories c JOIN tree t ON c.parent_id = t.id
)
UPDATE categories c SET path = t.path FROM tree t WHERE t.id = c.id AND c.path <> t.path
""")
_ANCESTORS = text("""
WITH RECURSIVE up AS (
  SELECT id, parent_id FROM categories WHERE id = :id
  UNION ALL
  SELECT c.id, c.parent_id FROM categories c JOIN up ON c.id = up.parent_id
)
SELECT id FROM up
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
        for own, up, handle, name, products in below.get(parent, ()):
            found.append(CategoryNode(own, up, handle, name, depth, products))
            walk(own, depth + 1)

    walk(None, 0)
    return found


def save_category(
    session: Session, name: str, parent_id: int | None = None, category_id: int | None = None, position: int = 1
) -> int:
    """Make a node, or rename and move one, and return its id; raises CategoryInvalid, CategoryMissing."""
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_TEXT or "\x00" in name:
        raise CategoryInvalid("name", f"write 1 to {MAX_TEXT} characters.")
    # One writer at a time: two moves at once could hang two branches below each other.
    session.execute(select(Category.id).order_by(Category.id).with_for_update()).all()
    _check_parent(session, parent_id, category_id)
    if category_id is None:
        handle = free_handle(session, Category.handle, slugify(name, "category"), key=Category.id)
        values = {"handle": handle, "name": name, "path": [name], "parent_id": parent_id, "position": position}
        saved = session.execute(insert(Category).values(values).returning(Category.id)).scalar_one_or_none()
    else:
        changed = update(Category).where(Category.id == category_id)
        changed = changed.values(name=name, parent_id=parent_id, position=position)
        saved = session.execute(changed.returning(Category.id)).scalar_one_or_none()
    if saved is None:
        raise CategoryMissing
    _settle(session)
    return saved


def delete_category(session: Session, category_id: int) -> None:
    """Take a node away; its children and products move up to its parent. Raises CategoryMissing."""
    found = session.execute(select(Category.parent_id).where(Category.id == category_id).with_for_update()).first()
    if found is None:
        raise CategoryMissing
    for model, column in ((Category, Category.parent_id), (Product, Product.category_id)):
        session.execute(update(model).where(column == category_id).values({column: found.parent_id}))
    session.execute(delete(Category).where(Category.id == category_id))
    _settle(session)


def _check_parent(session: Session, parent_id: int | None, category_id: int | None) -> None:
    if parent_id is None:
        return
    up = list(session.scalars(_ANCESTORS, {"id": parent_id}))
    if not up:
        raise CategoryMissing
    if category_id in up:
        raise CategoryInvalid("parent", "a category cannot hang below itself; choose another parent.")
    if len(up) >= MAX_DEPTH:
        raise CategoryInvalid("parent", f"the tree has at most {MAX_DEPTH} levels.")


def _settle(session: Session) -> None:
    session.execute(_PATHS)
    # Filters of listings show the names.
    publish(session, Event("content.updated", 0, {"kind": "categories", "handle": ""}))
