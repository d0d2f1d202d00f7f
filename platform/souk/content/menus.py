"""Save menus, and read them with the addresses their items lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Text,
    any_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.models import Collection, Product
from souk.content.errors import ContentInvalid, MenuMissing
from souk.content.models import Menu, Page
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.localized import MENU, digest_of, shared_texts
from souk.kernel.outbox import publish
from souk.kernel.statement import Statement

MAX_DEPTH = 3
_FIXED = {"home": "/", "collections": "/collections", "search": "/search", "blog": "/blog"}
_FOLDERS = {"collection": "/collections", "product": "/products", "page": "/pages", "policy": "/pages"}
_MODELS: dict[str, Any] = {"collection": Collection, "product": Product, "page": Page}


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuRecord:
    handle: str
    title: str
    links: tuple[Link, ...]


_TARGETS = Statement[Any](
    union_all(
        *(
            select(literal(kind, Text), model.id, model.handle).where(
                model.id == any_(bindparam(kind, type_=ARRAY(BigInteger)))
            )
            for kind, model in _MODELS.items()
        )
    )
)


def _led_to(model: Any, kinds: str) -> ColumnElement[Any]:
    """Return the column of handles by id that a menu's items of these kinds lead to, as JSON or null."""
    path = f'\'$.**?(@.type like_regex "^({kinds})$" && @.target.type() == "number").target\''
    ids = select(cast(func.jsonb_path_query(Menu.items.expression, literal_column(path)), BigInteger))
    found = select(func.jsonb_object_agg(model.id, model.handle)).where(model.id.in_(ids.correlate(Menu)))
    return found.correlate(Menu).scalar_subquery()


_MENUS = Statement[Any](
    select(
        Menu.handle, Menu.title, Menu.items, Menu.id, _led_to(Collection, "collection").label("collection"),
        _led_to(Product, "product").label("product"), _led_to(Page, "page|policy").label("page"),
    ).where(Menu.handle == any_(bindparam("handles", type_=ARRAY(Text))))
)  # fmt: skip


def menus_by_handle(session: Session, handles: Sequence[str]) -> dict[str, MenuRecord]:
    """Return the menus among `handles` by one query; an item whose target is gone is left out."""
    found = _MENUS.all(session, handles=list(handles))
    return {row.handle: _menu(row, _found(row), shared_texts(session, MENU, row.id)) for row in found}


def _found(row: Any) -> dict[tuple[str, int], str]:
    led = {"collection": row.collection, "product": row.product, "page": row.page}
    return {(kind, int(number)): handle for kind, each in led.items() for number, handle in (each or {}).items()}


def _menu(row: Any, targets: Mapping[tuple[str, int], str], texts: Mapping[str, str]) -> MenuRecord:
    return MenuRecord(row.handle, texts.get("title", row.title), _links(row.items, targets, texts))


def title_field(title: str) -> str:
    """Return the name of a link's translation: it follows the title, wherever the link is moved to."""
    return f"item.{digest_of(title)}"


def titles_in(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the titles of a menu's links, each once."""
    return list(dict.fromkeys(str(item["title"]) for item in _flat(items)))


def save_menu(session: Session, handle: str, title: str, items: Sequence[Mapping[str, Any]]) -> None:
    """Store the menu `handle`; raises ContentInvalid for an item that leads nowhere."""
    for item in _flat(items):
        _check(item)
    row = insert(Menu).values(handle=handle, title=title, items=list(items), updated_at=clock.now())
    changed = {"title": row.excluded.title, "items": row.excluded["items"], "updated_at": row.excluded.updated_at}
    session.execute(row.on_conflict_do_update(index_elements=[Menu.handle], set_=changed))
    publish(session, Event("content.updated", 0, {"kind": "menu", "handle": handle}))


def delete_menu(session: Session, menu_id: int) -> None:
    """Raises MenuMissing."""
    handle = session.execute(delete(Menu).where(Menu.id == menu_id).returning(Menu.handle)).scalar_one_or_none()
    if handle is None:
        raise MenuMissing
    publish(session, Event("content.updated", menu_id, {"kind": "menu", "handle": handle}))


def addresses_of(session: Session, items: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], int, str]]:
    """Return (item, depth from 1, address) of each item from top to bottom; the address of a lost target is empty."""
    targets = _targets(session, list(_flat(items)))
    return [(item, depth, _url(item, targets)) for item, depth in _walk(items)]


