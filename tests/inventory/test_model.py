"""Whatever is done to stock in whatever order, its counters are those of a model that only adds and subtracts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import insert
from sqlalchemy.orm import Session

from souk.cart.models import Cart
from souk.checkout.models import Checkout
from souk.inventory.adjust import adjust_on_hand, set_on_hand
from souk.inventory.allocate import allocate
from souk.inventory.audit import audit
from souk.inventory.cancel_transfer import cancel_transfer
from souk.inventory.cause import Cause
from souk.inventory.errors import NotEnoughToSend, OutOfStock, StockInUse
from souk.inventory.move import deallocate, receive, ship
from souk.inventory.receive_transfer import receive_transfer
from souk.inventory.release import release, release_expired
from souk.inventory.reserve import reserve
from souk.inventory.state import LevelState, read_level
from souk.inventory.temperature import cool, heat
from souk.inventory.transfer import create_transfer
from souk.inventory.units import fold
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.kernel.tokens import new_token
from tests.factories.catalog import make_product
from tests.fixtures.shops import make_shop
from tests.inventory.stocking import new_location

HOUR = timedelta(hours=1)
PLACES = st.integers(0, 1)
FEW = st.integers(1, 6)


@dataclass
class Shelf:
    on_hand: int = 0
    committed: int = 0
    reserved: int = 0
    incoming: int = 0

    @property
    def available(self) -> int:
        return self.on_hand - self.committed - self.reserved


@dataclass
class Held:
    checkout_id: int
    place: int
    quantity: int
    stale: bool


@dataclass
class Owed:
    """What an order was promised and was not sent yet."""

    order_id: int
    place: int
    quantity: int


@dataclass
class Sent:
    transfer_id: int
    origin: int
    quantity: int


@dataclass
class Model:
    shelves: tuple[Shelf, Shelf] = field(default_factory=lambda: (Shelf(), Shelf()))
    held: list[Held] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def serving(self, quantity: int, own: Held | None = None) -> int | None:
        """The place that must serve a line: where it is held already, else the first that has all of it."""
        order = [0, 1] if own is None else [own.place, 1 - own.place]
        for place in order:
            free = self.shelves[place].available + (own.quantity if own is not None and own.place == place else 0)
            if free >= quantity:
                return place
        return None


class Stock(RuleBasedStateMachine):
    scope: TenantScope
    places: tuple[int, int]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        with transaction(self.scope) as session:
            (self.variant_id,) = make_product(session, stock=0)
            for place in self.places:
                set_on_hand(session, self.variant_id, place, 0, "count", "system")
        self.orders = 0

    def level(self, session: Session, place: int) -> LevelState:
        found = read_level(session, self.variant_id, self.places[place])
        assert found is not None
        return found

    def checkout(self) -> int:
        later = clock.now() + HOUR
        with transaction(self.scope) as session:
            cart = insert(Cart).values(token=new_token(), currency="USD", expires_at=later).returning(Cart.id)
            row = insert(Checkout).values(
                token=new_token(), cart_id=session.execute(cart).scalar_one(), currency="USD", expires_at=later
            )
            return session.execute(row.returning(Checkout.id)).scalar_one()

    @rule(place=PLACES, quantity=FEW)
    def receive(self, place: int, quantity: int) -> None:
        with transaction(self.scope) as session:
            receive(session, self.level(session, place).id, quantity, Cause(reason="returned"))
        self.model.shelves[place].on_hand += quantity

    @rule(quantity=FEW, stale=st.booleans())
    def reserve(self, quantity: int, *, stale: bool) -> None:
        self._hold(Held(self.checkout(), -1, 0, stale), quantity)

    @precondition(lambda self: self.model.held)
    @rule(data=st.data(), quantity=FEW)
    def reserve_again(self, data: st.DataObject, quantity: int) -> None:
        self._hold(data.draw(st.sampled_from(self.model.held)), quantity)

    def _hold(self, one: Held, quantity: int) -> None:
        known = one if one in self.model.held else None
        place = self.model.serving(quantity, known)
        until = clock.now() + (-HOUR if one.stale else HOUR)
        try:
            with transaction(self.scope) as session:
                reserve(session, one.checkout_id, [(self.variant_id, quantity)], until)
        except OutOfStock:
            assert place is None
            return
        assert place is not None
        if known is None:
            self.model.held.append(one)
        else:
            self.model.shelves[one.place].reserved -= one.quantity
        one.place, one.quantity = place, quantity
        self.model.shelves[place].reserved += quantity

    @precondition(lambda self: self.model.held)
    @rule(data=st.data())
    def claim(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.model.held))
        self.orders += 1
        with transaction(self.scope) as session:
            allocate(session, one.checkout_id, self.orders)
        self._let_go(one)
        self.model.shelves[one.place].committed += one.quantity
        self.model.owed.append(Owed(self.orders, one.place, one.quantity))

    @precondition(lambda self: self.model.held)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.model.held))
        with transaction(self.scope) as session:
            release(session, one.checkout_id)
        self._let_go(one)

    @rule()
    def expire(self) -> None:
        with transaction(self.scope) as session:
            release_expired(session)
        for one in [held for held in self.model.held if held.stale]:
            self._let_go(one)

    def _let_go(self, one: Held) -> None:
        self.model.held.remove(one)
        self.model.shelves[one.place].reserved -= one.quantity

    @rule(place=PLACES, difference=st.integers(-6, 6).filter(bool))
    def adjust(self, place: int, difference: int) -> None:
        shelf = self.model.shelves[place]
        fits = difference > 0 or shelf.available + difference >= 0
        try:
            with transaction(self.scope) as session:
                adjust_on_hand(
                    session, self.variant_id, self.places[place], difference, reason="correction", actor="staff:1"
                )
        except StockInUse:
            assert not fits
            return
        assert fits
        shelf.on_hand += difference

    @rule(origin=PLACES, quantity=FEW)
    def send(self, origin: int, quantity: int) -> None:
        there = self.model.shelves[origin]
        fits = there.available >= quantity
        try:
            with transaction(self.scope) as session:
                transfer_id = create_transfer(
                    session, self.places[origin], self.places[1 - origin], {self.variant_id: quantity}, actor="staff:1"
                )
        except NotEnoughToSend:
            assert not fits
            return
        assert fits
        there.on_hand -= quantity
        self.model.shelves[1 - origin].incoming += quantity
        self.model.sent.append(Sent(transfer_id, origin, quantity))

    @precondition(lambda self: self.model.sent)
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.model.sent))
        quantity = data.draw(st.integers(0, one.quantity))
        with transaction(self.scope) as session:
            status = receive_transfer(session, one.transfer_id, {self.variant_id: quantity}, actor="staff:1")
        one.quantity -= quantity
        shelf = self.model.shelves[1 - one.origin]
        shelf.incoming -= quantity
        shelf.on_hand += quantity
        assert status == ("in_transit" if one.quantity else "received")
        if not one.quantity:
            self.model.sent.remove(one)

    @precondition(lambda self: self.model.sent)
    @rule(data=st.data())
    def turn_back(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.model.sent))
        with transaction(self.scope) as session:
            cancel_transfer(session, one.transfer_id, actor="staff:1")
        self.model.sent.remove(one)
        self.model.shelves[one.origin].on_hand += one.quantity
        self.model.shelves[1 - one.origin].incoming -= one.quantity

    @precondition(lambda self: self.model.owed)
    @rule(data=st.data())
    def ship(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.model.owed))
        quantity = data.draw(st.integers(1, one.quantity))
        with transaction(self.scope) as session:
            ship(session, self.level(session, one.place).id, quantity, Cause(one.order_id))
        self.model.shelves[one.place].on_hand -= quantity
        self._settle(one, quantity)

    @precondition(lambda self: self.model.owed)
    @rule(data=st.data(), restock=st.booleans())
    def refund(self, data: st.DataObject, *, restock: bool) -> None:
        one = data.draw(st.sampled_from(self.model.owed))
        quantity = data.draw(st.integers(1, one.quantity))
        with transaction(self.scope) as session:
            level_id = self.level(session, one.place).id
            deallocate(session, level_id, quantity, Cause(one.order_id, reason="refunded"), restock=restock)
        self.model.shelves[one.place].on_hand -= 0 if restock else quantity
        self._settle(one, quantity)

    def _settle(self, one: Owed, quantity: int) -> None:
        self.model.shelves[one.place].committed -= quantity
        one.quantity -= quantity
        if not one.quantity:
            self.model.owed.remove(one)

    @rule(place=PLACES, pool=st.integers(0, 4))
    def sell_by_unit(self, place: int, pool: int) -> None:
        with transaction(self.scope) as session:
            level_id = self.level(session, place).id
            heat(session, level_id)
            fold(session, level_id, pool)

    @rule(place=PLACES)
    def sell_by_counter(self, place: int) -> None:
        with transaction(self.scope) as session:
            cool(session, self.level(session, place).id)

    @invariant()
    def the_counters_are_those_of_the_model(self) -> None:
        with transaction(self.scope) as session:
            for place, shelf in enumerate(self.model.shelves):
                found = self.level(session, place)
                assert (found.on_hand, found.available, found.incoming) == (
                    shelf.on_hand, shelf.available, shelf.incoming,
                )  # fmt: skip
                if not found.hot:
                    assert (found.committed, found.reserved) == (shelf.committed, shelf.reserved)
            assert [one for one in audit(session) if one.variant_id == self.variant_id] == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_stock_is_what_the_model_says(platform: None) -> None:
    scope = make_shop()
    second = new_location(scope, "Second")

    class Here(Stock):
        pass

    with transaction(scope) as session:
        (variant_id,) = make_product(session, stock=0)
        first = set_on_hand(session, variant_id, None, 0, "count", "system").location_id
    Here.scope, Here.places = scope, (first, second)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
