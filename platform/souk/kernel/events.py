"""The event catalogue: plugins, webhooks and the shop's own consumers all see these and no others.

Names are `resource.pasttense`. `subject_id` is the bare number of the resource.
Within the payload, ids are numbers and money is minor units with a currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from souk.kernel.errors import SoukError

CATALOGUE: Mapping[str, str] = {
    "tenant.created": "A shop was provisioned.",
    "settings.updated": "A group of settings changed; payload: name.",
    "theme.updated": "The live theme's settings or templates changed.",
    "product.created": "A product was saved for the first time.",
    "product.updated": "A product, its variants, pictures, rating or collections changed.",
    "product.deleted": "A product is gone; payload: handle.",
    "products.imported": "A batch of products was written or taken away again; payload: product_ids (500 at most).",
    "import.requested": "A step of an import waits for the worker; payload: step.",
    "import.finished": "A check, an import or an undo has ended; payload: status.",
    "export.requested": "An export waits for the worker.",
    "export.finished": "An export has ended; payload: status.",
    "collection.updated": "A collection or its members changed.",
    "collection.deleted": "A collection is gone; payload: handle.",
    "content.updated": "A page or menu changed; payload: kind, handle.",
    "metaobject.updated": "An entry that the merchant defined was saved; payload: type, handle.",
    "metaobject.deleted": "Such an entry is gone; payload: type, handle.",
    "inventory.updated": "Stock changed; payload: product_id, variant_id, available, crossed_zero.",
    "inventory.low": "A variant fell to its low-stock threshold; payload: product_id, available, threshold, level_id.",
    "inventory.low_digest": "Levels that fell low are told to one of the staff; payload: digest, to, lines, more.",
    "inventory.contended": "Buyers wait for each other at one stock level; payload: level_id.",
    "media.created": "A picture was stored; its sizes are made by a job.",
    "media.wanted": "Pictures wait to be fetched from their addresses; subject is 0.",
    "customer.created": "A customer registered or bought for the first time.",
    "customer.password_reset_requested": "payload: token (the secret that goes into the mail, valid one hour).",
    "customer.email_proof_requested": "payload: token (the secret of the mail that proves the address, seven days).",
    "newsletter.requested": "payload: email, token (the secret of the mail that asks whether it is meant), locale.",
    "message.sent": "A shopper wrote to the shop; payload: name, reply_to, message, token (tells messages apart).",
    "review.created": "A review was written.",
    "gift_card.issued": "A gift card was made for somebody; payload: token (its code, for the mail alone).",
    "checkout.abandoned": "A buyer left and may be written to; payload: token (the secret of the mail's link), email,"
    " name, locale, currency, total (minor units), since, lines.",
    "order.placed": "An order stands; payload: number, total, currency.",
    "order.paid": "The order's captured money reached its total; payload: gift_cards (a line may be one), documents"
    " (the shop issues them by itself), later (the order stood before its money came).",
    "order.updated": "Something about the order changed that is in no other event.",
    "order.edited": "payload: change_id, difference, to_collect, returned (all minor units), currency.",
    "order.canceled": "payload: reason, restocked.",
    "order.link_requested": "Somebody named the order and its address; payload: token (tells the mails apart).",
    "payment.notified": "A payment provider sent a message; payload: provider, kind (payment, refund, dispute,"
    " account), key.",
    "downloads.granted": "A paid order has files to download; subject is the order; payload: files.",
    "fulfillment.requested": "A shop with automatic fulfillment wants its parcel; subject is the order.",
    "fulfillment.created": "A parcel left with tracking; payload: order_id.",
    "fulfillment.delivered": "The carrier says that a parcel arrived; payload: order_id.",
    "fulfillment.ready_for_pickup": "An order lies ready where its buyer collects it; payload: order_id.",
    "return.requested": "A customer asks to send goods back; payload: order_id, note.",
    "return.approved": "payload: order_id, note.",
    "return.declined": "payload: order_id, note (why).",
    "return.received": "The goods of a return came; payload: order_id.",
    "return.canceled": "payload: order_id.",
    "return.closed": "A return was inspected and settled; payload: order_id, amount (minor units that go back).",
    "draft_order.invoiced": "A draft order can be paid by its buyer; payload: token (the secret of its checkout).",
    "refund.succeeded": "Money went back; payload: order_id, amount, currency.",
    "refund.failed": "The provider refused a refund; payload: order_id, error_code.",
    "staff.password_reset_requested": "Somebody of the shop's staff asked for a new password; subject: the account.",
}


class UnknownEvent(SoukError):
    status = 500
    code = "unknown_event"

    def __init__(self, name: str) -> None:
        super().__init__(f"No event is called {name!r}; add it to souk.kernel.events.CATALOGUE with its meaning.")


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    subject_id: int
    payload: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in CATALOGUE:
            raise UnknownEvent(self.name)


def without_secrets(event: Event) -> Event:
    """Return the event as plugins and apps may see it: the secret of a mail is for its reader alone."""
    if "token" not in event.payload:
        return event
    return Event(event.name, event.subject_id, {key: value for key, value in event.payload.items() if key != "token"})
