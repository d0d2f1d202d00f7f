"""What crosses the border between the shop and whoever moves its money. Amounts are minor units of `currency`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

# deferred: the order stands and the money comes later by another way (cash, bank transfer).
ChargeStatus = Literal["captured", "authorized", "deferred", "requires_action", "pending", "failed", "canceled"]
Capture = Literal["automatic", "manual"]
NoticeKind = Literal["payment", "refund", "dispute", "account", "other"]
SECURED = frozenset({"captured", "authorized", "deferred"})


@dataclass(frozen=True, slots=True)
class Account:
    """The shop whose money it is. `settings` are those of the provider's plugin there; secrets in them are sealed."""

    tenant_id: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to pay, as every call names it. The same `key` always means the same attempt.

    `reference` is the provider's own name for it, empty while we have heard of none.
    """

    key: str
    amount: int
    currency: str
    reference: str = ""
    account: Account = field(default=Account(), repr=False)


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """`method` is what the buyer's side sent, such as {"type": "test", "token": ...}; never card data.

    `return_url` is the page of ours that a buyer comes back to from a page of the provider's. `customer` is the
    provider's own name for a buyer whose methods it keeps, empty for a guest. `saved` is the provider's token of a
    method that it kept before; with `save` it keeps the one that pays now.
    """

    payment: Payment
    method: Mapping[str, Any]
    capture: Capture = "automatic"
    description: str = ""
    email: str = ""
    return_url: str = ""
    customer: str = ""
    saved: str = ""
    save: bool = False


@dataclass(frozen=True, slots=True)
class KeptMethod:
    """What a provider keeps: its tokens of the method and of the customer, and how a buyer recognizes it."""

    reference: str
    customer: str
    label: str


@dataclass(frozen=True, slots=True)
class Risk:
    """What a provider finds odd about a payment; `text` is a sentence for the shop's staff."""

    level: Literal["low", "medium", "high"]
    text: str


@dataclass(frozen=True, slots=True)
class ChargeResult:
    """`provider_status` is the provider's own word. `action` says what the buyer must do for `requires_action`:
    {"type": "redirect", "url"}, {"type": "script"} (the provider's script on our page does it) or {"type": "confirm",
    "title", "choices": [{"value", "title"}]}, whose choice comes back through `confirm`.

    `captured` and `refunded` are what moved so far, None from a provider that cannot tell. `kept` is the method that
    the provider keeps from now on, since `save` asked for it. `risk` becomes a note on the order.
    """

    status: ChargeStatus
    provider_reference: str = ""
    provider_status: str = ""
    error_code: str = ""
    message: str = ""
    action: Mapping[str, Any] = field(default_factory=dict)
    captured: int | None = None
    refunded: int | None = None
    kept: KeptMethod | None = None
    risk: Risk | None = None


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """`remaining` is what can still be captured afterwards; the rest of the authorization has been let go."""

    succeeded: bool
    provider_reference: str = ""
    error_code: str = ""
    remaining: int = 0


@dataclass(frozen=True, slots=True)
class RefundResult:
    """`pending`: the provider has taken the refund on and will say later how it ended."""

    succeeded: bool
    provider_reference: str = ""
    error_code: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Dispute:
    """A buyer took the money back through their bank. `status` is one of Stripe's words, which the field has taken
    over: warning_needs_response, warning_under_review, warning_closed, needs_response, under_review, won, lost.
    """

    reference: str
    status: str
    reason: str
    amount: int
    currency: str
    evidence_due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a webhook told: something about the payment of `key` (or about a refund with that key) has changed, or, of
    the kind `account`, what the shop's own account at the provider may do.

    It is a hint and never a fact: what is true is asked afterwards, so late, repeated and re-ordered ones do no harm.
    `tenant_id` is 0 where the message came to the platform and names no shop.
    """

    event_id: str
    type: str
    kind: NoticeKind
    key: str = ""
    tenant_id: int = 0
