"""Pictures come by jobs: each stands or fails alone, and the product stays whatever happens."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import insert, select, text, update

from souk.catalog.models import Product, ProductMedia, Variant
from souk.catalog.pictures.claim import LEASE, claim_due
from souk.catalog.pictures.failed import count_fetches, list_failed, try_again
from souk.catalog.pictures.fetch import ask_for_due, fetch_pictures
from souk.catalog.pictures.settle import ATTEMPTS
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.media.fetch.address import Gate
from souk.media.fetch.download import Downloader
from souk.media.models import Media, MediaFetch
from souk.media.storage import LocalStorage
from tests.factories.catalog import make_product
from tests.fixtures.shops import make_shop
from tests.fixtures.web_server import Answer, WebServer, web_server

HERE = Downloader(
    Gate(resolve=lambda host, port: ["127.0.0.1"], allows=lambda address: True, any_port=True),
    seconds=5,
    max_bytes=200_000,
)


@pytest.fixture(scope="module")
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def make_one(platform: None) -> TenantScope:
    """A shop of its own for a test that counts."""
    return make_shop()


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path)


def picture(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 90)).save(buffer, "PNG")
    return buffer.getvalue()


def wish(scope: TenantScope, url: str, **values: Any) -> tuple[int, int, int]:
    """Make a product that wants a picture; returns (product, variant, fetch)."""
    with transaction(scope) as session:
        variant_id = make_product(session, stock=None)[0]
        product_id = session.scalar(select(Variant.product_id).where(Variant.id == variant_id))
        row = insert(MediaFetch).values(product_id=product_id, url=url, variant_ids=[variant_id], **values)
        fetch_id = session.scalar(row.returning(MediaFetch.id))
    return product_id or 0, variant_id, fetch_id or 0


def fetched(scope: TenantScope, fetch_id: int) -> Any:
    with transaction(scope, read_only=True) as session:
        columns = (MediaFetch.status, MediaFetch.attempts, MediaFetch.error_code, MediaFetch.next_attempt_at)
        return session.execute(select(*columns).where(MediaFetch.id == fetch_id)).one()


def test_a_picture_hangs_in_its_product_and_on_its_variant(
    shop: TenantScope, storage: LocalStorage, server: WebServer
) -> None:
    server.answers["/chair.png"] = Answer(body=picture(1), headers={"Content-Type": "text/html"})
    product_id, variant_id, fetch_id = wish(shop, server.url("/chair.png"), alt="A chair", position=3)

    brought = fetch_pictures(shop, storage, HERE)

    with transaction(shop, read_only=True) as session:
        media = session.execute(select(Media.id, Media.storage_key, Media.filename, Media.alt)).one()
        hung = session.execute(
            select(ProductMedia.media_id, ProductMedia.position, ProductMedia.alt).where(
                ProductMedia.product_id == product_id
            )
        ).one()
        worn = session.scalar(select(Variant.media_id).where(Variant.id == variant_id))
        version = session.scalar(select(Product.version).where(Product.id == product_id))
    assert brought == 1
    assert tuple(hung) == (media.id, 3, "A chair")
    assert (worn, media.filename, media.alt, version) == (media.id, "chair.png", "A chair", 2)
    assert storage.exists(media.storage_key)
    assert fetched(shop, fetch_id)[:3] == ("done", 1, "")


FAILURES: list[tuple[str, Answer | None, str, str]] = [
    ("gone", None, "failed", "picture_refused"),
    ("busy", Answer(503), "pending", "picture_server_failed"),
    ("page", Answer(body=b"<html>Not a picture</html>"), "failed", "unknown_file_type"),
    ("drawing", Answer(body=b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "failed", "svg_refused"),
    ("broken", Answer(body=picture(9)[:60]), "failed", "malformed_image"),
    ("huge", Answer(body=b"\x89PNG\r\n\x1a\n" + b"x" * 300_000), "failed", "picture_too_large"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=[failure[0] for failure in FAILURES])
def test_a_picture_that_does_not_come_leaves_the_product(
    shop: TenantScope, storage: LocalStorage, server: WebServer, failure: tuple[str, Answer | None, str, str]
) -> None:
    name, answer, status, code = failure
    if answer:
        server.answers[f"/{name}.png"] = answer
    product_id, _, fetch_id = wish(shop, server.url(f"/{name}.png"))

    brought = fetch_pictures(shop, storage, HERE)

    with transaction(shop, read_only=True) as session:
        kept = session.scalar(select(Product.status).where(Product.id == product_id))
    assert (brought, kept) == (0, "active")
    assert fetched(shop, fetch_id)[:3] == (status, 1, code)


def test_a_private_address_is_refused_and_told(make_one: TenantScope, storage: LocalStorage) -> None:
    _, _, fetch_id = wish(make_one, "http://169.254.169.254/latest/meta-data")

    fetch_pictures(make_one, storage, Downloader())

    with transaction(make_one, read_only=True) as session:
        told = list_failed(session)[0]
    assert fetched(make_one, fetch_id).error_code == "picture_address_not_public"
    assert "169.254.169.254 is not on the public internet" in told.error


def test_a_retry_waits_longer_each_time_and_ends(
    make_one: TenantScope, storage: LocalStorage, server: WebServer
) -> None:
    server.answers["/never.png"] = Answer(503)
    _, _, fetch_id = wish(make_one, server.url("/never.png"))
    waits = []

    for _ in range(ATTEMPTS):
        begun = clock.now()
        fetch_pictures(make_one, storage, HERE)
        now = fetched(make_one, fetch_id)
        waits.append((now.status, round((now.next_attempt_at - begun) / timedelta(minutes=1))))
        with transaction(make_one) as session:
            session.execute(update(MediaFetch).values(next_attempt_at=clock.now()))

    assert waits[:-1] == [("pending", 1), ("pending", 2), ("pending", 4), ("pending", 8), ("pending", 16)]
    assert waits[-1][0] == "failed"


def test_the_merchant_tries_again(make_one: TenantScope, storage: LocalStorage, server: WebServer) -> None:
    _, _, fetch_id = wish(make_one, server.url("/late.png"))
    fetch_pictures(make_one, storage, HERE)
    server.answers["/late.png"] = Answer(body=picture(40))

    with transaction(make_one) as session:
        before, again, after = count_fetches(session), try_again(session), count_fetches(session)
    brought = fetch_pictures(make_one, storage, HERE)

    assert (before["failed"], again, after["failed"], brought) == (1, 1, 0, 1)
    assert fetched(make_one, fetch_id).status == "done"


def test_two_workers_never_hold_the_same_picture(make_one: TenantScope) -> None:
    ids = {wish(make_one, f"https://pictures.example/{number}.png")[2] for number in range(4)}

    with transaction(make_one) as first, transaction(make_one) as second:
        mine, theirs = claim_due(first, 2), claim_due(second, 10)

    assert len(mine) == 2
    assert {wanted.id for wanted in mine} | {wanted.id for wanted in theirs} == ids
    assert not {wanted.id for wanted in mine} & {wanted.id for wanted in theirs}


def test_a_worker_that_died_gives_its_pictures_back(make_one: TenantScope, monkeypatch: pytest.MonkeyPatch) -> None:
    wish(make_one, "https://pictures.example/left.png")
    with transaction(make_one) as session:
        claimed = claim_due(session, 1)
        none = claim_due(session, 1)
    later = clock.now() + LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    with transaction(make_one) as session:
        again = claim_due(session, 1)

    assert none == []
    assert [(wanted.id, wanted.attempts) for wanted in again] == [(claimed[0].id, 2)]


def test_a_product_that_went_away_takes_its_wish_along(
    make_one: TenantScope, storage: LocalStorage, server: WebServer
) -> None:
    server.answers["/orphan.png"] = Answer(body=picture(70))
    product_id, _, _ = wish(make_one, server.url("/orphan.png"))
    with transaction(make_one) as session:
        session.execute(text("DELETE FROM products WHERE id = :id"), {"id": product_id})

    assert fetch_pictures(make_one, storage, HERE) == 0


def test_another_shop_fetches_and_sees_nothing(
    shop: TenantScope, other_shop: TenantScope, storage: LocalStorage, server: WebServer
) -> None:
    server.answers["/mine.png"] = Answer(body=picture(80))
    _, _, fetch_id = wish(shop, server.url("/mine.png"))

    brought = fetch_pictures(other_shop, storage, HERE)

    with transaction(other_shop, read_only=True) as session:
        seen = (list(list_failed(session)), count_fetches(session))
    assert (brought, seen) == (0, ([], {"pending": 0, "done": 0, "failed": 0}))
    assert fetched(shop, fetch_id).status == "pending"


def test_the_worker_is_told_while_something_is_due_only(make_one: TenantScope) -> None:
    ask_for_due(make_one)
    wish(make_one, "https://pictures.example/due.png")
    ask_for_due(make_one)

    asked = text("SELECT count(*) FROM pod.outbox WHERE tenant_id = :id AND name = 'media.wanted'")
    with transaction(pod_scope(make_one.pod), read_only=True) as session:
        assert session.scalar(asked, {"id": make_one.tenant_id}) == 1
