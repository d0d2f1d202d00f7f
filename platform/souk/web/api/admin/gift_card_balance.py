"""What moved on a gift card or store credit, and changes by hand."""

from __future__ import annotations

from typing import Any

from souk.kernel import ids
from souk.kernel.money import Money
from souk.payments.gift_cards.issue import adjust
from souk.payments.gift_cards.queries import movements, read_card
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_gift_cards import GiftCardAdjustment, GiftCardMovement, GiftCardMovements
from souk.web.api.schemas.common import Nothing

_SAME = ("kind", "actor", "note", "created_at")


@admin_api.operation(
    "GET",
    "/gift_cards/{gift_card_id}/movements",
    summary="Read what moved on a gift card, newest first, at most 200",
    tag="gift cards",
    takes=Nothing,
    answers=GiftCardMovements,
    access="admin",
    permission="read_gift_cards",
)
def read_movements(call: Call, _query: Nothing) -> GiftCardMovements:
    return _moved(call)


@admin_api.operation(
    "POST",
    "/gift_cards/{gift_card_id}/adjustments",
    summary="Change the balance of a gift card by hand",
    tag="gift cards",
    takes=GiftCardAdjustment,
    answers=GiftCardMovements,
    status=201,
    access="admin",
    permission="write_gift_cards",
)
def adjust_gift_card(call: Call, body: GiftCardAdjustment) -> GiftCardMovements:
    card = read_card(call.session, _id(call))
    amount = Money.from_major(body.amount, card.currency).amount
    adjust(call.session, card.id, amount if body.action == "add" else -amount, call.actor, body.note)
    return _moved(call)


def _moved(call: Call) -> GiftCardMovements:
    card = read_card(call.session, _id(call))
    return GiftCardMovements(movements=[_movement(row, card.currency) for row in movements(call.session, card.id)])


def _movement(row: Any, currency: str) -> GiftCardMovement:
    return GiftCardMovement(
        **{name: getattr(row, name) for name in _SAME},
        amount=Money(row.amount, currency).major,
        balance=Money(row.balance, currency).major,
        order_id=None if row.order_id is None else ids.encode(ids.ORDER, row.order_id),
    )


def _id(call: Call) -> int:
    return ids.decode(ids.GIFT_CARD, call.path["gift_card_id"])
