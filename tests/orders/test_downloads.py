"""Buyers of files get them once they have paid, as often and as long as was promised."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from souk.catalog.bundles.compose import set_components
from souk.catalog.digital.files import remove_file
from souk.catalog.digital.limits import Limits, set_product_limits, set_shop_limits
from souk.catalog.models import Variant
from souk.checkout.complete import complete_checkout
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.notifications.consume import deliver_mail
from souk.notifications.stored import list_mails
from souk.orders.cancel import cancel_order
from souk.orders.downloads.errors import (
    BadExtension,
    DownloadExpired,
    DownloadStopped,
    DownloadsUsedUp,
    UnknownDownload,
)
from souk.orders.downloads.grant import grant_downloads
from souk.orders.downloads.models import Download
from souk.orders.downloads.read import DownloadView, downloads_of
from souk.orders.downloads.renew import extend_download, reset_download
from souk.orders.downloads.take import take_download
from souk.orders.mark_paid import mark_paid
from souk.orders.models import Fulfillment, Order, OrderLine
from souk.orders.refund import RefundLine, refund_order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, delivery_of, events, open_for_business, ready_checkout
from tests.factories.digital import digital_variant, sell_file
from tests.inventory.test_reserve import together


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


def bought(scope: TenantScope, *items: tuple[int, int], method: dict[str, str] = APPROVED, ships: bool = False) -> int:
    token = ready_checkout(scope, list(items), "standard" if ships else None)
    return complete_checkout(scope, token, method).order_id or 0


def downloads(scope: TenantScope, order_id: int) -> list[DownloadView]:
    with transaction(scope, read_only=True) as session:
        return downloads_of(session, order_id)


def take(scope: TenantScope, token: str) -> str:
    with transaction(scope) as session:
        return take_download(session, token).filename


def refused(scope: TenantScope, token: str) -> type[SoukError]:
    before = count(scope, token)
    with pytest.raises(SoukError) as error:
        take(scope, token)
    assert count(scope, token) == before
    return type(error.value)


def count(scope: TenantScope, token: str) -> int | None:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Download.used).where(Download.token == token)).scalar_one_or_none()


def order_of(scope: TenantScope, order_id: int) -> Order:
    with transaction(scope, read_only=True) as session:
        return session.get_one(Order, order_id)


def test_a_file_is_sent_by_itself_and_told_by_mail(shop: TenantScope, other_shop: TenantScope) -> None:
    book = digital_variant(shop, stock=5)
    with transaction(shop) as session:
        settings = read_setting(session, "shop")
        write_setting(session, "shop", {**settings, "auto_fulfill": True})

    order_id = bought(shop, (book, 2))

    with transaction(shop) as session:
        write_setting(session, "shop", settings)
    # There is nothing that anybody could pack.
    assert events(shop, order_id, "fulfillment.requested") == []
    (one,) = downloads(shop, order_id)
    assert (one.filename, one.most, one.status) == ("book.pdf", 10, "open")
    assert order_of(shop, order_id).fulfillment_status == "fulfilled"
    assert events(shop, order_id, "downloads.granted") == ["downloads.granted"]
    for name in ("downloads.granted", "fulfillment.created"):
        subject = order_id if name == "downloads.granted" else _parcel(shop, order_id)
        deliver_mail(delivery_of(shop, name, subject))
    with transaction(shop, read_only=True) as session:
        mails, total = list_mails(session, order_id=order_id)
    assert (total, mails[0].kind, f"/downloads/{one.token}" in mails[0].text_body) == (1, "order_downloads", True)
    with transaction(shop) as session:
        assert grant_downloads(session, order_id) == 0
    assert refused(other_shop, one.token) is UnknownDownload


def _parcel(scope: TenantScope, order_id: int) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Fulfillment.id).where(Fulfillment.order_id == order_id)).scalar_one()


def test_a_book_with_its_file_waits_for_its_parcel(shop: TenantScope) -> None:
    with transaction(shop) as session:
        red, blue = make_product(session, "Book", variants=2)
    sell_file(shop, red, ships=True)
    sell_file(shop, blue, "blue.pdf", only=True, ships=True)

    order_id = bought(shop, (red, 1), (blue, 1), ships=True)

    assert [one.filename for one in downloads(shop, order_id)] == ["book.pdf", "book.pdf", "blue.pdf"]
    assert order_of(shop, order_id).fulfillment_status == "unfulfilled"


def test_a_bundle_brings_the_files_of_its_parts(shop: TenantScope) -> None:
    book = digital_variant(shop)
    with transaction(shop) as session:
        (box,) = make_product(session, "Box")
        set_components(session, box, {book: 1})

    assert [one.filename for one in downloads(shop, bought(shop, (box, 1), ships=True))] == ["book.pdf"]


def test_nobody_downloads_before_the_money_is_there(shop: TenantScope) -> None:
    order_id = bought(shop, (digital_variant(shop), 1), method={"type": "manual"})
    before = downloads(shop, order_id)

    with transaction(shop) as session:
        mark_paid(session, order_id, "staff:1")

    assert (before, len(downloads(shop, order_id))) == ([], 1)
    assert order_of(shop, order_id).fulfillment_status == "fulfilled"


def test_two_connections_share_the_last_download(shop: TenantScope) -> None:
    book = digital_variant(shop)
    with transaction(shop) as session:
        product_id = session.execute(select(Variant.product_id).where(Variant.id == book)).scalar_one()
        set_product_limits(session, product_id, 1, None)
    (one,) = downloads(shop, bought(shop, (book, 1)))

    def get() -> None:
        take(shop, one.token)

    raised = together(get, get)

    assert [type(error) for error in raised] == [DownloadsUsedUp]
    assert count(shop, one.token) == 1


def test_a_download_ends_with_its_time_and_is_extended(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        set_shop_limits(session, Limits(times=2, days=3))
    order_id = bought(shop, (digital_variant(shop), 1))
    (one,) = downloads(shop, order_id)
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert refused(shop, one.token) is DownloadExpired
        for scope in (shop, other_shop):
            with pytest.raises(SoukError), transaction(scope) as session:
                extend_download(session, order_id, one.id if scope is other_shop else 10**9, 5, "staff:1")
        with pytest.raises(BadExtension), transaction(shop) as session:
            extend_download(session, order_id, one.id, 0, "staff:1")
        assert refused(shop, one.token) is DownloadExpired

        with transaction(shop) as session:
            extend_download(session, order_id, one.id, 5, "staff:1")

        assert [take(shop, one.token), take(shop, one.token)] == ["book.pdf", "book.pdf"]
        assert refused(shop, one.token) is DownloadsUsedUp
        with transaction(shop) as session:
            reset_download(session, order_id, one.id, "staff:1")
        assert take(shop, one.token) == "book.pdf"
    with transaction(shop) as session:
        set_shop_limits(session, Limits(times=5, days=30))


def test_refunded_and_canceled_purchases_stop(shop: TenantScope) -> None:
    book = digital_variant(shop)
    order_id = bought(shop, (book, 2))
    (one,) = downloads(shop, order_id)
    with transaction(shop, read_only=True) as session:
        line_id = session.execute(select(OrderLine.id).where(OrderLine.order_id == order_id)).scalar_one()
    give_back = partial(refund_order, shop, order_id, 100, reason="returned", actor="staff:1")

    give_back([RefundLine(line_id, 1)], idempotency_key=f"half-{order_id}")
    half = take(shop, one.token)
    give_back([RefundLine(line_id, 1)], idempotency_key=f"rest-{order_id}")

    assert (half, refused(shop, one.token)) == ("book.pdf", DownloadStopped)

    with transaction(shop) as session:
        (mug,) = make_product(session)
    sell_file(shop, mug, ships=True)
    canceled = bought(shop, (mug, 1), ships=True)
    (other,) = downloads(shop, canceled)
    cancel_order(shop, canceled, "customer", restock=True, actor="staff:1")
    assert refused(shop, other.token) is DownloadStopped


def test_a_file_that_is_taken_out_stays_with_those_who_bought_it(shop: TenantScope) -> None:
    with transaction(shop) as session:
        (mug,) = make_product(session, stock=None)
        product_id = session.execute(select(Variant.product_id).where(Variant.id == mug)).scalar_one()
    file_id = sell_file(shop, mug)
    (one,) = downloads(shop, bought(shop, (mug, 1)))
    with transaction(shop) as session:
        remove_file(session, product_id, file_id)
        session.execute(update(Variant).where(Variant.id == mug).values(requires_shipping=True))

    assert take(shop, one.token) == "book.pdf"
    assert downloads(shop, bought(shop, (mug, 1), ships=True)) == []
