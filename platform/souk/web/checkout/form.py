"""Read the one form of the checkout page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from souk.addresses.fields import BUSINESS, FIELDS
from souk.checkout.pickup import ANYWHERE
from souk.web.api.guard import refuse_unsafe

MAX_FIELD = 200
MAX_NOTE = 2_000
MAX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class CheckoutForm:
    """What the buyer typed, trimmed. `shown_total` (minor units) is the total on the page that was sent."""

    email: str
    address: Mapping[str, str]
    # None where nothing was said of it, '' where the goods are to be sent at whatever rate.
    shipping_code: str | None
    payment_provider: str
    payment_token: str
    # The id of a saved method, 0 for none.
    saved_method: int
    save_method: bool
    # What a provider's script made of the card in its own frame.
    provider_token: str
    note: str
    accepts_marketing: bool
    discount_code: str
    removed_code: str
    removed_card: str
    extras: Mapping[str, Any]
    # The id of the chosen saved address, 0 for a new one, and which one the page had filled in; None where not asked.
    saved_address: int | None
    address_shown: int | None
    shown_total: int | None
    pays: bool
    # Asked for the next step: what is missing for it is told.
    goes_on: bool

    def method(self, method_type: str) -> dict[str, Any]:
        """Return the payment method as its provider takes it."""
        if self.saved_method:
            return {"type": method_type, "saved": self.saved_method}
        token = self.payment_token if method_type == "test" else self.provider_token
        keep = {"save": True} if self.save_method else {}
        return {"type": method_type, **({"token": token} if token else {}), **keep}


def _extras(values: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page asked for beyond the usual; a box that was not shown is not unticked."""
    told: dict[str, Any] = {}
    if "credit_shown" in values:
        told["use_credit"] = values.get("use_credit") == "yes"
    if "gift_email" in values:
        gift = {
            name: values.get(f"gift_{name}", "").replace("\x00", "").strip() for name in ("name", "email", "message")
        }
        told["gift"] = {name: text[:MAX_NOTE] for name, text in gift.items()}
    if "fields_shown" in values:
        told["fields"] = {
            name.removeprefix("field-"): value[:MAX_NOTE] for name, value in values.items() if name.startswith("field-")
        }
    if "terms_shown" in values:
        told["terms"] = values.get("terms") == "yes"
    if "save_address_shown" in values:
        told["save_address"] = values.get("save_address") == "yes"
    return told


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else None


def _shipping_code(values: Mapping[str, str]) -> str | None:
    method, sent = values.get("delivery_method"), values.get("shipping_code", "")[:MAX_FIELD]
    if method == ANYWHERE:
        return values.get("pickup_code", "")[:MAX_FIELD] or ANYWHERE
    return sent if sent or method else None


def read_form(values: Mapping[str, str]) -> CheckoutForm:
    """Return the form; raises what `refuse_unsafe` raises, such as CardNumberRefused."""
    refuse_unsafe(dict(values))
    # A saved method is chosen as its provider with its number: stripe#12.
    provider, _, saved = values.get("payment_provider", "")[:MAX_FIELD].partition("#")
    return CheckoutForm(
        email=values.get("email", "").strip()[:MAX_FIELD],
        address={field: values.get(field, "").strip()[:MAX_FIELD] for field in (*FIELDS, *BUSINESS)},
        shipping_code=_shipping_code(values),
        payment_provider=provider,
        saved_method=_whole(saved) or 0,
        save_method=values.get(f"save_{provider}") == "yes",
        payment_token=values.get("payment_token", "")[:MAX_FIELD],
        provider_token=values.get("provider_token", "")[:MAX_FIELD],
        note=values.get("note", "").strip()[:MAX_NOTE],
        accepts_marketing=values.get("accepts_marketing") == "yes",
        discount_code=values.get("discount_code", "").replace("\x00", "").strip()[:MAX_FIELD],
        removed_card=values.get("remove_card", "")[:MAX_FIELD],
        extras=_extras(values),
        removed_code=values.get("remove_code", "")[:MAX_FIELD],
        saved_address=_whole(values.get("saved_address", "")),
        address_shown=_whole(values.get("address_shown", "")),
        shown_total=_whole(values.get("shown_total", "")),
        pays=values.get("do") == "pay",
        goes_on=values.get("do") == "continue",
    )
