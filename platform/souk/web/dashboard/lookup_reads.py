"""Find what a form may name, by words: a shop may have more of each than any list offers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.metafields.references import target_of
from souk.catalog.models import Product

MOST = 20
_COLUMNS = {"vendor": Product.vendor, "type": Product.product_type}


def find_names(session: Session, kind: str, words: str, among: str = "") -> list[tuple[str, str]]:
    """Return at most 20 names that hold the words, each with its title; those that begin with them come first.

    `kind`: vendor, type, tag, or a type of metafields that refers to something; `among` is the type of entries.
    """
    if kind in _COLUMNS:
        return _plain(session, select(_COLUMNS[kind].label("name")).distinct(), words)
    if kind == "tag":
        return _plain(session, select(func.unnest(Product.tags).label("name")).distinct(), words)
    target = target_of(kind, {"metaobject": among})
    if target is None:
        return []
    query = select(target.name, target.title).where(target.name != "", *target.only)
    if words:
        holds = (target.name.icontains(words, autoescape=True), target.title.icontains(words, autoescape=True))
        query = query.where(or_(*holds))
    starts = target.title.istartswith(words, autoescape=True)
    query = query.order_by(starts.desc(), func.lower(target.title), target.key).limit(MOST)
    return [(row[0], row[1]) for row in session.execute(query)]


def _plain(session: Session, every: Select[Any], words: str) -> list[tuple[str, str]]:
    name = every.subquery().c.name
    query = select(name).where(name != "", name.icontains(words, autoescape=True))
    found = query.order_by(name.istartswith(words, autoescape=True).desc(), func.lower(name), name).limit(MOST)
    return [(text, "") for text in session.scalars(found)]
