"""Which request does what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.doubles.stripe import hosted, money
from tests.doubles.stripe.store import Store, Thing, public

_ID = re.compile(r"(?<=/)(pi|re|cs|we|acct|pm|ch|dp|cus)_[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Asked:
    """`account` is the connected account of the header `Stripe-Account`."""

    method: str
    path: str
    params: dict[str, Any]
    account: str
    origin: str

    @property
    def shape(self) -> str:
        return _ID.sub("{}", self.path)

    @property
    def id(self) -> str:
        found = _ID.search(self.path)
        return found[0] if found else ""


def perform(store: Store, asked: Asked) -> Thing:
    """Do what was asked and return Stripe's answer."""
    return _shown(store, _perform(store, asked), asked.params.get("expand", {}).values())


def _perform(store: Store, asked: Asked) -> Thing:
    route = _ROUTES.get(f"{asked.method} {asked.shape}")
    return store.get(asked.id, asked.account) if route is None else route(store, asked)


def _list(kind: str, store: Store, asked: Asked) -> Thing:
    found = store.of(kind, payment_intent=asked.params["payment_intent"], _account=asked.account)
    data = [public(one) for one in found]
    return {"object": "list", "has_more": False, "url": f"/v1/{asked.path}", "data": data}


def _forget_endpoint(store: Store, asked: Asked) -> Thing:
    del store.things[store.get(asked.id, asked.account)["id"]]
    return {"id": asked.id, "object": "webhook_endpoint", "deleted": True}


def _link(_store: Store, asked: Asked) -> Thing:
    return {"object": "account_link", "created": 0, "expires_at": 300, "url": f"{asked.origin}/onboard"}


_OWN = {
    "id": "acct_own", "object": "account", "charges_enabled": True, "payouts_enabled": True,
    "requirements": {"currently_due": []},
}  # fmt: skip
_ROUTES: dict[str, Callable[[Store, Asked], Thing]] = {
    "POST payment_intents": lambda store, a: money.create_intent(store, a.account, a.params),
    "POST payment_intents/{}/confirm": lambda store, a: money.confirm(store, store.get(a.id, a.account), a.params),
    "POST payment_intents/{}/capture": lambda store, a: money.capture(store, store.get(a.id, a.account), a.params),
    "POST payment_intents/{}/cancel": lambda store, a: money.cancel(store, store.get(a.id, a.account)),
    "POST refunds": lambda store, a: money.refund(store, a.account, a.params),
    "GET refunds": partial(_list, "refund"),
    "GET disputes": partial(_list, "dispute"),
    "POST checkout/sessions": lambda store, a: hosted.create_session(store, a.account, a.params, a.origin),
    "POST checkout/sessions/{}/expire": lambda store, a: hosted.expire_session(store, store.get(a.id, a.account)),
    "POST webhook_endpoints": lambda store, a: hosted.create_endpoint(store, a.account, a.params),
    "DELETE webhook_endpoints/{}": _forget_endpoint,
    "POST payment_method_domains": lambda store, a: hosted.register_domain(store, a.account, a.params),
    "POST customers": lambda store, a: store.make(
        "cus", "customer", email=a.params.get("email"), metadata=a.params.get("metadata", {}), _account=a.account
    ),
    "POST payment_methods/{}/detach": lambda store, a: money.detach(store.get(a.id, a.account)),
    "POST accounts": lambda store, a: hosted.create_account(store, a.params),
    "POST account_links": _link,
    "GET balance": lambda _store, _asked: {"object": "balance", "available": [], "pending": [], "livemode": False},
    "GET account": lambda _store, _asked: _OWN,
    "GET accounts/{}": lambda store, a: store.get(a.id),
}


def _shown(store: Store, thing: Thing, expand: Any) -> Thing:
    shown = public(thing)
    for path in expand:
        name, _, rest = path.partition(".")
        value = shown.get(name)
        inner = value if isinstance(value, dict) else store.things.get(value or "")
        if inner is not None:
            shown[name] = _shown(store, inner, [rest] if rest else [])
    return shown
