"""Between a discount of the API and one of the shop: major units and prefixed ids outside, numbers inside."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.models import Collection, Product
from souk.discounts.drafts import DiscountDraft
from souk.discounts.queries import DiscountView
from souk.kernel import ids
from souk.kernel.money import Money
from souk.web.api.admin.references import known_ids
from souk.web.api.schemas.admin_discounts import AdminDiscount, DiscountScope, NewDiscount

_SAME = (
    "title", "method", "code", "status", "value_type", "combines_with", "usage_limit", "per_customer", "starts_at",
    "ends_at",
)  # fmt: skip


def draft_of(session: Session, body: NewDiscount, currency: str) -> DiscountDraft:
    """Raises UnreadableAmount for an amount the currency cannot have, UnknownReference for a missing product."""
    fixed = body.value_type == "fixed_amount"
    sides = {name: _stored(session, getattr(body, name)) for name in ("applies_to", "buys", "gets")}
    rules = {
        "value": _minor(body.value, currency) if fixed else body.value,
        **sides,
        "uses_per_order": body.uses_per_order,
        "minimum": {"subtotal": _minor(body.minimum_subtotal, currency), "quantity": body.minimum_quantity},
        "customers": {"tags": body.customer_tags, "first_order": body.first_order_only},
        "countries": body.countries,
        "max_shipping": _minor(body.max_shipping, currency),
    }
    same = {name: getattr(body, name) for name in _SAME}
    return DiscountDraft(**same, kind=body.discount_class, rules=rules, budget=_minor(body.budget, currency))


def shape_of(found: DiscountView, currency: str) -> dict[str, Any]:
    """Return what `NewDiscount` would hold for a stored discount."""
    rules = found.rules
    minimum, customers = rules.get("minimum", {}), rules.get("customers", {})
    value = rules.get("value")
    fixed = found.value_type == "fixed_amount"
    return {
        **{name: getattr(found, name) for name in _SAME if name != "status"},
        "combines_with": list(found.combines_with),
        "status": found.stored_status,
        "discount_class": found.kind,
        "value": None if value is None else _major(value, currency) if fixed else Decimal(value),
        "applies_to": _shown(rules.get("applies_to")),
        "buys": _shown(rules.get("buys")),
        "gets": _shown(rules.get("gets")),
        "uses_per_order": rules.get("uses_per_order"),
        "minimum_subtotal": _major(minimum.get("subtotal"), currency),
        "minimum_quantity": minimum.get("quantity"),
        "customer_tags": customers.get("tags", []),
        "first_order_only": bool(customers.get("first_order")),
        "countries": rules.get("countries", []),
        "max_shipping": _major(rules.get("max_shipping"), currency),
        "budget": _major(found.budget, currency),
    }


def view_of(found: DiscountView, currency: str) -> AdminDiscount:
    return AdminDiscount(
        **shape_of(found, currency),
        id=ids.encode(ids.DISCOUNT, found.id),
        state=found.status,
        codes_count=found.codes,
        used_count=found.used_count,
        spent=Money(found.spent, currency).major,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def _stored(session: Session, scope: DiscountScope | None) -> dict[str, Any]:
    if scope is None:
        return {}
    return {
        "products": known_ids(session, "product_ids", ids.PRODUCT, scope.product_ids, Product.id),
        "collections": known_ids(session, "collection_ids", ids.COLLECTION, scope.collection_ids, Collection.id),
        "quantity": scope.quantity,
    }


def _shown(stored: Mapping[str, Any] | None) -> DiscountScope | None:
    if stored is None:
        return None
    return DiscountScope(
        product_ids=[ids.encode(ids.PRODUCT, number) for number in stored.get("products", ())],
        collection_ids=[ids.encode(ids.COLLECTION, number) for number in stored.get("collections", ())],
        quantity=stored.get("quantity"),
    )


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else Money.from_major(amount, currency).amount


def _major(amount: int | None, currency: str) -> Decimal | None:
    return None if amount is None else Money(amount, currency).major
