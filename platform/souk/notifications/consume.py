"""Answer events with mails. The composition root registers CONSUMERS with the worker.

Three steps, so that no transaction waits for a mail server: store the mail under a
key made of its event, send it, end the delivery together with the mail. A job that
runs again finds the stored mail: one that was sent is not sent a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from souk.customers.errors import UnknownCustomer
from souk.customers.queries import read_customer
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once
from souk.kernel.tokens import hash_token
from souk.notifications import compose
from souk.notifications.cart_facts import bought_since, cart_facts
from souk.notifications.compose import Draft
from souk.notifications.draft_facts import draft_facts
from souk.notifications.errors import MailRefused
from souk.notifications.facts import (
    ShopFacts,
    dashboard_address,
    file_facts,
    gift_card_facts,
    low_facts,
    order_facts,
    parcel_facts,
    primary_origin,
    refund_facts,
    shop_facts,
    written,
)
from souk.notifications.send import send
from souk.notifications.stored import StoredMail, claim, mark, store
from souk.notifications.transport import MailTransport, mail_transport
from souk.orders.returning.queries import read_return

Composer = Callable[[Session, Event, ShopFacts], Draft | None]
NAME = "mail"


def deliver_mail(job: Job, transport: MailTransport | None = None) -> None:
    """Send the mail that belongs to the job's event, once; a missing order or customer gets none."""
    origin = primary_origin(job.scope)
    dashboard = dashboard_address(job.scope) if job.event.name in _FOR_STAFF else ""
    key = dedupe_key(job.event)
    with transaction(job.scope) as session:
        shop = shop_facts(session, origin, dashboard)
        draft = _COMPOSERS[job.event.name](session, job.event, shop)
        if draft is not None and _reachable(draft) and draft.kind not in shop.unsent:
            store(session, draft, key)
        mail = claim(session, key)
    answer_to = str(job.event.payload.get("reply_to") or shop.email)
    stop = compose.stop_address(shop, str(job.event.payload["token"])) if job.event.name in _CAN_BE_STOPPED else ""
    outcome = "" if mail is None else _send(mail, shop, answer_to, transport or mail_transport(config()), stop)
    with once(job) as session:
        if mail is not None:
            mark(session, mail, outcome)


def _reachable(draft: Draft) -> bool:
    # Customers of an import of whom nothing but a number is known have addresses in .invalid (RFC 2606).
    return bool(draft.recipient) and not draft.recipient.endswith(".invalid")


def keep_as_sent(session: Session, event: Event, origin: str) -> None:
    """Keep the mail of an event of the past as sent, so that its delivery finds it and writes to nobody.

    For orders that come with their history; `origin` is the shop's address, as `primary_origin` returns it.
    """
    draft = _COMPOSERS[event.name](session, event, shop_facts(session, origin))
    if draft is None or not draft.recipient:
        return
    store(session, draft, dedupe_key(event))
    mail = claim(session, dedupe_key(event))
    if mail is not None:
        mark(session, mail, "sent")


def dedupe_key(event: Event) -> str:
    """Name the one mail of an event; one that holds a secret is named by it, since a customer may ask again."""
    if "digest" in event.payload:
        return f"{event.name}:{event.payload['digest']}"
    if "token" in event.payload:
        return f"{event.name}:{hash_token(str(event.payload['token']))}"
    return f"{event.name}:{event.subject_id}"


def _send(mail: StoredMail, shop: ShopFacts, answer_to: str, transport: MailTransport, stop: str) -> str:
    draft = Draft(mail.kind, mail.recipient, mail.subject, mail.text_body, mail.html_body, mail.order_id)
    try:
        # The address of the shop is part of the key: two shops number their orders alike.
        key = f"{shop.origin}:{mail.dedupe_key}"
        send(transport, config(), draft, key=key, shop_name=shop.name, reply_to=answer_to, unsubscribe=stop)
    except MailRefused:
        return "failed"
    return "sent"