def target_of(session: Session, address: str) -> dict[str, Any]:
    """Return type and target of the item that leads to `address`: an entity of this shop by its id, else the address.

    By id, so that renaming the entity does not break the menu. Raises ContentInvalid.
    """
    fixed = {path: kind for kind, path in _FIXED.items()}
    if address in fixed:
        return {"type": fixed[address], "target": None}
    folder, _, handle = address.strip("/").partition("/")
    kind = next((kind for kind, path in _FOLDERS.items() if path == f"/{folder}"), None)
    if address.startswith("/") and handle and kind is not None:
        found = select(_MODELS[kind].id).where(_MODELS[kind].handle == handle)
        target = session.execute(found).scalar_one_or_none()
        if target is not None:
            return {"type": kind, "target": target}
        if kind != "collection" or handle != "all":
            raise ContentInvalid("items", f"there is no {kind} at {address}; choose one of the list.")
    item = {"title": "x", "type": "url", "target": address}
    _check(item)
    return {"type": "url", "target": address}


def _walk(items: Sequence[Mapping[str, Any]], depth: int = 1) -> Iterator[tuple[Mapping[str, Any], int]]:
    for item in items if depth <= MAX_DEPTH else ():
        yield item, depth
        yield from _walk(item.get("items") or (), depth + 1)


def _check(item: Mapping[str, Any]) -> None:
    kind, target = item.get("type"), item.get("target")
    if not str(item.get("title", "")).strip():
        raise ContentInvalid("items", "give each link a title.")
    if kind == "url":
        if not str(target).startswith(("/", "https://", "http://", "mailto:", "tel:")):
            raise ContentInvalid("items", f"{target!r} is no address; start it with / or https://.")
    elif kind in _FOLDERS:
        if not isinstance(target, int):
            raise ContentInvalid("items", f"a link to a {kind} needs its id.")
    elif kind not in _FIXED:
        raise ContentInvalid("items", f"{kind!r} is no kind of link; choose url, {', '.join(_FOLDERS | _FIXED)}.")


def _flat(items: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (item for item, _ in _walk(items))


def _targets(session: Session, items: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for item in items:
        if item.get("type") in _FOLDERS:
            wanted["page" if item["type"] == "policy" else item["type"]].add(int(item["target"]))
    if not wanted:
        return {}
    found = _TARGETS.all(session, **{kind: list(wanted[kind]) for kind in _MODELS})
    return {(kind, number): handle for kind, number, handle in found}


def _links(
    items: Sequence[Mapping[str, Any]],
    targets: Mapping[tuple[str, int], str],
    texts: Mapping[str, str],
    depth: int = 1,
) -> tuple[Link, ...]:
    if depth > MAX_DEPTH:
        return ()
    made = [
        Link(texts.get(title_field(title), title), url, _links(item.get("items") or (), targets, texts, depth + 1))
        for item in items
        if (url := _url(item, targets)) and (title := str(item["title"]))
    ]
    return tuple(made)


def _url(item: Mapping[str, Any], targets: Mapping[tuple[str, int], str]) -> str:
    kind = str(item.get("type"))
    if kind in _FIXED:
        return _FIXED[kind]
    if kind == "url":
        return str(item["target"])
    handle = targets.get(("page" if kind == "policy" else kind, int(item["target"])))
    return f"{_FOLDERS[kind]}/{handle}" if handle else ""
