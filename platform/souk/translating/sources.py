"""What there is to translate: each thing with its texts in the shop's own language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.catalog.models import Collection, Product
from souk.content.menus import title_field, titles_in
from souk.content.models import Article, Menu, Page
from souk.kernel.localized import ENTRY, LABEL, MENU, THEME, digest_of
from souk.kernel.models import Translation
from souk.translating.entries import read_entry_texts

MAX_LABELS = 2_000
_SEO = ("seo_title", "seo_description")
# Kinds with a row of their own, and which of its columns are texts.
ROWS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "product": (Product, ("title", "description_html", *_SEO)),
    "collection": (Collection, ("title", "description_html", *_SEO)),
    "page": (Page, ("title", "content_html", *_SEO)),
    "article": (Article, ("title", "excerpt", "content_html", *_SEO)),
}
KINDS = (*ROWS, ENTRY, MENU, LABEL, THEME)
# A word is the key of its own translation, and longer ones would fit into no index.
_LABELS = text(r"""
SELECT word FROM (
  SELECT 0 AS place, r->>'title' AS word FROM shipping_zones, jsonb_array_elements(rates) r
  UNION SELECT 0, name FROM locations WHERE pickup <> '{}'
  UNION SELECT 0, trim(line) FROM locations, regexp_split_to_table(pickup->>'instructions', '\r?\n') line
    WHERE pickup <> '{}' AND octet_length(line) <= 2000
  UNION SELECT 1, o->>'name' FROM products, jsonb_array_elements(options) o
  UNION SELECT 2, v FROM products, jsonb_array_elements(options) o, jsonb_array_elements_text(o->'values') v
  UNION SELECT 3, name FROM categories
  UNION SELECT 4, s->>'name' FROM products, jsonb_array_elements(specifications) s
  UNION SELECT 5, s->>'value' FROM products, jsonb_array_elements(specifications) s
) words WHERE word <> '' GROUP BY word ORDER BY min(place), word LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Text:
    """`field` names it within its resource; `html` is cleaned when it is stored."""

    field: str
    source: str
    html: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """`id` is 0 for the shop's words and for the theme, of which there is one each."""

    kind: str
    id: int
    title: str
    texts: Sequence[Text] = field(default=())


def read_resources(
    session: Session,
    kind: str,
    *,
    ids: Sequence[int] | None = None,
    words: str = "",
    undone: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[Resource]:
    """Return things of one kind by title; `undone` is a language in which some text of theirs is missing or outdated.

    The theme is no table's: see `themes.translatable`.
    """
    if kind == LABEL:
        found = session.execute(_LABELS, {"most": MAX_LABELS}).scalars()
        return [Resource(LABEL, 0, "Options, categories and delivery", [Text(word, word) for word in found])]
    if kind == MENU:
        return _menus(session, ids)
    if kind == ENTRY:
        return _entries(session, ids, words, undone)[offset : offset + limit]
    model, names = ROWS[kind]
    columns = [getattr(model, name) for name in names]
    query = _narrowed(select(model.id, *columns), model, ids, words)
    if undone:
        query = query.where(or_(*(_undone(kind, model.id, column, undone) for column in columns)))
    rows = session.execute(query.order_by(model.title, model.id).limit(limit).offset(offset))
    return [_resource(kind, names, row) for row in rows]


def count_resources(session: Session, kind: str, *, words: str = "", undone: str = "") -> int:
    if kind == ENTRY:
        return len(_entries(session, None, words, undone))
    model, names = ROWS[kind]
    query = _narrowed(select(func.count(model.id)), model, None, words)
    if undone:
        query = query.where(or_(*(_undone(kind, model.id, getattr(model, name), undone) for name in names)))
    counted: int = session.execute(query).scalar_one()
    return counted


def _narrowed(query: Select[Any], model: Any, ids: Sequence[int] | None, words: str) -> Select[Any]:
    if ids is not None:
        query = query.where(model.id.in_(ids))
    return query.where(model.title.icontains(words, autoescape=True)) if words else query


def _undone(
    kind: str, owner: InstrumentedAttribute[int], column: InstrumentedAttribute[str], locale: str
) -> ColumnElement[bool]:
    """Say that a text has no translation of what it says now; the digest is that of souk.kernel.localized."""
    digest = func.left(func.encode(func.sha256(func.convert_to(column, "UTF8")), "hex"), 16)
    fresh = select(literal(1)).where(
        Translation.resource_type == kind, Translation.resource_id == owner, Translation.locale == locale,
        Translation.field == column.key, Translation.digest == digest,
    )  # fmt: skip
    return (column != "") & ~fresh.correlate(owner.class_).exists()


def _resource(kind: str, names: Sequence[str], row: Any) -> Resource:
    texts = [Text(name, source, name.endswith("_html")) for name, source in zip(names, row[1:], strict=True) if source]
    return Resource(kind, row.id, row.title, texts)


def _entries(session: Session, ids: Sequence[int] | None, words: str, undone: str) -> list[Resource]:
    found = [
        Resource(ENTRY, number, title, [Text(*text) for text in texts])
        for number, title, texts in read_entry_texts(session, ids, words)
    ]
    if not undone:
        return found
    columns = (Translation.resource_id, Translation.field, Translation.digest)
    kept = select(*columns).where(Translation.resource_type == ENTRY, Translation.locale == undone)
    fresh = {tuple(row) for row in session.execute(kept)}
    return [
        each for each in found if any((each.id, text.field, digest_of(text.source)) not in fresh for text in each.texts)
    ]


def _menus(session: Session, ids: Sequence[int] | None) -> list[Resource]:
    query = select(Menu.id, Menu.title, Menu.items).order_by(Menu.title, Menu.id)
    found = session.execute(query if ids is None else query.where(Menu.id.in_(ids)))
    return [
        Resource(MENU, row.id, row.title,
                 [Text("title", row.title), *(Text(title_field(title), title) for title in titles_in(row.items))])
        for row in found
    ]  # fmt: skip
