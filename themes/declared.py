"""What a template can name: the declarations of the engine, for the validator and the generated reference."""

from __future__ import annotations

import builtins
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, get_args, get_origin

from markupsafe import Markup

from themes import rows
from themes.app_blocks import AppDrop
from themes.drops.base import Drop, kept
from themes.drops.blog import ArticleDrop, BlogDrop
from themes.drops.collection import CollectionDrop, SearchDrop
from themes.drops.entry import EntryTypes
from themes.drops.globals import (
    LanguageDrop,
    LocalizationDrop,
    PageDrop,
    RequestDrop,
    RoutesDrop,
    ShopDrop,
    TemplateDrop,
)
from themes.drops.handles import AllCollections, ByHandle
from themes.drops.listing import ProductList
from themes.drops.metafields import FieldsDrop
from themes.drops.paginate import PaginateDrop
from themes.drops.personal import CartDrop, CustomerDrop
from themes.drops.product import ProductDrop
from themes.sandbox.access import EXPOSED
from themes.sections import BlockDrop, SectionDrop
from themes.settings import SettingsDrop
from themes.tags.calls import FormDrop

GLOBALS: dict[str, type] = {
    "shop": ShopDrop,
    "settings": SettingsDrop,
    "request": RequestDrop,
    "routes": RoutesDrop,
    "localization": LocalizationDrop,
    "template": TemplateDrop,
    "menus": ByHandle,
    "collections": AllCollections,
    "products": ByHandle,
    "pages": ByHandle,
    "metaobjects": EntryTypes,
    "cart": CartDrop,
    "customer": CustomerDrop,
    "canonical_url": str,
    "page_title": str,
    "page_description": str,
    "now": datetime,
    "plugins": dict,
}
RESOURCES: dict[str, type] = {
    "product": ProductDrop, "collection": CollectionDrop, "search": SearchDrop, "page": PageDrop,
    "blog": BlogDrop, "article": ArticleDrop,
}  # fmt: skip
SECTION: dict[str, type] = {"section": SectionDrop, "block": BlockDrop}
# In the files of an app.
APP: dict[str, type] = {"app": AppDrop}
LAYOUT: dict[str, type] = {"content_for_header": Markup, "content_for_layout": Markup}
TAGS: dict[str, type] = {"paginate": PaginateDrop, "form": FormDrop}
FUNCTIONS = frozenset({"range", "namespace"})
_ROWS: dict[type, type] = {
    ShopDrop: rows.ShopRow, RequestDrop: rows.RequestRow, RoutesDrop: rows.RoutesRow,
    LocalizationDrop: rows.LocalizationRow, LanguageDrop: rows.LanguageRow, PageDrop: rows.PageRow,
    CartDrop: rows.CartRow,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A property of an object; `drop` is the class behind it, `many` says that it is a list of these."""

    name: str
    type: str
    doc: str
    drop: builtins.type | None = None
    many: bool = False


def members(cls: type) -> list[Member]:
    """Return what a theme may read of `cls`, in the order of its declaration."""
    return [_member(cls, name) for name in sorted(EXPOSED.get(cls, ()), key=_order(cls))]


def _order(cls: type) -> typing.Callable[[str], tuple[int, str]]:
    names = [name for base in reversed(cls.__mro__) for name in vars(base)]
    return lambda name: (names.index(name) if name in names else len(names), name)


def _member(cls: type, name: str) -> Member:
    attribute = next(vars(base)[name] for base in cls.__mro__ if name in vars(base))
    doc = (getattr(attribute, "__doc__", "") or "").strip()
    if isinstance(attribute, (types.MemberDescriptorType, types.FunctionType)):
        doc = getattr(cls, "docs", {}).get(name, "")
    hint = _hint(cls, name, attribute)
    drop, many = _drop_of(hint)
    return Member(name, describe(hint), doc, drop, many)


def _hint(cls: type, name: str, attribute: Any) -> Any:
    getter = attribute.method if isinstance(attribute, kept) else getattr(attribute, "fget", None)
    if isinstance(getter, attrgetter):
        return _row_hint(cls, name)
    if isinstance(getter, types.FunctionType):
        scope = {**vars(sys.modules[getter.__module__]), **_LATE}
        return typing.get_type_hints(getter, scope).get("return", Any)
    return getattr(cls, "types", {}).get(name, Any)


def _row_hint(cls: type, name: str) -> Any:
    row = _ROWS.get(cls)
    if row is None:
        row = typing.get_type_hints(cls.__init__, {**vars(sys.modules[cls.__module__]), **_LATE}).get("row")  # type: ignore[misc]
    return typing.get_type_hints(row).get(name, Any) if isinstance(row, type) else Any


# Names that modules import for type checkers only.
_LATE: dict[str, Any] = {"CollectionDrop": CollectionDrop, "ProductDrop": ProductDrop}


def _drop_of(hint: Any) -> tuple[type | None, bool]:
    if get_origin(hint) in (typing.Union, types.UnionType):
        found = [_drop_of(part) for part in get_args(hint)]
        return next((pair for pair in found if pair[0] is not None), (None, False))
    if get_origin(hint) in (list, tuple, Sequence):
        return _drop_of(get_args(hint)[0])[0], True
    if hint is ProductList:
        return ProductDrop, True
    return (hint, False) if isinstance(hint, type) and issubclass(hint, Drop) else (None, False)


_WORDS: dict[Any, str] = {
    str: "text", Markup: "HTML", int: "number", float: "number", bool: "true or false", datetime: "date",
    types.NoneType: "nothing", Any: "any", dict: "values by name",
    ByHandle: "objects by handle", AllCollections: "collections", EntryTypes: "entries by type",
    FieldsDrop: "values by key",
    ProductList: "list of product", SettingsDrop: "settings",
}  # fmt: skip


def describe(hint: Any) -> str:
    """Return a type in the words of the reference."""
    if hint in _WORDS:
        return _WORDS[hint]
    if get_origin(hint) in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(describe(part) for part in get_args(hint)))
    if get_origin(hint) in (list, tuple, Sequence):
        return f"list of {describe(get_args(hint)[0])}"
    return object_name(hint) if isinstance(hint, type) else "any"


def object_name(cls: type) -> str:
    """Return the name of a drop in the reference: ProductDrop is product, CartItemDrop is cart_item."""
    name = cls.__name__.removesuffix("Drop")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def named(folder: str) -> Mapping[str, type]:
    """Return the names that every file of `folder` can read."""
    common = {**GLOBALS, **RESOURCES}
    return {**common, **LAYOUT} if folder == "layout" else {**common, **SECTION}
