"""Authorized money: taken whole or in parts, let go, found when somebody else took it; each once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest

from plugins.builtin.test_gateway.messages import write_message
from plugins.builtin.test_gateway.plugin import Gateway
from souk.checkout.complete import complete_checkout, resume_checkout
from souk.checkout.notified import consume, take_notice
from souk.checkout.queries import checkout_by_token
from souk.checkout.sweep import sweep_checkouts
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.cancel import cancel_order
from souk.orders.capture import capture_order
from souk.orders.errors import UnknownOrder
from souk.orders.events import timeline
from souk.orders.move_capture import sweep_captures
from souk.orders.read import read_order
from souk.orders.refund import sweep_refunds
from souk.orders.void import sweep_voids, void_order
from souk.payments.attempts import latest_attempt
from souk.payments.errors import CaptureTooLarge, NothingAuthorized, ProviderUnreachable
from souk.payments.settings import set_capture_mode
from souk.payments.values import Account
from tests.factories.commerce import APPROVED, delivery_of, events, open_for_business, ready_checkout
from tests.faults.test_checkout_phases import net_charges
from tests.inventory.stocking import variant

TOTAL = 1_650
LATER = timedelta(minutes=3)


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    for scope in (shop, other_shop):
        open_for_business(scope)
        with transaction(scope) as session:
            set_capture_mode(session, "manual")


@pytest.fixture
def token(shop: TenantScope) -> str:
    return ready_checkout(shop, [(variant(shop, 5), 1)])


@pytest.fixture
def order_id(shop: TenantScope, token: str) -> int:
    return complete_checkout(shop, token, APPROVED).order_id or 0


def take(scope: TenantScope, order_id: int, amount: int | None, key: str = "once", *, final: bool = False) -> str:
    return capture_order(scope, order_id, amount, actor="staff:1", idempotency_key=key, final=final)


def money(scope: TenantScope, order_id: int) -> tuple[str, list[tuple[str, str, int]]]:
    """Return the financial status and the transactions."""
    with transaction(scope, read_only=True) as session:
        order = read_order(session, order_id)
    return order.financial_status, [(row.kind, row.status, row.amount) for row in order.payments]


def key_of(scope: TenantScope, token: str) -> str:
    with transaction(scope, read_only=True) as session:
        attempt = latest_attempt(session, checkout_by_token(session, token).id)
    assert attempt is not None
    return str(attempt.idempotency_key)


def kept(scope: TenantScope, token: str) -> list[int]:
    with transaction(scope, read_only=True) as session:
        return net_charges(scope, checkout_by_token(session, token).id)


def notify(scope: TenantScope, kind: str, key: str, event_id: str = "") -> bool:
    """Send one message through its whole way; returns whether it was new."""
    message = write_message(Gateway.ledger().webhook_secret(), event_id or secrets.token_hex(8), kind, key)
    notice = Gateway().webhook(Account(), *message)[0]
    with transaction(scope) as session:
        fresh = take_notice(session, "test_gateway", notice)
    if fresh:
        consume(delivery_of(scope, "payment.notified", 0))
    return fresh


def test_the_whole_is_captured_once(shop: TenantScope, other_shop: TenantScope, token: str, order_id: int) -> None:
    before = money(shop, order_id)

    assert [take(shop, order_id, None) for _ in range(2)] == ["succeeded"] * 2

    assert before == ("authorized", [("authorization", "success", TOTAL)])
    assert money(shop, order_id) == (
        "paid",
        [("authorization", "success", TOTAL), ("capture", "pending", TOTAL), ("capture", "success", TOTAL)],
    )
    assert kept(shop, token) == [TOTAL]
    assert events(shop, order_id, "order.paid") == ["order.paid"]
    with pytest.raises(UnknownOrder):
        take(other_shop, order_id, None)


def test_parts_are_captured_and_the_rest_let_go(shop: TenantScope, token: str, order_id: int) -> None:
    take(shop, order_id, 500, "a")
    half_way = money(shop, order_id)[0]
    take(shop, order_id, 500, "b", final=True)

    assert half_way == "partially_paid"
    assert money(shop, order_id)[0] == "partially_paid"
    assert money(shop, order_id)[1][-1] == ("void", "success", 650)
    assert kept(shop, token) == [1_000]
    with pytest.raises(NothingAuthorized):
        take(shop, order_id, 1, "c")
    with transaction(shop, read_only=True) as session:
        told = [(entry.type, entry.params.get("amount")) for entry in timeline(session, order_id)][-3:]
    assert told == [("payment_captured", 500), ("payment_captured", 500), ("payment_voided", 650)]


@pytest.mark.parametrize("amount", [0, -1, TOTAL + 1])
def test_an_impossible_amount_changes_nothing(shop: TenantScope, token: str, order_id: int, amount: int) -> None:
    before = money(shop, order_id)

    with pytest.raises(CaptureTooLarge):
        take(shop, order_id, amount)

    assert money(shop, order_id) == before
    assert kept(shop, token) == []


def test_a_lost_answer_is_asked_for_again_and_takes_nothing_twice(
    shop: TenantScope, other_shop: TenantScope, token: str, order_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = Gateway.capture

    def deaf(*args: Any, **options: Any) -> Any:
        capture(*args, **options)
        raise ProviderUnreachable("test_gateway")

    with monkeypatch.context() as patch:
        patch.setattr(Gateway, "capture", deaf)
        silent = take(shop, order_id, 600)
        with pytest.raises(CaptureTooLarge):
            take(shop, order_id, TOTAL, "all of it")
    with clock.frozen(clock.now() + LATER):
        tried = [sweep_captures(other_shop), sweep_captures(shop), sweep_captures(shop)]

    assert (silent, tried) == ("pending", [0, 1, 0])
    assert money(shop, order_id)[0] == "partially_paid"
    assert kept(shop, token) == [600]


def test_a_void_lets_go_and_leaves_the_order_open(
    shop: TenantScope, other_shop: TenantScope, token: str, order_id: int
) -> None:
    with pytest.raises(UnknownOrder):
        void_order(other_shop, order_id, "staff:1")

    assert void_order(shop, order_id, "staff:1") == "succeeded"

    assert money(shop, order_id) == ("voided", [("authorization", "success", TOTAL), ("void", "success", TOTAL)])
    with pytest.raises(NothingAuthorized):
        void_order(shop, order_id, "staff:1")
    with pytest.raises(NothingAuthorized):
        take(shop, order_id, 1)
    assert kept(shop, token) == []


def test_canceling_gives_back_what_was_taken_and_lets_go_of_the_rest(
    shop: TenantScope, other_shop: TenantScope, token: str, order_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(shop, order_id, 600)
    with monkeypatch.context() as patch:
        patch.setattr(Gateway, "cancel", _unreachable)
        cancel_order(shop, order_id, "customer", restock=True, actor="staff:1")
    held = Gateway.ledger().find(key_of(shop, token))

    tried = [sweep_voids(other_shop), sweep_voids(shop), sweep_voids(shop)]

    assert held is not None
    assert (held.status, held.refunded) == ("authorized", 600)
    assert tried == [0, 1, 0]
    assert kept(shop, token) == []
    assert money(shop, order_id)[1][-1] == ("void", "success", TOTAL - 600)


def test_what_was_done_at_the_provider_is_found_in_any_order_and_number(
    shop: TenantScope, other_shop: TenantScope, token: str, order_id: int
) -> None:
    key, ledger = key_of(shop, token), Gateway.ledger()
    ledger.capture(key, 1_000, f"{key}-by-hand", final=True)
    ledger.refund(key, 300, f"{key}-refund-by-hand")

    # The refund's message overtakes the capture's, each comes twice, and one is of a shop that has no such payment.
    fresh = [notify(shop, "charge.refunded", key, "evt_2"), notify(shop, "charge.captured", key, "evt_1")]
    fresh += [notify(shop, "charge.refunded", key, "evt_2"), notify(other_shop, "charge.captured", key, "evt_1")]

    assert fresh == [True, True, False, True]
    status, rows = money(shop, order_id)
    assert status == "partially_refunded"
    assert rows[1:] == [("capture", "success", 1_000), ("refund", "success", 300), ("void", "success", 650)]
    assert kept(shop, token) == [700]


def test_an_authorization_that_expired_is_told(shop: TenantScope, token: str, order_id: int) -> None:
    Gateway.ledger().advance(key_of(shop, token), "canceled", before="authorized")

    notify(shop, "charge.expired", key_of(shop, token))

    assert money(shop, order_id)[0] == "expired"


def test_money_captured_for_a_canceled_order_goes_back(
    shop: TenantScope, token: str, order_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, ledger = key_of(shop, token), Gateway.ledger()
    with monkeypatch.context() as patch:
        patch.setattr(Gateway, "cancel", _unreachable)
        cancel_order(shop, order_id, "customer", restock=True, actor="staff:1")
    ledger.capture(key, TOTAL, f"{key}-by-hand", final=True)

    sweep_voids(shop)
    with clock.frozen(clock.now() + LATER):
        sweep_refunds(shop)

    assert money(shop, order_id)[1][1:] == [("capture", "success", TOTAL), ("refund", "success", TOTAL)]
    assert kept(shop, token) == []


def test_a_message_alone_makes_the_order(shop: TenantScope, token: str) -> None:
    complete_checkout(shop, token, {"type": "test", "token": "tok_requires_action"})
    Gateway.ledger().advance(key_of(shop, token), "authorized", before="requires_action_manual")

    assert [notify(shop, "charge.authorized", key_of(shop, token)) for _ in range(2)] == [True, True]

    done = resume_checkout(shop, token)
    assert done.order_id is not None
    assert money(shop, done.order_id)[0] == "authorized"


def test_money_that_comes_after_we_gave_up_finds_its_order_or_goes_back(shop: TenantScope, token: str) -> None:
    complete_checkout(shop, token, {"type": "test", "token": "tok_requires_action"})
    key = key_of(shop, token)
    with clock.frozen(clock.now() + timedelta(minutes=40)):
        sweep_checkouts(shop)
    done = complete_checkout(shop, token, APPROVED)
    _bank_pays_all_the_same(key)

    notify(shop, "charge.captured", key)
    notify(shop, "charge.captured", key)

    late = Gateway.ledger().find(key)
    assert late is not None
    assert (late.captured, late.refunded) == (TOTAL, TOTAL)
    assert money(shop, done.order_id or 0)[0] == "authorized"


def _bank_pays_all_the_same(key: str) -> None:
    """Capture a charge that was canceled, as a bank far away may do."""
    with Gateway.ledger()._open() as database:
        database.execute("UPDATE charges SET status = 'captured', amount = ? WHERE key = ?", (TOTAL, key))
        database.execute("INSERT INTO captures VALUES (?, ?, ?)", (f"{key}-late", key, TOTAL))


def _unreachable(*_args: Any) -> Any:
    raise ProviderUnreachable("test_gateway")
