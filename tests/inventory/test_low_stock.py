"""Staff hear of low stock by one mail for many falls, and of each fall once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from souk.inventory.adjust import set_on_hand
from souk.inventory.errors import BadRecipients
from souk.inventory.low_stock import low_stock_notice, note_low, publish_digest, set_low_stock_notice
from souk.inventory.threshold import default_threshold, set_default_threshold, set_threshold
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.models import OutboxEvent
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.notifications.consume import deliver_mail
from souk.notifications.stored import list_mails
from tests.factories.commerce import delivery_of, open_for_business
from tests.inventory.stocking import hold, level, new_checkout, variant

LATER = timedelta(minutes=6)


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


@pytest.fixture(autouse=True)
def told(shop: TenantScope) -> Iterator[None]:
    with transaction(shop) as session:
        set_low_stock_notice(session, on=True, recipients="stock@example.com, boss@example.com")
    yield
    with transaction(shop) as session:
        set_low_stock_notice(session, on=False, recipients="")


def low_variant(scope: TenantScope, stock: int, at: int) -> int:
    variant_id = variant(scope, stock)
    with transaction(scope) as session:
        set_threshold(session, level(scope, variant_id).id, at)
    return variant_id


def fall(scope: TenantScope, variant_id: int, units: int) -> None:
    hold(scope, new_checkout(scope), [(variant_id, units)])
    note_low(delivery_of(scope, "inventory.low", variant_id))


def digests(scope: TenantScope) -> list[dict[str, object]]:
    query = select(OutboxEvent.payload).where(
        OutboxEvent.tenant_id == scope.tenant_id, OutboxEvent.name == "inventory.low_digest"
    )
    with transaction(pod_scope(scope.pod)) as session:
        return [dict(one) for one in session.execute(query.order_by(OutboxEvent.id)).scalars()]


def test_falls_are_gathered_and_told_once(shop: TenantScope, other_shop: TenantScope) -> None:
    first, second = low_variant(shop, 10, 5), low_variant(shop, 8, 4)
    fall(shop, first, 6)
    fall(shop, second, 4)
    before = len(digests(shop))

    at_once = publish_digest(shop)
    with clock.frozen(clock.now() + LATER):
        told, again, foreign = publish_digest(shop), publish_digest(shop), publish_digest(other_shop)

    assert (at_once, told, again, foreign) == (0, 2, 0, 0)
    new = digests(shop)[before:]
    assert [one["to"] for one in new] == ["stock@example.com", "boss@example.com"]
    job = delivery_of(shop, "inventory.low_digest", 0)
    deliver_mail(job)
    with transaction(shop, read_only=True) as session:
        mails, total = list_mails(session)
    sent = [one for one in mails if one.kind == "low_stock"]
    assert [(one.recipient, one.status) for one in sent] == [("boss@example.com", "sent")]
    assert "/stock?status=low" in sent[0].text_body
    assert "4 left" in sent[0].text_body
    assert total >= 1


def test_what_was_filled_up_meanwhile_is_not_told(shop: TenantScope) -> None:
    variant_id = low_variant(shop, 10, 5)
    fall(shop, variant_id, 6)
    with transaction(shop) as session:
        set_on_hand(session, variant_id, None, 50, "received", "staff:1")

    with clock.frozen(clock.now() + LATER):
        assert publish_digest(shop) == 0


def test_a_shop_that_wants_no_mail_keeps_no_falls(shop: TenantScope) -> None:
    variant_id = low_variant(shop, 10, 5)
    with transaction(shop) as session:
        set_low_stock_notice(session, on=False, recipients="")
    fall(shop, variant_id, 6)
    with transaction(shop) as session:
        set_low_stock_notice(session, on=True, recipients="stock@example.com")

    with clock.frozen(clock.now() + LATER):
        assert publish_digest(shop) == 0


@pytest.mark.parametrize("recipients", ["", "no address", ",".join(f"a{n}@example.com" for n in range(11))])
def test_bad_addresses_change_nothing(shop: TenantScope, recipients: str) -> None:
    with pytest.raises(BadRecipients), transaction(shop) as session:
        set_low_stock_notice(session, on=True, recipients=recipients)

    with transaction(shop) as session:
        assert low_stock_notice(session).recipients == ("stock@example.com", "boss@example.com")
        set_default_threshold(session, 3)
        assert low_stock_notice(session).on
        assert default_threshold(session) == 3
        set_default_threshold(session, None)
