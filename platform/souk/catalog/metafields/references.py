"""References as people write them: a pasted address, a handle, a SKU or the name of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.metafields.types import MAX_ITEMS, Unreadable
from souk.catalog.models import Collection, Product, Variant
from souk.catalog.tables import media, pages

# type -> the column of its number, that of the name people know it by, and what to say
TARGETS: Mapping[str, tuple[Any, Any, str]] = {
    "product_reference": (Product.id, Product.handle, "product has the address"),
    "variant_reference": (Variant.id, Variant.sku, "variant has the SKU"),
    "collection_reference": (Collection.id, Collection.handle, "collection has the address"),
    "page_reference": (pages.c.id, pages.c.handle, "page has the address"),
    "file_reference": (media.c.id, media.c.filename, "picture of the shop has the name"),
}


def numbered(session: Session, kind: str, text: str) -> str:
    """Return the text with the number of the thing in place of its name, line by line; raises Unreadable."""
    target = TARGETS.get(kind.removeprefix("list."))
    lines = [line.strip() for line in text.replace("\x00", "").splitlines() if line.strip()]
    if target is None or len(lines) > MAX_ITEMS:
        return text
    return "\n".join(line if _is_number(line) else str(_number(session, target, line)) for line in lines)


def named(session: Session, kind: str, value: Any) -> Any:
    """Return the value with names in place of numbers, as far as a name leads back to its number."""
    target = TARGETS.get(kind.removeprefix("list."))
    if target is None or value is None:
        return value
    numbers = value if isinstance(value, list) else [value]
    names = _names(session, target, numbers)
    shown = [names.get(number, number) for number in numbers]
    return shown if isinstance(value, list) else shown[0]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _number(session: Session, target: tuple[Any, Any, str], line: str) -> int:
    # Of an address only its end is the name: https://shop.example/products/lamp?variant=3
    name = line.partition("?")[0].rstrip("/").rpartition("/")[2] if "/" in line else line
    if "/" in line and _is_number(name):
        return int(name)
    key, column, said = target
    found = session.scalars(select(key).where(column == name).order_by(key.desc()).limit(1)).first()
    if found is None:
        raise Unreadable(f"no {said} {name[:80]!r}.")
    return int(found)


def _names(session: Session, target: tuple[Any, Any, str], numbers: Sequence[Any]) -> dict[Any, str]:
    key, column, _ = target
    wanted = select(column).where(key.in_(numbers))
    rows = session.execute(select(key, column).where(column.in_(wanted)).order_by(key)).all()
    newest = {row[1]: row[0] for row in rows}
    return {number: name for name, number in newest.items() if name and not _is_number(name) and "/" not in name}
