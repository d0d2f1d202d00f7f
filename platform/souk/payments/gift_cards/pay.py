"""Pay with gift cards and store credit: held in prepare, the order's in finalize, back when nobody pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from souk.kernel import clock
from souk.payments.gift_cards import balance
from souk.payments.gift_cards.errors import GiftCardSpent
from souk.payments.gift_cards.models import GiftCardTransaction
from souk.payments.models import PaymentTransaction

Parts = Sequence[Mapping[str, Any]]


def hold(session: Session, checkout_id: int, attempt_id: int, parts: Parts) -> None:
    """Take each part ({gift_card_id, amount}) off its card for one attempt, in the order of the cards' ids.

    Raises:
        GiftCardSpent: roll back; nothing was taken.

    """
    for part in sorted(parts, key=lambda one: one["gift_card_id"]):
        cause = {"kind": "held", "reference": reference(attempt_id), "checkout_id": checkout_id, "actor": "customer"}
        if not balance.take(session, part["gift_card_id"], part["amount"], **cause):
            raise GiftCardSpent


def is_held(session: Session, attempt_id: int, parts: Parts) -> bool:
    """Tell whether everything is still held: a late answer of a provider may come after it was let go of."""
    if not parts:
        return True
    kept = session.scalars(select(GiftCardTransaction.gift_card_id).where(_open(), _of(attempt_id)))
    return set(kept) == {part["gift_card_id"] for part in parts}


def redeem_cards(session: Session, attempt_id: int, order_id: int, currency: str, parts: Parts) -> None:
    """Make the held parts payments of the order."""
    for part in parts:
        card_id = part["gift_card_id"]
        balance.note(session, card_id, kind="redeemed", reference=reference(attempt_id), order_id=order_id)
        write_payment(session, "sale", order_id, part["amount"], currency, part["kind"], f"card-{card_id}-{attempt_id}")


def let_go(session: Session, checkout_id: int) -> None:
    """Put back what a checkout holds and no order has taken; repeated, it changes nothing."""
    held = select(GiftCardTransaction.gift_card_id, GiftCardTransaction.amount, GiftCardTransaction.reference).where(
        GiftCardTransaction.checkout_id == checkout_id, _open()
    )
    for row in session.execute(held.order_by(GiftCardTransaction.gift_card_id)).all():
        cause = {"kind": "released", "reference": row.reference, "checkout_id": checkout_id}
        balance.put(session, row.gift_card_id, -row.amount, **cause)


def write_payment(  # noqa: PLR0917 - all of it is one row
    session: Session, kind: str, order_id: int, amount: int, currency: str, provider: str, key: str, **more: Any
) -> None:
    """Write money that moved on a card into the record of the order's money."""
    row = insert(PaymentTransaction).values(
        order_id=order_id,
        kind=kind,
        status="success",
        amount=amount,
        currency=currency,
        provider=provider,
        idempotency_key=key,
        processed_at=clock.now(),
        **more,
    )
    session.execute(row.on_conflict_do_nothing())


def reference(attempt_id: int) -> str:
    return f"attempt-{attempt_id}"


def _of(attempt_id: int) -> Any:
    return GiftCardTransaction.reference == reference(attempt_id)


def _open() -> Any:
    """Return the condition of a hold that has neither been released nor redeemed."""
    end = aliased(GiftCardTransaction)
    ended = exists().where(
        end.gift_card_id == GiftCardTransaction.gift_card_id,
        end.reference == GiftCardTransaction.reference,
        end.kind.in_(["released", "redeemed"]),
    )
    return (GiftCardTransaction.kind == "held") & ~ended
