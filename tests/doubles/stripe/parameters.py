"""Refuse parameters that Stripe's published request types do not have: the SDK's own `stripe.params`."""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NotRequired
from urllib.parse import parse_qsl

import stripe.params
import stripe.params.checkout
from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

# (method, path with {} for an id) -> the type of its parameters
TYPES: Mapping[tuple[str, str], type] = {
    ("POST", "payment_intents"): stripe.params.PaymentIntentCreateParams,
    ("GET", "payment_intents/{}"): stripe.params.PaymentIntentRetrieveParams,
    ("POST", "payment_intents/{}/confirm"): stripe.params.PaymentIntentConfirmParams,
    ("POST", "payment_intents/{}/capture"): stripe.params.PaymentIntentCaptureParams,
    ("POST", "payment_intents/{}/cancel"): stripe.params.PaymentIntentCancelParams,
    ("POST", "refunds"): stripe.params.RefundCreateParams,
    ("GET", "refunds"): stripe.params.RefundListParams,
    ("GET", "disputes"): stripe.params.DisputeListParams,
    ("POST", "checkout/sessions"): stripe.params.checkout.SessionCreateParams,
    ("GET", "checkout/sessions/{}"): stripe.params.checkout.SessionRetrieveParams,
    ("POST", "checkout/sessions/{}/expire"): stripe.params.checkout.SessionExpireParams,
    ("POST", "webhook_endpoints"): stripe.params.WebhookEndpointCreateParams,
    ("GET", "webhook_endpoints/{}"): stripe.params.WebhookEndpointRetrieveParams,
    ("DELETE", "webhook_endpoints/{}"): stripe.params.WebhookEndpointDeleteParams,
    ("POST", "payment_method_domains"): stripe.params.PaymentMethodDomainCreateParams,
    ("POST", "accounts"): stripe.params.AccountCreateParams,
    ("GET", "accounts/{}"): stripe.params.AccountRetrieveParams,
    ("GET", "account"): stripe.params.AccountRetrieveCurrentParams,
    ("POST", "account_links"): stripe.params.AccountLinkCreateParams,
    ("GET", "balance"): stripe.params.BalanceRetrieveParams,
    ("POST", "customers"): stripe.params.CustomerCreateParams,
    ("POST", "payment_methods/{}/detach"): stripe.params.PaymentMethodDetachParams,
    ("GET", "payment_methods/{}"): stripe.params.PaymentMethodRetrieveParams,
}
_PART = re.compile(r"[^\[\]]+")
_OPTIONS = frozenset(RequestOptions.__annotations__)


def parse(text: str) -> dict[str, Any]:
    """Return the nested parameters of a form such as `metadata[key]=1&expand[0]=x`."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *path, last = _PART.findall(name)
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = value
    return tree


def unknown(kind: type, values: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield the names in `values` that the request type does not have, and the required ones that are missing."""
    hints = _hints(kind)
    for name in kind.__required_keys__ - _OPTIONS:  # type: ignore[attr-defined]
        if name not in values:
            yield f"{path}{name} is missing"
    for name, value in values.items():
        if name not in hints:
            yield f"{path}{name} is unknown"
        elif isinstance(value, dict):
            yield from _inside(hints[name], value, f"{path}{name}.")


def _inside(hint: Any, value: Mapping[str, Any], path: str) -> Iterator[str]:
    kinds = list(_kinds(hint))
    if any(typing.get_origin(kind) is dict or kind is dict for kind in kinds):
        return
    items = [typing.get_args(kind)[0] for kind in kinds if typing.get_origin(kind) is list]
    if items and all(key.isdigit() for key in value):
        for index, item in value.items():
            if isinstance(item, dict):
                yield from _inside(items[0], item, f"{path}{index}.")
        return
    typed = next((kind for kind in kinds if is_typeddict(kind)), None)
    if typed is None:
        yield f"{path[:-1]} takes no parts"
        return
    yield from unknown(typed, value, path)


def _kinds(hint: Any) -> Iterator[Any]:
    """Yield the alternatives of a type."""
    origin = typing.get_origin(hint)
    if origin is NotRequired or origin is typing.Union or type(hint).__name__ == "UnionType":
        for part in typing.get_args(hint):
            yield from _kinds(part)
    else:
        yield hint


@lru_cache(maxsize=256)
def _hints(kind: type) -> dict[str, Any]:
    names = vars(sys.modules[kind.__module__])
    own = {name: hint for name, hint in kind.__annotations__.items() if name not in _OPTIONS}
    return typing.get_type_hints(type("Own", (), {"__annotations__": own}), globalns=names, localns={})
