"""What a wallet's sheet is told while its buyer chooses; nothing of it is kept."""

from __future__ import annotations

from sqlalchemy import select

from souk.checkout.models import Checkout
from souk.kernel.db import transaction
from tests.factories.commerce import ready_checkout
from tests.fixtures.stores import Store, read


def test_a_place_is_priced_and_nothing_is_written(store: Store, other_store: Store) -> None:
    token = ready_checkout(store.scope, [(store.variants["Oak Bowl"][0], 1)])
    place = {"city": "Springfield", "state": "IL", "postal_code": "62701", "country": "US"}

    def ask(shop: Store, **fields: str) -> tuple[int, dict[str, object]]:
        sent = shop.client().post(f"/checkout/{token}/quote", data=fields, base_url=f"http://{shop.host}")
        return sent.status_code, read(sent) if sent.is_json else {}

    def row() -> tuple[object, ...]:
        columns = (Checkout.shipping_address, Checkout.totals, Checkout.updated_at)
        with transaction(store.scope, read_only=True) as session:
            return tuple(session.execute(select(*columns).where(Checkout.token == token)).one())

    before = row()
    status, told = ask(store, **place, shipping_code="pending")

    assert status == 200
    assert (told["total"], told["due"], told["code"]) == (2_749, 2_749, "standard")
    assert told["rates"] == [{"code": "standard", "title": "Standard", "amount": 500}]
    assert ask(store, country="XX")[0] == 422
    assert ask(other_store, **place)[0] == 404
    assert row() == before
