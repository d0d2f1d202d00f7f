"""A buyer of a file pays without an address, and downloads it."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select, update

from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.orders.downloads.models import Download
from souk.orders.models import Order, OrderLine
from tests.factories.digital import CONTENT, digital_variant
from tests.fixtures.stores import Store
from tests.web_checkout.test_pages import HERE, Buyer


class Reader(Buyer):
    """A browser with an e-book in its cart."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        book = digital_variant(store.scope)
        with transaction(store.scope) as session:
            cart = create_cart(session, "USD")
            add_line(session, cart.token, book, 1)
        self.client.set_cookie("souk_cart", cart.token, domain=store.host)
        self.path = self.client.get("/checkout", base_url=self.base).headers["Location"]

    def buy(self) -> str:
        """Pay with nothing but a mail address and return the page of the order."""
        form = {"email": "ada@example.com", "country": "US", "payment_provider": "test_gateway", "do": "update"}
        self.client.post(self.path, base_url=self.base, data=form, headers=HERE)
        total = re.search(r'name="shown_total" value="(\d+)"', self.get().get_data(as_text=True))
        assert total is not None
        form |= {"do": "pay", "payment_token": "tok_approved", "shown_total": total[1]}
        paid = self.client.post(self.path, base_url=self.base, data=form, headers=HERE)
        assert paid.status_code == 303, paid.text
        return paid.headers["Location"]

    def used(self, token: str) -> int:
        with transaction(self.store.scope, read_only=True) as session:
            return session.execute(select(Download.used).where(Download.token == token)).scalar_one()

    def set(self, token: str, **values: object) -> None:
        with transaction(self.store.scope) as session:
            session.execute(update(Download).where(Download.token == token).values(**values))


def test_a_file_is_bought_without_an_address_and_downloaded(store: Store, other_store: Store) -> None:
    reader = Reader(store)
    form = reader.get().get_data(as_text=True)
    order = reader.buy()
    page = reader.get(order).get_data(as_text=True)
    found = re.search(r"/downloads/([\w-]+)", page)
    assert found is not None
    token, path = found[1], f"/downloads/{found[1]}"

    looked = reader.get(path)
    untouched = reader.used(token)
    sent = reader.client.post(path, base_url=reader.base, headers=HERE)

    assert ('name="line1"' in form, "Nothing has to be sent" in form) == (False, True)
    assert "Ready<span" in page
    assert (looked.status_code, untouched, "5 downloads left" in looked.text) == (200, 0, True)
    assert (sent.status_code, sent.data, reader.used(token)) == (200, CONTENT, 1)
    assert sent.headers["Content-Disposition"] == "attachment; filename*=UTF-8''book.pdf"
    assert sent.headers["Cache-Control"] == "private, no-store"
    foreign = other_store.client()
    for method in (foreign.get, foreign.post):
        assert method(path, base_url=f"http://{other_store.host}", headers=HERE).status_code == 404
    assert reader.used(token) == 1


def test_a_file_that_is_sent_is_no_part_on_its_way(store: Store) -> None:
    """With a thing beside it the order is partly fulfilled at once, and yet nothing has left the shop."""
    reader = Reader(store)
    order = reader.buy()
    with transaction(store.scope) as session:
        ours = select(Order.id).where(Order.token == order.rsplit("/", 1)[1]).scalar_subquery()
        session.execute(update(OrderLine).where(OrderLine.order_id == ours).values(requires_shipping=True))
        session.execute(update(Order).where(Order.id == ours).values(fulfillment_status="partially_fulfilled"))

    page = reader.get(order).text

    assert "<h1>Thank you!</h1>" in page
    assert "on its way" not in page


def test_a_download_that_has_ended_is_410_with_its_reason(store: Store) -> None:
    reader = Reader(store)
    found = re.search(r"/downloads/([\w-]+)", reader.get(reader.buy()).text)
    assert found is not None
    token, path = found[1], f"/downloads/{found[1]}"

    reader.set(token, used=5)
    used_up = reader.client.post(path, base_url=reader.base, headers=HERE)
    reader.set(token, used=0, expires_at=clock.now() - timedelta(days=1))
    expired, looked = reader.client.post(path, base_url=reader.base, headers=HERE), reader.get(path)

    assert (used_up.status_code, "downloaded 5 times" in used_up.text) == (410, True)
    assert (expired.status_code, looked.status_code, "The time for this download is over" in expired.text) == (
        410, 410, True,
    )  # fmt: skip
    assert reader.used(token) == 0
    assert not re.search(r"/media/[^\"]*sold", looked.text)


def test_a_lost_file_costs_no_download(store: Store) -> None:
    reader = Reader(store)
    found = re.search(r"/downloads/([\w-]+)", reader.get(reader.buy()).text)
    assert found is not None
    reader.set(found[1], storage_key="files/t1/sold/lost")

    lost = reader.client.post(f"/downloads/{found[1]}", base_url=reader.base, headers=HERE)

    assert (lost.status_code, reader.used(found[1])) == (404, 0)
