"""Count what each filter of a listing would leave, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, cast, func, literal, null, select, true, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from souk.catalog.filters import ProductFilters, base_condition, chosen_conditions
from souk.catalog.models import Category, Product

MAX_VALUES = 50
_RATINGS = (4, 3)


@dataclass(frozen=True, slots=True)
class FacetCount:
    """`name`: brand, category, available, rating, price (value `max`, count in minor units) or option.<name>."""

    name: str
    value: str
    label: str
    count: int


def count_facets(session: Session, filters: ProductFilters) -> list[FacetCount]:
    """Return the counts, most frequent first; a filter's own choice is left out of its counts, so it stays open."""
    chosen = chosen_conditions(filters)
    flags = [part.label(f"m{number}") for number, part in enumerate(chosen.values())]
    columns = (Product.vendor, Product.category_id, Product.options, Product.price_min, Product.available)
    base = select(*columns, Product.rating, *flags).where(base_condition(filters)).cte("base")
    names = {name: base.c[f"m{number}"] for number, name in enumerate(chosen)}

    def but(own: str) -> ColumnElement[bool]:
        return and_(true(), *(flag for name, flag in names.items() if not _same(name, own)))

    arms = [
        _plain("brand", base.c.vendor, and_(base.c.vendor != "", but("brand"))),
        _categories(base, but("category")),
        _one("available", "1", func.count(), base, and_(base.c.available, but("available"))),
        _one("price", "max", func.coalesce(func.max(base.c.price_min), 0), base, but("price")),
        *(_one("rating", str(r), func.count(), base, and_(base.c.rating >= r, but("rating"))) for r in _RATINGS),
        _options(base, but("option")),
    ]
    return [FacetCount(*list(row)) for row in session.execute(union_all(*arms)) if row[3]]


def _same(name: str, own: str) -> bool:
    return name == own or (own == "option" and name.startswith("option."))


def _plain(name: str, column: ColumnElement[str], where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    counted = select(literal(name).label("name"), column.label("value"), column.label("label"), func.count().label("n"))
    arm = counted.where(where).group_by(column).order_by(func.count().desc(), column).limit(MAX_VALUES)
    return select(*arm.subquery().c)


def _one(
    name: str, value: str, counted: ColumnElement[int], base: CTE, where: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    return select(literal(name), literal(value), literal(value), counted).select_from(base).where(where)


def _categories(base: CTE, where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    counted = select(literal("category"), Category.handle, Category.name, func.count().label("n"))
    arm = counted.join_from(base, Category, Category.id == base.c.category_id)
    arm = arm.where(where).group_by(Category.id).order_by(func.count().desc(), Category.name)
    return select(*arm.limit(MAX_VALUES).subquery().c)


def _options(base: CTE, where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    option = func.jsonb_array_elements(base.c.options).table_valued("value").lateral("o")
    chosen = cast(option.c.value, JSONB)
    value = func.jsonb_array_elements_text(chosen["values"]).table_valued("value").lateral("v")
    name = func.concat("option.", chosen["name"].astext)
    counted = select(name, cast(value.c.value, Text), cast(value.c.value, Text), func.count().label("n"))
    arm = counted.select_from(base).join(option, true()).join(value, true())
    # Most products of a large shop have no options; opening each empty list would cost more than all other counts.
    some = base.c.options != cast([], JSONB)
    arm = arm.where(where, some, chosen["name"].astext.is_not(null())).group_by(name, value.c.value)
    return select(*arm.order_by(name, func.count().desc()).limit(MAX_VALUES * 3).subquery().c)
