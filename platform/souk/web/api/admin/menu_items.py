"""The links of menus between their stored shape, which has numbers, and the API's, which has ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.catalog.models import Collection, Product
from souk.content.errors import ContentInvalid
from souk.content.menus import addresses_of
from souk.content.models import Page
from souk.kernel import ids
from souk.web.api.admin.references import known_ids
from souk.web.api.schemas.admin_content import MenuLink, ShownLink

_TARGETS: Mapping[str, tuple[str, InstrumentedAttribute[int]]] = {
    "collection": (ids.COLLECTION, Collection.id),
    "product": (ids.PRODUCT, Product.id),
    "page": (ids.PAGE, Page.id),
    "policy": (ids.PAGE, Page.id),
}


def stored_items(session: Session, items: Sequence[MenuLink]) -> list[dict[str, Any]]:
    """Return the items as menus keep them; raises ContentInvalid, and UnknownReference for what the shop has not."""
    wanted: dict[str, list[str]] = defaultdict(list)
    stored = [_stored(item, wanted) for item in items]
    for kind, named in wanted.items():
        known_ids(session, "items", _TARGETS[kind][0], named, _TARGETS[kind][1])
    return stored


def _stored(item: MenuLink, wanted: dict[str, list[str]]) -> dict[str, Any]:
    target: str | int | None = item.target if item.type == "url" else None
    if item.type in _TARGETS:
        if item.target is None:
            raise ContentInvalid("items", f"“{item.title}” links to a {item.type}; name its id as target.")
        target = ids.decode(_TARGETS[item.type][0], item.target)
        wanted[item.type].append(item.target)
    below = [_stored(each, wanted) for each in getattr(item, "items", ())]
    return {"title": item.title.strip(), "type": item.type, "target": target, "items": below}


def shown_menus(session: Session, menus: Sequence[Sequence[Mapping[str, Any]]]) -> list[list[ShownLink]]:
    """Return the links of each menu with the addresses of now; the targets of all menus are read at once."""
    every = [item for items in menus for item in items]
    # The items of a row are read once: an item is itself, whatever it says.
    urls = {id(item): url for item, _depth, url in addresses_of(session, every)}
    return [[_shown(item, urls) for item in items] for items in menus]


def _shown(item: Mapping[str, Any], urls: Mapping[int, str]) -> ShownLink:
    target = item.get("target")
    if item["type"] in _TARGETS:
        target = ids.encode(_TARGETS[item["type"]][0], int(item["target"]))
    below = [_shown(each, urls) for each in item.get("items") or ()]
    return ShownLink(title=item["title"], type=item["type"], target=target, address=urls.get(id(item), ""), items=below)
