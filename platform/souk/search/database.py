"""The plain search that answers while the engine is down: exact words, every filter, no facets, no spelling."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, case, cast, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.orm import Session, aliased

from souk.catalog.models import WORDS, Category, CollectionProduct, Product, Variant
from souk.search.documents import is_listed
from souk.search.engine import SearchQuery, SearchResults, Sort

MOST_WORDS = 12
# Far beyond any shop's products, and within what SQL takes.
DEEPEST = 10_000_000
LARGEST_NUMBER = 2**63 - 1
_PATH = " > "
_SIMPLE = cast("simple", REGCONFIG)
# Shorter words begin too many others to be looked up by their beginning.
_EXACT = 2

_ORDERS: dict[Sort, tuple[Any, ...]] = {
    "price-ascending": (Product.price_min, Product.rating.desc()),
    "price-descending": (Product.price_min.desc(), Product.rating.desc()),
    "title-ascending": (func.lower(Product.title),),
    "created-descending": (Product.published_at.desc(),),
    "best-rating": (Product.rating.desc(), Product.price_min),
}


def search_database(session: Session, query: SearchQuery) -> SearchResults:
    """Return listed products that have every word of the text, in the engine's order as far as SQL knows it."""
    words = query.text.replace("\0", " ").split()[:MOST_WORDS]
    conditions = [is_listed(), *_candidates(words), *(_has(word) for word in words), *_filters(query)]
    ordered = _from_products(select(Product.id, func.count().over())).where(*conditions)
    page = ordered.order_by(*_order(query, words), Product.id).limit(query.limit)
    rows = session.execute(page.offset(min((query.page - 1) * query.limit, DEEPEST))).all()
    if rows or query.page == 1:
        return SearchResults(tuple(id_ for id_, _ in rows), rows[0][1] if rows else 0)
    return SearchResults((), session.scalar(_from_products(select(func.count())).where(*conditions)) or 0)


def suggest_titles(session: Session, text: str, limit: int) -> tuple[str, ...]:
    """Return titles that begin with the text, or have a word that does."""
    typed = text.replace("\0", " ").strip()
    if not typed:
        return ()
    starts = Product.title.istartswith(typed, autoescape=True)
    inside = Product.title.icontains(f" {typed}", autoescape=True)
    query = select(Product.title).where(is_listed(), or_(starts, inside)).group_by(Product.title)
    return tuple(session.scalars(query.order_by(func.bool_or(starts).desc(), Product.title).limit(limit)))


def _from_products(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.select_from(Product).outerjoin(Category, Category.id == Product.category_id)


def _order(query: SearchQuery, words: list[str]) -> tuple[Any, ...]:
    if query.sort != "relevance":
        return _ORDERS[query.sort]
    in_title = and_(*(Product.title.icontains(word, autoescape=True) for word in words)) if words else None
    if in_title is None:
        return _ORDERS["best-rating"]
    described = and_(*(_in_name_or_description(word) for word in words))
    return (case((in_title, 0), (described, 1), else_=2), *_ORDERS["best-rating"])


def _in_name_or_description(word: str) -> ColumnElement[bool]:
    return or_(
        Product.title.icontains(word, autoescape=True), Product.description_html.icontains(word, autoescape=True)
    )


def _candidates(words: list[str]) -> list[ColumnElement[bool]]:
    """Narrow by index, before every product's text is read, to those that may have the longest word.

    One word only, the most selective as a rule: PostgreSQL would take the texts of all candidates apart for a second.
    A word of signs is in no index. Each part has an index of its own, which are joined.
    """
    word = max((word for word in words if any(letter.isalnum() for letter in word)), key=len, default="")
    if not word:
        return []
    lexeme = word.replace("\\", "\\\\").replace("'", "''")
    asked = func.to_tsquery(_SIMPLE, f"'{lexeme}':*" if len(word) > _EXACT else f"'{lexeme}'")
    below = aliased(Category)
    path = func.lower(func.array_to_string(below.path, _PATH))
    categories = select(below.id).where(path.contains(word.lower(), autoescape=True))
    codes = select(Variant.product_id).where(or_(Variant.sku == word, Variant.barcode == word))
    return [
        or_(
            literal_column(WORDS).op("@@")(asked),
            Product.tags.overlap([word, word.lower(), word.upper(), word.capitalize()]),
            Product.category_id == any_(func.array(categories.scalar_subquery())),
            Product.id == any_(func.array(codes.scalar_subquery())),
        )
    ]


def _has(word: str) -> ColumnElement[bool]:
    code = exists().where(Variant.product_id == Product.id, or_(Variant.sku == word, Variant.barcode == word))
    return or_(
        _in_name_or_description(word),
        Product.vendor.icontains(word, autoescape=True),
        _category().contains(word.lower(), autoescape=True),
        func.array_to_string(Product.tags, " ").icontains(word, autoescape=True),
        code,
    )


def _category() -> ColumnElement[str]:
    """Return the path in lower case as " > kitchen > cups > ", in which a name and a whole path look alike."""
    path = func.coalesce(func.array_to_string(Category.path, _PATH), Product.product_type)
    return func.lower(func.concat(_PATH, path, _PATH))


def _filters(query: SearchQuery) -> list[ColumnElement[bool]]:
    return [*_label_filters(query), *_number_filters(query)]


def _label_filters(query: SearchQuery) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if query.category:
        chosen.append(_category().contains(f"{_PATH}{_clean(query.category)}{_PATH}", autoescape=True))
    if query.brands:
        chosen.append(func.lower(Product.vendor).in_([_clean(brand) for brand in query.brands]))
    for name, values in query.options.items():
        if values:
            holds = (Product.options.contains([{"name": _bare(name), "values": [_bare(value)]}]) for value in values)
            chosen.append(or_(*holds))
    if query.collection_id is not None:
        member = CollectionProduct.product_id == Product.id
        chosen.append(exists().where(member, CollectionProduct.collection_id == query.collection_id))
    return chosen


def _number_filters(query: SearchQuery) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if query.in_stock is not None:
        chosen.append(Product.available.is_(query.in_stock))
    if query.rating_min is not None:
        chosen.append(Product.rating >= Decimal(query.rating_min) / 10)
    if query.price_from is not None:
        chosen.append(Product.price_min >= _storable(query.price_from))
    if query.price_to is not None:
        chosen.append(Product.price_min <= _storable(query.price_to))
    return chosen


def _storable(number: int) -> int:
    """Return a bound that fits a bigint; beyond it one bound is as good as another."""
    return max(-LARGEST_NUMBER, min(number, LARGEST_NUMBER))


def _clean(label: str) -> str:
    return _bare(label).strip().lower()


def _bare(label: str) -> str:
    """Return the label without NUL, which PostgreSQL refuses in text."""
    return label.replace("\0", "")
