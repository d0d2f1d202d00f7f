"""Files are added to a product, limited and taken out; a buyer's download is renewed on the order's page."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from souk.catalog.digital.files import files_of
from souk.catalog.digital.limits import Limits, product_limits, shop_limits
from souk.catalog.models import Variant
from souk.checkout.complete import complete_checkout
from souk.inventory.low_stock import low_stock_notice
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.downloads.models import Download
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.factories.digital import digital_variant
from tests.web_dashboard.conftest import SignedIn
from tests.web_dashboard.test_product_pages import made, variants_of


def names(scope: TenantScope, product_id: int) -> list[str]:
    with transaction(scope, read_only=True) as session:
        return [one.filename for one in files_of(session, product_id)]


def test_files_are_added_limited_and_taken_out(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    product_id = made(shop, "Pattern")
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    path = f"~/products/{product_id}/files"

    added = owner.post(path, {"file": (BytesIO(b"stitches"), "../My pattern.pdf")})
    empty = owner.post(path, {"file": (BytesIO(b""), "empty.pdf")})
    foreign = stranger.post(path, {"file": (BytesIO(b"stitches"), "mine.pdf")})

    assert (added.status_code, empty.status_code, foreign.status_code) == (303, 422, 404)
    assert names(shop, product_id) == ["My pattern.pdf"]
    with transaction(shop, read_only=True) as session:
        variant_id = variants_of(shop, product_id)[0][0]
        ships = session.execute(select(Variant.requires_shipping).where(Variant.id == variant_id)).scalar_one()
        file_id = files_of(session, product_id)[0].id
    assert ships is False
    assert "My pattern.pdf" in owner.get(f"~/products/{product_id}").text

    limits = f"~/products/{product_id}/download-limits"
    assert owner.post(limits, {"times": "3", "days": ""}).status_code == 303
    assert owner.post(limits, {"times": "0", "days": "9"}).status_code == 422
    owner.post(limits, {"for": "shop", "times": "7", "days": "8"})
    with transaction(shop, read_only=True) as session:
        assert product_limits(session, product_id) == (3, None)
        assert shop_limits(session) == Limits(7, 8)

    assert stranger.post(f"{path}/{file_id}/remove").status_code == 404
    assert names(shop, product_id) == ["My pattern.pdf"]
    owner.post(f"{path}/{file_id}/remove")
    assert names(shop, product_id) == []


def test_a_download_is_reset_and_extended(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    open_for_business(shop)
    token = ready_checkout(shop, [(digital_variant(shop), 1)], None)
    order_id = complete_checkout(shop, token, APPROVED).order_id
    with transaction(shop) as session:
        one = session.execute(select(Download).where(Download.order_id == order_id)).scalar_one()
        one.used, download_id, until = 2, one.id, one.expires_at
    owner = signed_in(shop, "fulfillment")
    path = f"~/orders/{order_id}/downloads/{download_id}"

    assert "2 of" in owner.get(f"~/orders/{order_id}").text
    assert owner.post(path, {"action": "extend", "days": "x"}).status_code == 422
    assert signed_in(other_shop, "owner").post(path, {"action": "reset"}).status_code == 404
    assert signed_in(shop, "viewer").post(path, {"action": "reset"}).status_code == 403
    owner.post(path, {"action": "reset"})
    owner.post(path, {"action": "extend", "days": "10"})

    with transaction(shop, read_only=True) as session:
        found = session.get_one(Download, download_id)
    assert (found.used, (found.expires_at - until).days) == (0, 10)


def test_the_mail_of_low_stock_is_switched_on(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")

    kept = owner.post("~/locations/low-stock-mail", {"on": "on", "recipients": "stock@example.com"})
    shown = owner.get("~/locations").text
    bad = owner.post("~/locations/low-stock-mail", {"on": "on", "recipients": "nobody"})

    assert (kept.status_code, bad.status_code, 'value="nobody"' in bad.text) == (303, 422, True)
    with transaction(shop, read_only=True) as session:
        assert low_stock_notice(session).recipients == ("stock@example.com",)
    assert 'name="on" checked' in shown
    assert 'value="stock@example.com"' in shown
    owner.post("~/locations/low-stock-mail", {"recipients": ""})
