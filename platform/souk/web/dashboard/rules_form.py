"""The conditions of an automated collection as rows of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Category
from souk.catalog.rules import STOCKS, Condition, Rules

BLANK_ROWS = 2
MAX_ROWS = 32
MOST_CATEGORIES = 1_000
# field.relation -> how a person says it
RELATIONS: Mapping[str, str] = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "starts_with": "begins with",
    "greater_than": "is more than",
    "less_than": "is less than",
    "is_set": "is set",
    "is_not_set": "is not set",
}
FIELD_TITLES: Mapping[str, str] = {
    "title": "Title", "vendor": "Vendor", "product_type": "Type", "tag": "Tag", "price": "Price",
    "compare_at_price": "Price before", "stock": "Stock", "category": "Category", "sku": "SKU",
}  # fmt: skip


def rule_values(session: Session) -> Mapping[str, list[tuple[str, str]]]:
    """Return what to choose from as (value, its name), for fields whose values are few; others are found by typing."""
    paths = session.execute(select(Category.handle, Category.path).order_by(Category.path).limit(MOST_CATEGORIES))
    return {
        "stock": [(value, "") for value in STOCKS],
        "category": [(row.handle, " / ".join(row.path)) for row in paths],
    }


def typed_rules(form: Mapping[str, str]) -> Rules:
    """Read match, c-0-field, c-0-relation, c-0-value and so on; a row without field is none."""
    rows = []
    for number in range(MAX_ROWS):
        field = form.get(f"c-{number}-field", "")
        if field:
            relation, value = form.get(f"c-{number}-relation", ""), form.get(f"c-{number}-value", "")
            rows.append(Condition(field, relation, value.strip()))
    return Rules(form.get("match", "all"), tuple(rows))


def rule_rows(rules: Rules | None) -> list[Condition]:
    """Return the conditions with blank rows after them."""
    return [*(rules.conditions if rules else ()), *[Condition("", "")] * BLANK_ROWS]


def stored_rules(form: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what is stored: None for a collection arranged by hand."""
    return typed_rules(form).stored() if form.get("kind") == "automated" else None
