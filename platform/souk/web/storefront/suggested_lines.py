"""Collections, pages and earlier queries that begin like what is being typed: one statement for all of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, DateTime, Select, Text, bindparam, literal_column, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.catalog.models import Collection
from souk.content.models import Page
from souk.kernel import clock
from souk.kernel.localized import texts_of_many
from souk.kernel.statement import Statement
from souk.search.reports import past_queries, past_terms

MOST_QUERIES = 4
MOST_COLLECTIONS = 3
MOST_PAGES = 2
_NOW = bindparam("now", type_=DateTime(timezone=True))


def _begins(model: type[Collection | Page], kind: str) -> Select[*tuple[Any, ...]]:
    title: InstrumentedAttribute[str] = model.title
    starts = title.ilike(bindparam("starts"), escape="\\")
    inside = title.ilike(bindparam("inside"), escape="\\")
    columns = (literal_column(f"'{kind}'", Text).label("kind"), title.label("title"), model.handle, model.id)
    return select(*columns).where(starts | inside).order_by(starts.desc(), title)


def _asked() -> Select[*tuple[Any, ...]]:
    past = past_queries().subquery()
    return select(
        literal_column("'query'", Text), past.c.terms, literal_column("''", Text), literal_column("0", BigInteger)
    )


_PARTS = (
    _begins(Collection, "collection").where(Collection.published_at <= _NOW).limit(MOST_COLLECTIONS),
    _begins(Page, "page").where(Page.published_at <= _NOW, Page.kind == "page").limit(MOST_PAGES),
)
# A shop that waits for its migration may have no table of past queries.
_TITLED = Statement[Any](union_all(*_PARTS))
_LINES = Statement[Any](union_all(*_PARTS, _asked()))


def read_lines(session: Session, text: str, *, queries: bool = True) -> list[tuple[str, str, str]]:
    """Return (kind, title, handle) of each collection and page whose title has a word that begins so, and query."""
    typed = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values: dict[str, Any] = {"starts": f"{typed}%", "inside": f"% {typed}%", "now": clock.now()}
    if queries:
        values |= past_terms(text) | {"most": MOST_QUERIES}
    found = (_LINES if queries else _TITLED).all(session, **values)
    texts = {
        kind: texts_of_many(session, kind, [row.id for row in found if row.kind == kind])
        for kind in ("collection", "page")
    }
    return [(row.kind, texts.get(row.kind, {}).get(row.id, {}).get("title", row.title), row.handle) for row in found]
