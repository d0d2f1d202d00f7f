"""Collections that keep themselves: conditions over products, and who meets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.errors import CollectionInvalid
from souk.catalog.models import Category, Product, Variant

MAX_CONDITIONS = 30
MAX_VALUE = 255
MATCHES = ("all", "any")
STOCKS = ("in", "out")
_TEXT = ("is", "is_not", "contains", "starts_with")
_NUMBER = ("is", "greater_than", "less_than")
# field -> the relations that make sense for it
FIELDS: Mapping[str, Sequence[str]] = {
    "title": _TEXT,
    "vendor": _TEXT,
    "product_type": _TEXT,
    "tag": ("is", "is_not"),
    "price": _NUMBER,
    "compare_at_price": ("is_set", "is_not_set", *_NUMBER),
    "stock": ("is", "is_not"),
    "category": ("is",),
    "sku": ("is", "starts_with"),
}
_COLUMNS: Mapping[str, Any] = {"title": Product.title, "vendor": Product.vendor, "product_type": Product.product_type}


@dataclass(frozen=True, slots=True)
class Condition:
    """`value` is text; a price is in major units, stock is "in" or "out", a category is its handle."""

    field: str
    relation: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    match: str
    conditions: tuple[Condition, ...]

    def stored(self) -> dict[str, Any]:
        parts = [{"field": each.field, "relation": each.relation, "value": each.value} for each in self.conditions]
        return {"match": self.match, "conditions": parts}


def rules_of(stored: Mapping[str, Any]) -> Rules:
    return Rules(stored["match"], tuple(Condition(**part) for part in stored["conditions"]))


def check_rules(rules: Rules) -> None:
    """Raise CollectionInvalid for the first condition that means nothing."""
    if rules.match not in MATCHES:
        raise CollectionInvalid("rules", "choose whether all conditions must hold or any of them.")
    if not 1 <= len(rules.conditions) <= MAX_CONDITIONS:
        raise CollectionInvalid("rules", f"write 1 to {MAX_CONDITIONS} conditions.")
    for number, each in enumerate(rules.conditions, 1):
        if each.relation not in FIELDS.get(each.field, ()):
            raise CollectionInvalid("rules", f"condition {number} does not fit its field; choose another relation.")
        _check_value(each, number)


def _check_value(each: Condition, number: int) -> None:
    if len(each.value) > MAX_VALUE or "\x00" in each.value:
        raise CollectionInvalid("rules", f"shorten the value of condition {number} to {MAX_VALUE} characters.")
    if not each.value and each.relation not in {"is_set", "is_not_set"}:
        raise CollectionInvalid("rules", f"condition {number} needs a value.")
    if each.field == "stock" and each.value not in STOCKS:
        raise CollectionInvalid("rules", f"condition {number} is about stock; write “in” or “out”.")
    if each.field in {"price", "compare_at_price"} and each.value:
        _minor(each.value, 2, number)


def matching(rules: Rules, exponent: int) -> Select[Any]:
    """Return the select of the ids of the products that meet the rules; `exponent` is that of the shop's currency."""
    joined = and_ if rules.match == "all" else or_
    return select(Product.id).where(joined(*(_condition(each, exponent) for each in rules.conditions)))


def count_matching(session: Session, rules: Rules, exponent: int, limit: int = 8) -> tuple[int, list[str]]:
    """Return how many products meet the rules, and the titles of the first few; raises CollectionInvalid."""
    check_rules(rules)
    found = matching(rules, exponent).subquery()
    total = session.execute(select(func.count()).select_from(found)).scalar_one()
    titles = select(Product.title).where(Product.id.in_(select(found.c.id))).order_by(Product.title, Product.id)
    return total, list(session.scalars(titles.limit(limit)))


def _condition(each: Condition, exponent: int) -> ColumnElement[bool]:
    if each.field in _COLUMNS:
        return _text(_COLUMNS[each.field], each)
    special: dict[str, Callable[[], ColumnElement[bool]]] = {
        "tag": lambda: _negated(each, Product.tags.contains([each.value])),
        "stock": lambda: _negated(each, Product.available.is_(each.value == "in")),
        "category": lambda: _below(each.value),
        "sku": lambda: Product.id.in_(select(Variant.product_id).where(_text(Variant.sku, each))),
        "price": lambda: _amount(Product.price_min, each, exponent),
        "compare_at_price": lambda: _amount(Product.compare_at_price, each, exponent),
    }
    return special[each.field]()


def _text(column: Any, each: Condition) -> ColumnElement[bool]:
    wanted: dict[str, Callable[[], ColumnElement[bool]]] = {
        "is": lambda: func.lower(column) == each.value.lower(),
        "is_not": lambda: func.lower(column) != each.value.lower(),
        "contains": lambda: column.icontains(each.value, autoescape=True),
        "starts_with": lambda: column.istartswith(each.value, autoescape=True),
    }
    return wanted[each.relation]()


def _negated(each: Condition, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return ~condition if each.relation == "is_not" else condition


def _amount(column: Any, each: Condition, exponent: int) -> ColumnElement[bool]:
    if each.relation in {"is_set", "is_not_set"}:
        return column.is_not(None) if each.relation == "is_set" else column.is_(None)  # type: ignore[no-any-return]
    amount = _minor(each.value, exponent, 1)
    compared: dict[str, ColumnElement[bool]] = {
        "is": column == amount, "greater_than": column > amount, "less_than": column < amount,
    }  # fmt: skip
    return compared[each.relation]


def _minor(text: str, exponent: int, number: int) -> int:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 10**12:
        raise CollectionInvalid("rules", f"condition {number} needs an amount such as 12.50.")
    return int(amount.scaleb(exponent))


def _below(handle: str) -> ColumnElement[bool]:
    """Hold for the category and all that lies below it."""
    path = select(Category.path).where(Category.handle == handle).scalar_subquery()
    inside = select(Category.id).where(Category.path[1 : func.cardinality(path)] == path)
    return Product.category_id.in_(inside)
