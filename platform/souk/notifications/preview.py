"""Show how a mail reads, with an invented order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.settings import read_setting
from souk.notifications import compose
from souk.notifications.cart_facts import CartFacts
from souk.notifications.compose import Draft
from souk.notifications.facts import (
    DraftFacts,
    FileFacts,
    GiftCardFacts,
    LineFacts,
    OrderFacts,
    ParcelFacts,
    shop_facts,
    written,
)

_CODE = "ABCD-EFGH-JKLM-NPQR"
_ADDRESS = ("Ada Lind", "Hafenstr. 12", "20457 Hamburg")


def preview(session: Session, kind: str, own: Mapping[str, str], origin: str) -> Draft:
    """Return the mail of `kind` in the shop's language with the words `own` ({subject, text}); nothing is sent."""
    facts = shop_facts(session, origin)
    shop = replace(facts, texts={**facts.texts, kind: own})
    currency = str(read_setting(session, "shop").get("currency") or "EUR")

    def money(amount: int) -> str:
        return written(amount, currency, shop.locale)

    line = LineFacts("Enamel mug", "Cobalt", 2, money(3_600))
    order = OrderFacts(
        id=0, name="#1042", email="ada@example.com", locale=shop.locale, url=f"{origin}/", customer_name="Ada Lind",
        lines=(line,), amounts=(("subtotal", money(3_600)), ("shipping", money(490))), total=money(4_090),
        address_lines=_ADDRESS, shipping_title="", cancel_reason="customer",
    )  # fmt: skip
    place = replace(order, pickup_lines=("Corner shop", *_ADDRESS[1:]), pickup_note="10:00-18:00")
    parcel = ParcelFacts(0, "DHL", "JD014600", "", (line,))
    left = CartFacts("preview", order.email, order.customer_name, shop.locale, money(3_600), clock.now(), (line,))
    card = GiftCardFacts(order.email, order.customer_name, "", money(5_000))
    special: Mapping[str, Callable[[], Draft]] = {
        "order_placed": lambda: compose.order_placed(shop, order),
        "order_shipped": lambda: compose.order_shipped(shop, order, parcel),
        "order_delivered": lambda: compose.order_delivered(shop, order, parcel),
        "order_ready": lambda: compose.order_ready(shop, place, parcel),
        "order_downloads": lambda: compose.order_downloads(shop, order, [FileFacts("patterns.pdf", f"{origin}/")]),
        "order_canceled": lambda: compose.order_canceled(shop, order),
        "order_refunded": lambda: compose.order_refunded(shop, order, money(1_800)),
        "checkout_abandoned": lambda: compose.checkout_abandoned(shop, left),
        "draft_invoiced": lambda: compose.draft_invoiced(
            shop, DraftFacts(order.email, money(4_090), "", (line,)), "preview"
        ),
        "gift_card": lambda: compose.gift_card(shop, order.email, card, _CODE),
    }
    if kind in special:
        return special[kind]()
    note = "…" if kind == "return_declined" else ""
    amount = money(1_800) if kind == "order_edited" else ""
    return compose.order_step(kind, shop, order, amount=amount, note=note, listed=kind == "order_edited")
