"""Write mails: a text and an HTML form of each, everything from shops and shoppers escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from souk.kernel.translations import read_catalogue
from souk.notifications.cart_facts import CartFacts
from souk.notifications.facts import (
    DraftFacts,
    FileFacts,
    GiftCardFacts,
    LowFacts,
    OrderFacts,
    ParcelFacts,
    ShopFacts,
)
from souk.notifications.own_texts import TEXT_OF, fill


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that is not stored yet."""

    kind: str
    recipient: str
    subject: str
    text: str
    html: str
    order_id: int | None = None


_RIGHT_TO_LEFT = frozenset(["ar"])
# What a shop says in its own words takes the place of each of our ways to say it.
_VARIANT = re.compile("_(pickup|name|mailed|even)$")
TEXTS = read_catalogue(Path(__file__).parent / "locales")
_environment = Environment(
    loader=PackageLoader("souk.notifications"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def order_placed(shop: ShopFacts, order: OrderFacts) -> Draft:
    return _order_mail("order_placed", shop, order)


def order_shipped(shop: ShopFacts, order: OrderFacts, parcel: ParcelFacts) -> Draft:
    return _order_mail("order_shipped", shop, order, parcel=parcel)


def order_delivered(shop: ShopFacts, order: OrderFacts, parcel: ParcelFacts) -> Draft:
    """Tell that the carrier has handed a parcel over; it may be one of several."""
    button = TEXTS.translator(order.locale)("view_order")
    return _order_mail(
        "order_delivered", shop, order, template="order_step", name=order.name, amount="", note="", url=order.url,
        button=button, lines=parcel.lines,
    )  # fmt: skip


def order_ready(shop: ShopFacts, order: OrderFacts, parcel: ParcelFacts) -> Draft:
    """Tell that an order lies ready where it is collected; `parcel` is what lies there."""
    return _order_mail("order_ready", shop, order, parcel=parcel)


def order_canceled(shop: ShopFacts, order: OrderFacts) -> Draft:
    return _order_mail("order_canceled", shop, order)


def order_refunded(shop: ShopFacts, order: OrderFacts, amount: str) -> Draft:
    return _order_mail("order_refunded", shop, order, amount=amount)


def order_downloads(shop: ShopFacts, order: OrderFacts, files: Sequence[FileFacts]) -> Draft:
    return _order_mail("order_downloads", shop, order, files=files)


def low_stock(shop: ShopFacts, recipient: str, lines: Sequence[LowFacts], more: int, url: str) -> Draft:
    """`lines` come with the most urgent first; `more` were left out. `url` is the dashboard's list."""
    return _mail("low_stock", recipient, shop.locale, shop.name, shop=shop, lines=lines, more=more, url=url)


def order_step(
    kind: str, shop: ShopFacts, order: OrderFacts, *, amount: str = "", note: str = "", listed: bool = False,
    even: bool = False,
) -> Draft:  # fmt: skip
    """Tell of a step after the order: its money, an edit (`amount` is left to pay, `even` says that no money moves
    for it), a return (`note` is what staff say).
    """
    translate = TEXTS.translator(order.locale)
    pays = kind == "order_edited" and amount
    button = translate("pay_now", amount=amount) if pays else translate("view_order")
    return _order_mail(
        kind, shop, order, template="order_step", name=order.name, amount=amount, note=note, url=order.url,
        button=button, lines=order.lines if listed else (), even=even,
    )  # fmt: skip


def draft_invoiced(shop: ShopFacts, draft: DraftFacts, token: str) -> Draft:
    """The link leads to the draft's own checkout."""
    button = TEXTS.translator(shop.locale)("pay_now", amount=draft.total)
    return _mail(
        "draft_invoiced", draft.email, shop.locale, shop.name, template="order_step", shop=shop, name="",
        amount=draft.total, note=draft.note, url=f"{shop.origin}/checkout/{token}", button=button, lines=draft.lines,
    )  # fmt: skip


def checkout_abandoned(shop: ShopFacts, cart: CartFacts) -> Draft:
    """The link puts the goods back into the cart and is good for 30 days; the other one ends such mails for good."""
    return _mail(
        "checkout_abandoned", cart.email, cart.locale, shop.name, shop=shop, cart=cart, amount=cart.total,
        customer=cart.name, url=f"{shop.origin}/cart/recover/{cart.token}", stop=stop_address(shop, cart.token),
    )  # fmt: skip


def stop_address(shop: ShopFacts, token: str) -> str:
    return f"{shop.origin}/unsubscribe/{token}"


def password_reset(shop: ShopFacts, recipient: str, token: str) -> Draft:
    """The link leads to the shop's own account pages and is good for one hour."""
    url = f"{shop.origin}/account/reset/{token}"
    return _mail("password_reset", recipient, shop.locale, shop.name, shop=shop, url=url)


def email_proof(shop: ShopFacts, recipient: str, token: str) -> Draft:
    """The link leads into the account that was opened with the address, and is good for seven days."""
    url = f"{shop.origin}/account/confirm/{token}"
    return _mail("email_proof", recipient, shop.locale, shop.name, shop=shop, url=url)


def gift_card(shop: ShopFacts, recipient: str, card: GiftCardFacts, code: str) -> Draft:
    """The code stands in this mail and nowhere else."""
    return _mail(
        "gift_card", recipient, shop.locale, shop.name, shop=shop, card=card, code=code, amount=card.amount,
        customer=card.name,
    )  # fmt: skip


def newsletter(shop: ShopFacts, recipient: str, token: str, locale: str) -> Draft:
    """The link leads to a page with a button, which subscribes; it is good for seven days."""
    # A shop's own language has no prefix in addresses.
    prefix = "" if locale == shop.locale else f"/{locale}"
    url = f"{shop.origin}{prefix}/newsletter/confirm/{token}"
    return _mail("newsletter", recipient, locale, shop.name, shop=shop, url=url)


def message(shop: ShopFacts, name: str, sender: str, text: str) -> Draft:
    """A shopper's message, to the shop."""
    return _mail("message", shop.email, shop.locale, shop.name, shop=shop, name=name, sender=sender, text=text)


def staff_password_reset(recipient: str, url: str) -> Draft:
    platform = ShopFacts(name="Souk", email="", origin="")
    return _mail("password_reset", recipient, platform.locale, platform.name, shop=platform, url=url)


def _order_mail(kind: str, shop: ShopFacts, order: OrderFacts, **values: Any) -> Draft:
    return _mail(kind, order.email, order.locale, shop.name, order_id=order.id, shop=shop, order=order, **values)


def _mail(
    kind: str, recipient: str, locale: str, shop_name: str, *, order_id: int | None = None, template: str = "",
    **values: Any,
) -> Draft:  # fmt: skip
    translate = TEXTS.translator(locale)
    order, own = values.get("order"), values["shop"].texts.get(kind, {})
    places = {
        "order": order.name if order else "",
        "shop": shop_name,
        "customer": order.customer_name if order else str(values.get("customer", "")),
        "amount": str(values.get("amount", "")),
        "answers": order.answers if order else "",
    }
    subject = translate(f"subject.{kind}", shop=shop_name, name=places["order"] or shop_name)
    if own.get("subject"):
        subject = fill(own["subject"], places)
    # A line break in a name would end the header and begin another one.
    subject = " ".join(subject.split())

    def said(key: str, count: int | None = None, **given: object) -> str:
        if own.get("text") and _VARIANT.sub("", key) == TEXT_OF.get(kind):
            return fill(own["text"], places)
        return translate(key, count, **given)

    values |= {"subject": subject, "t": said, "lang": TEXTS.language(locale), "kind": kind}
    values["direction"] = "rtl" if values["lang"] in _RIGHT_TO_LEFT else "ltr"
    page = template or kind
    return Draft(
        kind=kind,
        recipient=recipient,
        subject=subject,
        text=_environment.get_template(f"{page}.txt").render(values),
        html=_environment.get_template(f"{page}.html").render(values),
        order_id=order_id,
    )
