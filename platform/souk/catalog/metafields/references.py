"""References as people write them: a pasted address, a handle, a SKU or the name of a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from souk.catalog.metafields.types import ENTRY_REFERENCE, MAX_ITEMS, Unreadable, Validations
from souk.catalog.metaobjects.models import Metaobject, MetaobjectDefinition
from souk.catalog.models import Collection, Product, Variant
from souk.catalog.tables import media, pages


@dataclass(frozen=True, slots=True)
class Target:
    """The columns of a thing's number, of the name that people know it by and of its title; what to say of it."""

    key: Any
    name: Any
    title: Any
    said: str
    only: tuple[ColumnElement[bool], ...] = ()


_TARGETS: Mapping[str, Target] = {
    "product_reference": Target(Product.id, Product.handle, Product.title, "product has the address"),
    "variant_reference": Target(Variant.id, Variant.sku, Variant.title, "variant has the SKU"),
    "collection_reference": Target(Collection.id, Collection.handle, Collection.title, "collection has the address"),
    "page_reference": Target(pages.c.id, pages.c.handle, pages.c.title, "page has the address"),
    "file_reference": Target(media.c.id, media.c.filename, media.c.alt, "picture of the shop has the name"),
    ENTRY_REFERENCE: Target(Metaobject.id, Metaobject.handle, Metaobject.title, "entry of this type has the handle"),
}


def target_of(kind: str, validations: Validations) -> Target | None:
    """Return what a type refers to, None for a type that is no reference."""
    target = _TARGETS.get(kind.removeprefix("list."))
    if target is None or kind.removeprefix("list.") != ENTRY_REFERENCE:
        return target
    model = MetaobjectDefinition
    own = select(model.id).where(model.type == str(validations.get("metaobject", ""))).scalar_subquery()
    return replace(target, only=(Metaobject.definition_id == own,))


def numbered(session: Session, kind: str, text: str, validations: Validations) -> str:
    """Return the text with the number of the thing in place of its name, line by line; raises Unreadable."""
    target = target_of(kind, validations)
    lines = [line.strip() for line in text.replace("\x00", "").splitlines() if line.strip()]
    if target is None or len(lines) > MAX_ITEMS:
        return text
    return "\n".join(line if _is_number(line) else str(_number(session, target, line)) for line in lines)


def named(session: Session, kind: str, value: Any, validations: Validations) -> Any:
    """Return the value with names in place of numbers, as far as a name leads back to its number."""
    return all_named(session, kind, [value], validations)[0]


def all_named(session: Session, kind: str, values: Sequence[Any], validations: Validations) -> list[Any]:
    """Do the same to many values of one field with one query; None stays None."""
    target = target_of(kind, validations)
    numbers = {number for value in values for number in _numbers(value)}
    if target is None or not numbers:
        return list(values)
    names = _names(session, target, numbers)
    return [
        [names.get(number, number) for number in value] if isinstance(value, list) else names.get(value, value)
        for value in values
    ]


def missing(session: Session, kind: str, value: Any, validations: Validations) -> bool:
    """Tell whether a value refers to something that the shop does not have."""
    target = target_of(kind, validations)
    if target is None:
        return False
    wanted = set(_numbers(value))
    found = select(target.key).where(target.key.in_(wanted), *target.only)
    return set(session.scalars(found)) != wanted


def _numbers(value: Any) -> Iterable[int]:
    if value is None:
        return ()
    return [each for each in value if isinstance(each, int)] if isinstance(value, list) else [value]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _number(session: Session, target: Target, line: str) -> int:
    # Of an address only its end is the name: https://shop.example/products/lamp?variant=3
    name = line.partition("?")[0].rstrip("/").rpartition("/")[2] if "/" in line else line
    if "/" in line and _is_number(name):
        return int(name)
    query = select(target.key).where(target.name == name, *target.only)
    found = session.scalars(query.order_by(target.key.desc()).limit(1)).first()
    if found is None:
        raise Unreadable(f"no {target.said} {name[:80]!r}.")
    return int(found)


def _names(session: Session, target: Target, numbers: Iterable[int]) -> dict[Any, str]:
    wanted = select(target.name).where(target.key.in_(sorted(numbers)), *target.only)
    query = select(target.key, target.name).where(target.name.in_(wanted), *target.only)
    newest = {row[1]: row[0] for row in session.execute(query.order_by(target.key))}
    return {number: name for name, number in newest.items() if name and not _is_number(name) and "/" not in name}
