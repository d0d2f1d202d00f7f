"""Which events an app may be told, what it needs to be allowed for each, and how an event is written for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from souk.kernel import ids
from souk.kernel.events import CATALOGUE, Event
from souk.kernel.money import Money

# Steps between our own processes, and mails whose secret is for one reader.
_INTERNAL = frozenset([
    "import.requested", "export.requested", "inventory.contended", "fulfillment.requested", "media.wanted",
    "media.created", "customer.password_reset_requested", "customer.email_proof_requested",
    "payment.notified", "staff.password_reset_requested", "tenant.created", "newsletter.requested", "message.sent",
    "order.link_requested",
])  # fmt: skip
_SCOPES = {
    "product": "read_products", "products": "read_products", "collection": "read_products",
    "review": "read_products", "import": "read_products", "export": "read_products", "inventory": "read_inventory",
    "order": "read_orders", "fulfillment": "read_orders", "refund": "read_orders", "customer": "read_customers",
    "checkout": "read_orders", "metaobject": "read_products",
}  # fmt: skip
_PREFIXES = {
    "product": ids.PRODUCT, "variant": ids.VARIANT, "collection": ids.COLLECTION, "order": ids.ORDER,
    "customer": ids.USER, "fulfillment": ids.FULFILLMENT, "refund": ids.REFUND, "review": ids.REVIEW,
    "import": ids.IMPORT, "export": ids.EXPORT, "inventory": ids.VARIANT,
    "checkout": ids.CHECKOUT, "metaobject": ids.METAOBJECT,
}  # fmt: skip
_AMOUNTS = ("total", "amount")
TOPICS = tuple(name for name in CATALOGUE if name not in _INTERNAL)


def scope_of_topic(topic: str) -> str:
    """Return the scope that a token needs to hear of the topic; empty where any token may."""
    return _SCOPES.get(topic.partition(".")[0], "")


def data_of(event: Event) -> dict[str, Any]:
    """Return the event as the APIs show things: prefixed ids, and money in major units as text."""
    resource = event.name.partition(".")[0]
    data: dict[str, Any] = {}
    if resource in _PREFIXES and event.subject_id:
        data["id"] = ids.encode(_PREFIXES[resource], event.subject_id)
    currency = event.payload.get("currency")
    for name, value in event.payload.items():
        if name in _AMOUNTS and currency:
            data[name] = str(Money(int(value), str(currency)).major)
        elif name != "token":
            data[name] = _shown(name, value)
    return data


def _shown(name: str, value: Any) -> Any:
    prefixes: Mapping[str, str] = _PREFIXES
    if name.endswith("_id") and isinstance(value, int):
        return ids.encode(prefixes.get(name.removesuffix("_id"), name.removesuffix("_id")), value)
    if name.endswith("_ids") and isinstance(value, list):
        prefix = prefixes.get(name.removesuffix("_ids"), name.removesuffix("_ids"))
        return [ids.encode(prefix, one) for one in value]
    return value
