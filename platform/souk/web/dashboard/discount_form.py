"""A discount as it is typed: everything as text, so that a refused form shows what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from souk.discounts.drafts import DiscountDraft
from souk.discounts.errors import DiscountInvalid
from souk.discounts.queries import DiscountView
from souk.discounts.simulate import MOST_ORDERS
from souk.web.dashboard.typed_values import (
    cleaned,
    shown_amount,
    shown_moment,
    typed_amount,
    typed_moment,
    typed_number,
)

TEXTS = (
    "title", "method", "code", "status", "value_type", "kind", "value", "buys_quantity", "gets_quantity",
    "uses_per_order", "minimum_subtotal", "minimum_quantity", "tags", "first_order", "countries", "max_shipping",
    "usage_limit", "per_customer", "budget", "starts_at", "ends_at", "orders",
)  # fmt: skip
SCOPES = ("applies_to", "buys", "gets")
_MOST_IDS = 1_000
_SIMULATED = 500


@dataclass(slots=True)
class DiscountForm:
    """`chosen[scope]` is {"products": [1], "collections": [2]}; `find` looks for products to choose."""

    texts: dict[str, str]
    combines_with: Sequence[str] = ()
    chosen: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    find: str = ""

    def __getattr__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def products(self) -> list[int]:
        return sorted({number for scope in self.chosen.values() for number in scope["products"]})


def blank_form() -> DiscountForm:
    texts = dict.fromkeys(TEXTS, "") | {"method": "code", "status": "active", "value_type": "percentage"}
    return DiscountForm(texts | {"kind": "order"}, chosen=_nothing())


def orders_to_try(form: DiscountForm) -> int:
    """Return over how many of the newest orders the form wants to run; raises NotWhole, DiscountInvalid."""
    typed = typed_number(form.orders, "Orders to try it on")
    orders = _SIMULATED if typed is None else typed
    if not 1 <= orders <= MOST_ORDERS:
        raise DiscountInvalid("orders", f"A simulation takes 1 to {MOST_ORDERS:,} of the newest orders.")
    return orders


def typed_form(sent: MultiDict[str, str]) -> DiscountForm:
    chosen = {
        scope: {kind: list(_ids(sent.getlist(f"{scope}_{kind}"))) for kind in ("products", "collections")}
        for scope in SCOPES
    }
    texts = {name: cleaned(sent.get(name, "")) for name in TEXTS}
    return DiscountForm(texts, sent.getlist("combines_with"), chosen, cleaned(sent.get("find", "")))


def stored_form(found: DiscountView, currency: str) -> DiscountForm:
    rules = found.rules
    minimum, customers = rules.get("minimum", {}), rules.get("customers", {})
    fixed = found.value_type == "fixed_amount"
    texts = {
        "title": found.title,
        "method": found.method,
        "code": found.code,
        "status": found.stored_status,
        "value_type": found.value_type,
        "kind": found.kind,
        "value": shown_amount(rules["value"], currency) if fixed else str(rules.get("value", "")),
        "buys_quantity": _shown(rules.get("buys", {}).get("quantity")),
        "gets_quantity": _shown(rules.get("gets", {}).get("quantity")),
        "uses_per_order": _shown(rules.get("uses_per_order")),
        "minimum_subtotal": shown_amount(minimum.get("subtotal"), currency),
        "minimum_quantity": _shown(minimum.get("quantity")),
        "tags": ", ".join(customers.get("tags", ())),
        "first_order": "yes" if customers.get("first_order") else "",
        "countries": ", ".join(rules.get("countries", ())),
        "max_shipping": shown_amount(rules.get("max_shipping"), currency),
        "usage_limit": _shown(found.usage_limit),
        "per_customer": _shown(found.per_customer),
        "budget": shown_amount(found.budget, currency),
        "starts_at": shown_moment(found.starts_at),
        "ends_at": shown_moment(found.ends_at),
    }
    chosen = {scope: _nothing()[scope] | _scope(rules.get(scope, {})) for scope in SCOPES}
    return DiscountForm(texts, found.combines_with, chosen)


def draft_of(form: DiscountForm, currency: str) -> DiscountDraft:
    """Raises UnreadableAmount, NotWhole or NotMoment for the first field that cannot be read."""
    texts = form.texts
    return DiscountDraft(
        title=texts["title"],
        method=texts["method"],
        code=texts["code"] if texts["method"] == "code" else "",
        status=texts["status"],
        kind=_kind(texts),
        value_type=texts["value_type"],
        rules=_rules(form, currency),
        combines_with=form.combines_with,
        usage_limit=typed_number(texts["usage_limit"], "Uses in total"),
        per_customer=typed_number(texts["per_customer"], "Uses per customer"),
        budget=typed_amount(texts["budget"], currency),
        starts_at=typed_moment(texts["starts_at"], "Starts"),
        ends_at=typed_moment(texts["ends_at"], "Ends"),
    )


def _kind(texts: Mapping[str, str]) -> str:
    """Two types lower one thing only; the select of the others is hidden then and says what it said before."""
    return {"free_shipping": "shipping", "buy_x_get_y": "product"}.get(texts["value_type"], texts["kind"])


def _rules(form: DiscountForm, currency: str) -> dict[str, Any]:
    texts = form.texts
    fixed = texts["value_type"] == "fixed_amount"
    value: Any = typed_amount(texts["value"], currency) if fixed else texts["value"].replace(",", ".")
    sides = {
        name: {"quantity": typed_number(texts[f"{name}_quantity"], f"{name.capitalize()}"), **form.chosen[name]}
        for name in ("buys", "gets")
    }
    return {
        "value": value,
        "applies_to": form.chosen["applies_to"],
        **sides,
        "uses_per_order": typed_number(texts["uses_per_order"], "Uses per order"),
        "minimum": {
            "subtotal": typed_amount(texts["minimum_subtotal"], currency),
            "quantity": typed_number(texts["minimum_quantity"], "Minimum quantity"),
        },
        "customers": {"tags": _words(texts["tags"]), "first_order": texts["first_order"] == "yes"},
        "countries": _words(texts["countries"]),
        "max_shipping": typed_amount(texts["max_shipping"], currency),
    }


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _nothing() -> dict[str, dict[str, list[int]]]:
    return {scope: {"products": [], "collections": []} for scope in SCOPES}


def _scope(stored: Mapping[str, Any]) -> dict[str, list[int]]:
    return {kind: list(stored[kind]) for kind in ("products", "collections") if kind in stored}


def _ids(sent: Iterable[str]) -> Iterable[int]:
    return [int(text) for text in sent if text.isascii() and text.isdecimal() and len(text) < 19][:_MOST_IDS]  # noqa: PLR2004 - a bigint


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)
