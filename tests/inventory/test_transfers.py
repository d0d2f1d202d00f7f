"""Goods on their way are nowhere twice: they leave one shelf, are expected, and stand on the other."""

from __future__ import annotations

from functools import partial

import pytest

from souk.inventory.audit import audit
from souk.inventory.browse import movements_of
from souk.inventory.browse_transfers import list_transfers, read_transfer
from souk.inventory.cancel_transfer import cancel_transfer
from souk.inventory.errors import BadTransfer, MoreThanSent, NotEnoughToSend, TransferEnded, UnknownTransfer
from souk.inventory.locations import list_locations
from souk.inventory.receive_transfer import receive_transfer
from souk.inventory.transfer import create_transfer
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.commerce import open_for_business
from tests.inventory.stocking import hold, level, new_checkout, new_location, variant
from tests.inventory.test_reserve import together


@pytest.fixture(scope="module")
def places(shop: TenantScope) -> tuple[int, int]:
    open_for_business(shop)
    with transaction(shop) as session:
        main = list_locations(session)[0].id
    return main, new_location(shop, "Harbour")


def numbers(scope: TenantScope, variant_id: int, place: int) -> tuple[int, int, int]:
    found = level(scope, variant_id, place)
    return found.on_hand, found.available, found.incoming


@pytest.mark.parametrize("hot", [False, True])
def test_a_transfer_arrives_in_parts(
    shop: TenantScope, other_shop: TenantScope, places: tuple[int, int], *, hot: bool
) -> None:
    (main, harbour), variant_id = places, variant(shop, 10, hot=hot)
    with transaction(shop) as session:
        transfer = create_transfer(session, main, harbour, {variant_id: 6}, actor="staff:1", reference="Lorry 5")
    sent = numbers(shop, variant_id, main), numbers(shop, variant_id, harbour)

    with transaction(shop) as session:
        first = receive_transfer(session, transfer, {variant_id: 2}, actor="staff:2")
    partly = numbers(shop, variant_id, harbour)
    with transaction(shop) as session:
        last = receive_transfer(session, transfer, actor="staff:2")

    assert sent == ((4, 4, 0), (0, 0, 6))
    assert (first, partly) == ("in_transit", (2, 2, 4))
    assert (last, numbers(shop, variant_id, harbour)) == ("received", (6, 6, 0))
    with transaction(shop) as session:
        row, lines = read_transfer(session, transfer)
        assert (row.origin, row.destination, row.status, row.sent, row.received) == (
            "Main",
            "Harbour",
            "received",
            6,
            6,
        )
        assert [(line.quantity, line.received) for line in lines] == [(6, 6)]
        assert {one.transfer_id for one in movements_of(session, variant_id)} == {None, transfer}
        assert audit(session) == []
    with transaction(other_shop) as session:
        assert list_transfers(session) == []
        with pytest.raises(UnknownTransfer):
            read_transfer(session, transfer)


def test_a_canceled_transfer_goes_back(shop: TenantScope, places: tuple[int, int]) -> None:
    (main, harbour), variant_id = places, variant(shop, 10)
    with transaction(shop) as session:
        transfer = create_transfer(session, main, harbour, {variant_id: 6}, actor="staff:1")
        receive_transfer(session, transfer, {variant_id: 1}, actor="staff:1")

    with transaction(shop) as session:
        cancel_transfer(session, transfer, actor="staff:1")

    assert (numbers(shop, variant_id, main), numbers(shop, variant_id, harbour)) == ((9, 9, 0), (1, 1, 0))
    for verb in (cancel_transfer, receive_transfer):
        with pytest.raises(TransferEnded), transaction(shop) as session:
            verb(session, transfer, actor="staff:1")


def test_goods_of_a_supplier_come_from_nowhere(shop: TenantScope, places: tuple[int, int]) -> None:
    (main, _), variant_id = places, variant(shop, 1)
    with transaction(shop) as session:
        transfer = create_transfer(session, None, main, {variant_id: 20}, actor="staff:1")
    expected = numbers(shop, variant_id, main)
    with transaction(shop) as session:
        cancel_transfer(session, transfer, actor="staff:1")

    assert (expected, numbers(shop, variant_id, main)) == ((1, 1, 20), (1, 1, 0))


def test_what_buyers_hold_cannot_be_sent(shop: TenantScope, places: tuple[int, int]) -> None:
    (main, harbour), variant_id = places, variant(shop, 10)
    hold(shop, new_checkout(shop), [(variant_id, 7)])

    with pytest.raises(NotEnoughToSend) as caught, transaction(shop) as session:
        create_transfer(session, main, harbour, {variant_id: 4}, actor="staff:1")

    assert caught.value.items == [{"variant_id": variant_id, "available": 3}]
    assert caught.value.detail.endswith(": 3 free.")
    assert numbers(shop, variant_id, main) == (10, 3, 0)


def test_more_than_was_sent_cannot_arrive(shop: TenantScope, places: tuple[int, int]) -> None:
    (main, harbour), variant_id = places, variant(shop, 10)
    with transaction(shop) as session:
        transfer = create_transfer(session, main, harbour, {variant_id: 4}, actor="staff:1")

    with pytest.raises(MoreThanSent), transaction(shop) as session:
        receive_transfer(session, transfer, {variant_id: 5}, actor="staff:1")

    assert numbers(shop, variant_id, harbour) == (0, 0, 4)


@pytest.mark.parametrize("quantities", [{}, {1: 0}, {1: -1}, {1: 10**9}])
def test_a_bad_transfer_is_refused(shop: TenantScope, places: tuple[int, int], quantities: dict[int, int]) -> None:
    with pytest.raises(BadTransfer), transaction(shop) as session:
        create_transfer(session, *places, quantities, actor="staff:1")
    with pytest.raises(BadTransfer), transaction(shop) as session:
        create_transfer(session, places[0], places[0], {1: 1}, actor="staff:1")


def test_transfers_in_both_directions_and_buyers_do_not_wait_in_a_circle(
    shop: TenantScope, places: tuple[int, int]
) -> None:
    (main, harbour), one, two = places, variant(shop, 40), variant(shop, 40)
    with transaction(shop) as session:
        receive_transfer(
            session, create_transfer(session, main, harbour, {one: 20, two: 20}, actor="staff:1"), actor="staff:1"
        )
    buyers = [new_checkout(shop) for _ in range(4)]

    def back_and_forth(origin: int, destination: int) -> None:
        for _ in range(5):
            with transaction(shop) as session:
                sent = create_transfer(session, origin, destination, {two: 1, one: 1}, actor="staff:1")
                receive_transfer(session, sent, actor="staff:1")

    raised = together(
        lambda: back_and_forth(main, harbour),
        lambda: back_and_forth(harbour, main),
        *[partial(_hold, shop, buyer, [(two, 1), (one, 1)]) for buyer in buyers],
    )

    assert raised == []
    with transaction(shop) as session:
        assert audit(session) == []


def _hold(scope: TenantScope, checkout_id: int, items: list[tuple[int, int]]) -> None:
    hold(scope, checkout_id, items)


def test_two_people_receive_the_same_goods_once(shop: TenantScope, places: tuple[int, int]) -> None:
    (main, harbour), variant_id = places, variant(shop, 10)
    with transaction(shop) as session:
        transfer = create_transfer(session, main, harbour, {variant_id: 4}, actor="staff:1")

    def arrive() -> None:
        with transaction(shop) as session:
            receive_transfer(session, transfer, actor="staff:1")

    raised = together(arrive, arrive)

    assert [type(error) for error in raised] == [TransferEnded]
    assert numbers(shop, variant_id, harbour) == (4, 4, 0)