def _placed(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    order = order_facts(session, event.subject_id, shop.origin)
    return compose.order_placed(shop, order) if order else None


def _paid(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    order = order_facts(session, event.subject_id, shop.origin)
    return compose.order_step("order_paid", shop, order) if order else None


def _came_later(event: Event) -> bool:
    # The mail of an order that was paid at once says so already.
    return bool(event.payload.get("later"))


def _canceled(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    order = order_facts(session, event.subject_id, shop.origin)
    return compose.order_canceled(shop, order) if order else None


def _asked_for(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    order = order_facts(session, event.subject_id, shop.origin)
    return compose.order_step("order_link", shop, order) if order else None


def _shipped(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    parcel = parcel_facts(session, event.subject_id)
    order = parcel and order_facts(session, parcel.order_id, shop.origin)
    return compose.order_shipped(shop, order, parcel) if order and parcel else None


def _delivered(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    parcel = parcel_facts(session, event.subject_id)
    order = parcel and order_facts(session, parcel.order_id, shop.origin)
    return compose.order_delivered(shop, order, parcel) if order and parcel else None


def _ready(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    parcel = parcel_facts(session, event.subject_id)
    order = parcel and order_facts(session, parcel.order_id, shop.origin)
    return compose.order_ready(shop, order, parcel) if order and parcel else None


def _refunded(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    refund = refund_facts(session, event.subject_id)
    order = refund and order_facts(session, refund[0], shop.origin)
    return compose.order_refunded(shop, order, refund[1]) if order and refund else None


def _downloads(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    order = order_facts(session, event.subject_id, shop.origin)
    files = file_facts(session, event.subject_id, shop.origin)
    return compose.order_downloads(shop, order, files) if order and files else None


def _low_stock(_session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    payload = event.payload
    lines = [low_facts(line) for line in payload["lines"]]
    return compose.low_stock(
        shop, str(payload["to"]), lines, int(payload["more"]), f"{shop.dashboard}/stock?status=low"
    )


def _edited(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    order = order_facts(session, event.subject_id, shop.origin)
    if order is None:
        return None
    owed = int(event.payload.get("to_collect", 0))
    amount = written(owed, str(event.payload["currency"]), order.locale) if owed else ""
    # The replacement of a claim, or an even exchange, has no difference that could be told of.
    moves = event.payload.get("returned", 1) or (owed and event.payload["difference"])
    return compose.order_step("order_edited", shop, order, amount=amount, listed=True, even=not moves)


def _returned(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    order = order_facts(session, int(event.payload["order_id"]), shop.origin)
    if order is None:
        return None
    kind, note = event.name.replace(".", "_"), str(event.payload.get("note", ""))
    if kind in _OF_CLAIMS and read_return(session, event.subject_id).kind == "claim":
        kind = _OF_CLAIMS[kind]
    # What a customer wrote needs not be told back to them.
    return compose.order_step(kind, shop, order, note="" if kind == "return_requested" else note)


def _invoiced(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    draft = draft_facts(session, event.subject_id, shop.locale)
    return compose.draft_invoiced(shop, draft, str(event.payload["token"])) if draft else None


def _abandoned(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    cart = cart_facts(event.payload)
    # Who bought between the asking and the sending hears nothing.
    return None if bought_since(session, cart.email, cart.since) else compose.checkout_abandoned(shop, cart)


def _secret(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    try:
        customer = read_customer(session, event.subject_id)
    except UnknownCustomer:
        return None
    return _SECRETS[event.name](shop, customer.email, str(event.payload["token"]))


def _gift_card(session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    card = gift_card_facts(session, event.subject_id, shop.locale)
    return compose.gift_card(shop, card.email, card, str(event.payload["token"]))


_SECRETS: Mapping[str, Callable[[ShopFacts, str, str], Draft]] = {
    "customer.password_reset_requested": compose.password_reset,
    "customer.email_proof_requested": compose.email_proof,
}


def _newsletter(_session: Session, event: Event, shop: ShopFacts) -> Draft:
    told = event.payload
    return compose.newsletter(shop, str(told["email"]), str(told["token"]), str(told["locale"]))


def _message(_session: Session, event: Event, shop: ShopFacts) -> Draft | None:
    told = event.payload
    return compose.message(shop, str(told["name"]), str(told["reply_to"]), str(told["message"])) if shop.email else None


_COMPOSERS: Mapping[str, Composer] = {
    "order.placed": _placed,
    "order.paid": _paid,
    "order.canceled": _canceled,
    "order.link_requested": _asked_for,
    "fulfillment.created": _shipped,
    "fulfillment.delivered": _delivered,
    "fulfillment.ready_for_pickup": _ready,
    "refund.succeeded": _refunded,
    "downloads.granted": _downloads,
    "inventory.low_digest": _low_stock,
    "order.edited": _edited,
    "return.requested": _returned,
    "return.approved": _returned,
    "return.declined": _returned,
    "return.received": _returned,
    "return.canceled": _returned,
    "return.closed": _returned,
    "draft_order.invoiced": _invoiced,
    "checkout.abandoned": _abandoned,
    "customer.password_reset_requested": _secret,
    "customer.email_proof_requested": _secret,
    "gift_card.issued": _gift_card,
    "newsletter.requested": _newsletter,
    "message.sent": _message,
}
# Whoever got nothing, or broken goods, is not told to send them back.
_OF_CLAIMS = {"return_approved": "claim_approved", "return_closed": "claim_closed"}
_FOR_STAFF = frozenset({"inventory.low_digest"})
_CAN_BE_STOPPED = frozenset({"checkout.abandoned"})
# What the worker registers: event -> consumer, under the name `mail`.
CONSUMERS: Mapping[str, Callable[[Job], None]] = dict.fromkeys(_COMPOSERS, deliver_mail)
# Events that get a mail only when this says yes.
WANTS: Mapping[str, Callable[[Event], bool]] = {"order.paid": _came_later}
