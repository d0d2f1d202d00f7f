"""Gift cards: list, read, issue, stop; the store credit of customers: read, grant, take back."""

from __future__ import annotations

from typing import Any

from souk.customers.queries import read_customer
from souk.kernel import ids
from souk.kernel.money import Money
from souk.payments.gift_cards.errors import UnknownGiftCard
from souk.payments.gift_cards.issue import NewCard, grant_credit, issue_card
from souk.payments.gift_cards.models import GiftCard
from souk.payments.gift_cards.queries import cards_after, credit_of, read_card
from souk.payments.gift_cards.set_status import set_card_status
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_gift_cards import (
    AdminGiftCard,
    AdminGiftCardPage,
    GiftCardChanges,
    GiftCardParameters,
    GiftCardRecipient,
    NewGiftCard,
    StoreCreditChange,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.shop.product_rows import shop_currency

_SAME = ("kind", "status", "last_characters", "currency", "note", "expires_at", "created_at")


@admin_api.operation(
    "GET",
    "/gift_cards",
    summary="List gift cards and store credit, newest first",
    tag="gift cards",
    takes=GiftCardParameters,
    answers=AdminGiftCardPage,
    access="admin",
    permission="read_gift_cards",
)
def list_gift_cards(call: Call, query: GiftCardParameters) -> AdminGiftCardPage:
    where = after(GiftCard.id.expression, query.after)
    if query.kind:
        where.append(GiftCard.kind == query.kind)
    rows = cards_after(call.session, where, query.limit + 1)
    shown = [_view(row) for row in rows[: query.limit]]
    return AdminGiftCardPage(gift_cards=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/gift_cards/{gift_card_id}",
    summary="Read a gift card",
    tag="gift cards",
    takes=Nothing,
    answers=AdminGiftCard,
    access="admin",
    permission="read_gift_cards",
)
def read_gift_card(call: Call, _query: Nothing) -> AdminGiftCard:
    return _view(read_card(call.session, _id(call)))


@admin_api.operation(
    "POST",
    "/gift_cards",
    summary="Issue a gift card; the answer holds its code this once",
    tag="gift cards",
    takes=NewGiftCard,
    answers=AdminGiftCard,
    status=201,
    access="admin",
    permission="write_gift_cards",
)
def issue_gift_card(call: Call, body: NewGiftCard) -> AdminGiftCard:
    currency = shop_currency(call.session)
    card = NewCard(
        amount=Money.from_major(body.amount, currency).amount,
        currency=currency,
        recipient=body.recipient.model_dump(),
        note=body.note,
        expires_at=body.expires_at,
    )
    made = issue_card(call.session, card, call.actor)
    card_id, code = made or (0, "")
    return _view(read_card(call.session, card_id), code)


@admin_api.operation(
    "PATCH",
    "/gift_cards/{gift_card_id}",
    summary="Stop a gift card, or let it pay again",
    tag="gift cards",
    takes=GiftCardChanges,
    answers=AdminGiftCard,
    access="admin",
    permission="write_gift_cards",
)
def change_gift_card(call: Call, body: GiftCardChanges) -> AdminGiftCard:
    set_card_status(call.session, _id(call), active=body.status == "active")
    return _view(read_card(call.session, _id(call)))


@admin_api.operation(
    "GET",
    "/customers/{customer_id}/store_credit",
    summary="Read a customer's store credit",
    tag="gift cards",
    takes=Nothing,
    answers=AdminGiftCard,
    access="admin",
    permission="read_gift_cards",
)
def read_store_credit(call: Call, _query: Nothing) -> AdminGiftCard:
    row = credit_of(call.session, read_customer(call.session, _customer(call)).id)
    if row is None:
        raise UnknownGiftCard
    return _view(row)


@admin_api.operation(
    "POST",
    "/customers/{customer_id}/store_credit",
    summary="Grant a customer store credit, or take some back",
    tag="gift cards",
    takes=StoreCreditChange,
    answers=AdminGiftCard,
    access="admin",
    permission="write_gift_cards",
)
def change_store_credit(call: Call, body: StoreCreditChange) -> AdminGiftCard:
    currency = shop_currency(call.session)
    amount = Money.from_major(body.amount, currency).amount * (1 if body.action == "grant" else -1)
    credit_id = grant_credit(call.session, _customer(call), amount, currency, call.actor, body.note)
    return _view(read_card(call.session, credit_id))


def _customer(call: Call) -> int:
    return ids.decode(ids.USER, call.path["customer_id"])


def _id(call: Call) -> int:
    return ids.decode(ids.GIFT_CARD, call.path["gift_card_id"])


def _view(row: Any, code: str | None = None) -> AdminGiftCard:
    return AdminGiftCard(
        **{name: getattr(row, name) for name in _SAME},
        id=ids.encode(ids.GIFT_CARD, row.id),
        code=code,
        initial_amount=Money(row.initial_amount, row.currency).major,
        balance=Money(row.balance, row.currency).major,
        customer_id=None if row.customer_id is None else ids.encode(ids.USER, row.customer_id),
        order_id=None if row.order_id is None else ids.encode(ids.ORDER, row.order_id),
        recipient=GiftCardRecipient(**row.recipient),
    )
