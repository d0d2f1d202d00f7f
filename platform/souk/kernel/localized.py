"""What merchants wrote, read in the language of a visit.

The edge tells a session which language is asked for; readers then lay the translations over what they read, in the
statement that reads it. In the shop's own language nothing is added to any statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, Text, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.kernel.models import Translation
from souk.kernel.statement import Statement

T = TypeVar("T")
_LOCALE, _SHARED = "souk.locale", "souk.shared_texts"
Texts = Mapping[str, str]
# Texts of the whole shop, small enough to be read at once: the words of options, categories, shipping rates and places
# of pick-up by themselves, the titles of menus, and what stands in the theme's sections.
LABEL, MENU, THEME = "label", "menu", "theme"
# Entries that the merchant defined: their texts stand in one document, and which they are their kind says.
ENTRY = "metaobject"
_SHARED_IN = (
    Translation.locale == bindparam("locale", type_=Text()),
    or_(*(Translation.resource_type == kind for kind in (LABEL, MENU, THEME))),
)
_EVERY = Statement[Any](
    select(Translation.resource_type, Translation.resource_id, Translation.field, Translation.value).where(*_SHARED_IN)
)


def digest_of(source: str) -> str:
    """Return what a translation remembers of its source, to tell that it was changed since."""
    return sha256(source.encode()).hexdigest()[:16]


def speak_in(session: Session, locale: str) -> None:
    """Let readers of this session answer in `locale`; nothing is the shop's own language."""
    session.info[_LOCALE] = locale
    session.info.pop(_SHARED, None)


def spoken(session: Session) -> str:
    locale: str = session.info.get(_LOCALE, "")
    return locale


def localized(session: Session, kind: str, owner: InstrumentedAttribute[int]) -> list[ColumnElement[Any]]:
    """Return the column that holds the translated fields of a row, as JSON or null; none in the own language."""
    locale = spoken(session)
    return [_fields(kind, owner, locale)] if locale else []


class LocalizedStatement(Generic[T]):
    """A statement that is compiled once, with the column of `localized` as its last where a visit needs it."""

    def __init__(
        self, query: Select[Any], kind: str, owner: InstrumentedAttribute[int], into: Callable[..., T] | None = None
    ) -> None:
        self._own = Statement(query, into)
        self._said = Statement(query.add_columns(_fields(kind, owner, bindparam("locale", type_=Text()))), into)

    def all(self, session: Session, **values: Any) -> list[T]:
        locale = spoken(session)
        return self._said.all(session, locale=locale, **values) if locale else self._own.all(session, **values)


def _fields(kind: str, owner: InstrumentedAttribute[int], locale: Any) -> ColumnElement[Any]:
    fields = select(func.jsonb_object_agg(Translation.field, Translation.value)).where(
        Translation.resource_type == kind, Translation.resource_id == owner, Translation.locale == locale
    )
    return fields.correlate(owner.class_).scalar_subquery()


def in_texts(row: Sequence[Any], place: int, field: str, source: str) -> str:
    """Return a field in the language of the visit: the column of `localized` stands at `place`, where there is one."""
    texts = row[place] if len(row) > place else None
    return str(texts.get(field) or source) if isinstance(texts, dict) else source


def texts_of_many(session: Session, kind: str, ids: Sequence[int]) -> dict[int, Texts]:
    """Return the translated fields of each: one query, and none in the shop's own language."""
    locale = spoken(session)
    if not locale or not ids:
        return {}
    query = select(Translation.resource_id, Translation.field, Translation.value).where(
        Translation.resource_type == kind, Translation.resource_id.in_(ids), Translation.locale == locale
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for owner, field, value in session.execute(query):
        found[owner][field] = value
    return dict(found)


def labels(session: Session) -> Callable[[str], str]:
    """Return what turns a word of an option, a category or a specification into the language of the visit."""
    known = shared_texts(session, LABEL)
    return lambda word: known.get(word, word)


def every_text() -> ColumnElement[Any]:
    """Return the column of all shared texts in the parameter `locale`, for a statement that is sent anyway."""
    row = func.jsonb_build_array(
        Translation.resource_type, Translation.resource_id, Translation.field, Translation.value
    )
    return select(func.jsonb_agg(row)).where(*_SHARED_IN).scalar_subquery()


def keep_texts(session: Session, rows: Sequence[tuple[str, int, str, str]] | None) -> None:
    """Let `shared_texts` answer from what a statement with `every_text` has read, after `speak_in`."""
    found: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for kind, owner, field, value in rows or ():
        found[kind, owner][field] = value
    session.info[_SHARED] = dict(found)


def shared_texts(session: Session, kind: str, owner: int = 0) -> Texts:
    """Return the translations of LABEL, of a MENU or of the THEME: one query a session for all three."""
    if not spoken(session):
        return {}
    if _SHARED not in session.info:
        keep_texts(session, _EVERY.all(session, locale=spoken(session)))
    texts: Texts = session.info[_SHARED].get((kind, owner), {})
    return texts
