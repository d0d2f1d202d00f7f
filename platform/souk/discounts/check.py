"""Check what somebody wants a discount to be, and bring it into the form that is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from souk.discounts.drafts import METHODS, STATUSES, VALUE_TYPES, DiscountDraft
from souk.discounts.errors import DiscountInvalid
from souk.discounts.terms import CLASSES, SHIPPING

MAX_TITLE = 120
MAX_AMOUNT = 10**12
MAX_COUNT = 1_000_000_000
MAX_NAMED = 1_000
_CLASSES_OF = {
    "percentage": CLASSES,
    "fixed_amount": CLASSES,
    "free_shipping": (SHIPPING,),
    "buy_x_get_y": ("product",),
}


def check_draft(draft: DiscountDraft) -> dict[str, Any]:
    """Return the rules to store; raises DiscountInvalid for the first value that cannot be."""
    if not 0 < len(draft.title.strip()) <= MAX_TITLE:
        raise DiscountInvalid("title", f"Give the discount a name of 1 to {MAX_TITLE} characters; buyers read it.")
    _one_of("method", draft.method, METHODS)
    _one_of("status", draft.status, STATUSES)
    _one_of("value_type", draft.value_type, VALUE_TYPES)
    _one_of("class", draft.kind, _CLASSES_OF[draft.value_type])
    for kind in draft.combines_with:
        _one_of("combines_with", kind, CLASSES)
    _count("usage_limit", draft.usage_limit)
    _count("per_customer", draft.per_customer)
    _count("budget", draft.budget, MAX_AMOUNT)
    if draft.ends_at and draft.starts_at and draft.ends_at <= draft.starts_at:
        raise DiscountInvalid("ends_at", "The discount ends before it starts; choose a later end.")
    return _rules(draft)


def _rules(draft: DiscountDraft) -> dict[str, Any]:
    given = draft.rules
    rules: dict[str, Any] = {}
    if draft.value_type in {"percentage", "buy_x_get_y"}:
        rules["value"] = _percentage(given.get("value", ""))
    if draft.value_type == "fixed_amount":
        rules["value"] = _whole("value", given.get("value"), MAX_AMOUNT)
    if draft.value_type == "buy_x_get_y":
        rules["buys"], rules["gets"] = (_side(name, given.get(name) or {}) for name in ("buys", "gets"))
        rules["uses_per_order"] = _optional("uses_per_order", given.get("uses_per_order"), MAX_COUNT)
    elif draft.kind != SHIPPING:
        rules["applies_to"] = _scope(given.get("applies_to") or {})
    if draft.kind == SHIPPING:
        rules["countries"] = sorted({str(code).upper() for code in given.get("countries") or ()})
        rules["max_shipping"] = _optional("max_shipping", given.get("max_shipping"), MAX_AMOUNT)
    minimum = given.get("minimum") or {}
    rules["minimum"] = {
        name: value
        for name in ("subtotal", "quantity")
        if (value := _optional(f"minimum_{name}", minimum.get(name), MAX_AMOUNT)) is not None
    }
    rules["customers"] = _customers(given.get("customers") or {})
    return {name: value for name, value in rules.items() if value}


def _customers(given: Mapping[str, Any]) -> dict[str, Any]:
    tags = sorted({str(tag).strip().lower()[:60] for tag in given.get("tags") or () if str(tag).strip()})
    return ({"tags": tags} if tags else {}) | ({"first_order": True} if given.get("first_order") else {})


def _side(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"quantity": _whole(f"{name}_quantity", given.get("quantity"), MAX_COUNT), **_scope(given)}


def _scope(given: Mapping[str, Any]) -> dict[str, Any]:
    scope = {name: sorted({int(number) for number in given.get(name) or ()}) for name in ("products", "collections")}
    for name, numbers in scope.items():
        if len(numbers) > MAX_NAMED:
            raise DiscountInvalid(name, f"Name at most {MAX_NAMED} {name}; put the products into a collection.")
    return {name: numbers for name, numbers in scope.items() if numbers}


def _percentage(value: object) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 0 < number <= 100 or number != number.quantize(Decimal("0.0001")):  # noqa: PLR2004 - a whole
        raise DiscountInvalid("value", "A percentage is above 0 and at most 100, with at most 4 decimals.")
    return f"{number:f}"


def _one_of(field: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise DiscountInvalid(field, f"{field.replace('_', ' ').capitalize()} is one of {', '.join(known)} here.")


def _count(field: str, value: int | None, most: int = MAX_COUNT) -> None:
    if value is not None:
        _whole(field, value, most)


def _optional(field: str, value: object, most: int) -> int | None:
    return None if value in (None, "", 0) else _whole(field, value, most)


def _whole(field: str, value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
        name = field.replace("_", " ").capitalize()
        raise DiscountInvalid(field, f"{name} is above 0 and at most {most}; change it.")
    return value
