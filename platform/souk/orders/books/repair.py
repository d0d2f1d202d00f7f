"""Repair a drift by the name that the check gave its cure; done twice, each changes nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from souk.inventory.audit import mend
from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope
from souk.orders.books.errors import NoRepair
from souk.orders.books.mend_cards import match_cards, recount_card, release_cards
from souk.orders.books.mend_order import promise_stock, recount_sent, recount_totals, refresh_status
from souk.orders.books.mend_refund import repeat_refunds, settle_refund
from souk.orders.books.papers import raise_number
from souk.orders.books.return_payment import return_payment
from souk.orders.reconcile import reconcile

# Those that ask a provider open their own transactions; (scope, subject, actor).
_OUTSIDE: Mapping[str, Callable[[Scope, int, str], object]] = {
    "reconcile": lambda scope, order_id, _: reconcile(scope, order_id),
    "settle_refund": settle_refund,
    "repeat_refunds": repeat_refunds,
    "return_payment": return_payment,
}
_INSIDE: Mapping[str, Callable[[Session, int, str], object]] = {
    "mend_level": lambda session, level_id, _: mend(session, level_id),
    "promise_stock": promise_stock,
    "recount_sent": recount_sent,
    "recount_totals": recount_totals,
    "refresh_status": refresh_status,
    "recount_card": lambda session, card_id, _: recount_card(session, card_id),
    "match_cards": match_cards,
    "release_cards": lambda session, checkout_id, _: release_cards(session, checkout_id),
    "raise_number": lambda session, kind, _: raise_number(session, kind),
}
REPAIRS = frozenset([*_OUTSIDE, *_INSIDE])


def repair_drift(scope: Scope, repair: str, subject_id: int, actor: str) -> None:
    """Do the repair that a drift names; call it outside any transaction. Repeated, it changes nothing more.

    Raises:
        NoRepair: there is no such repair, or it does not fit this subject (any more).
        UnknownOrder, OutOfStock: nothing was changed.
        ProviderUnreachable, RefundRefused: do it again later, or at the provider.

    """
    if repair in _OUTSIDE:
        _OUTSIDE[repair](scope, subject_id, actor)
    elif repair in _INSIDE:
        with transaction(scope) as session:
            _INSIDE[repair](session, subject_id, actor)
    else:
        raise NoRepair
