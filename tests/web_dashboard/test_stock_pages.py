"""Stock in the dashboard: edits over the numbers that were seen, adjustments, locations, transfers, counts."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from souk.inventory.audit import audit
from souk.inventory.browse import movements_of
from souk.inventory.locations import list_locations
from souk.inventory.models import InventoryCount, InventoryTransfer
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.commerce import open_for_business
from tests.inventory.stocking import level, variant
from tests.web_dashboard.conftest import BASE, SignedIn, Visitor


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


@pytest.fixture
def owner(shop: TenantScope, signed_in: SignedIn) -> Visitor:
    return signed_in(shop, "owner")


def main_location(scope: TenantScope) -> int:
    with transaction(scope) as session:
        return next(row.id for row in list_locations(session) if row.name == "Main")


def newest(scope: TenantScope, model: type[InventoryTransfer | InventoryCount]) -> int:
    with transaction(scope) as session:
        return session.execute(select(model.id).order_by(model.id.desc()).limit(1)).scalar_one()


def test_an_edit_over_a_newer_one_shows_the_newer_number(shop: TenantScope, owner: Visitor) -> None:
    variant_id, main = variant(shop, 10, sku="CAS-1"), main_location(shop)
    shown = owner.get("~/stock?q=CAS-1").text
    version = re.search(r'name="version" value="(\d+)"', shown)
    assert version is not None
    path = f"~/stock/{variant_id}/{main}?q=CAS-1"

    first = owner.post(path, {"version": version[1], "quantity": "12"})
    second = owner.post(path, {"version": version[1], "quantity": "7"})

    assert first.status_code == 303
    assert (second.status_code, "12 are on hand now" in second.text, 'value="7"' in second.text) == (409, True, True)
    assert level(shop, variant_id).on_hand == 12


def test_the_list_is_filtered(shop: TenantScope, owner: Visitor) -> None:
    variant(shop, 0, sku="GONE-1")
    variant(shop, 3, sku="HERE-1")

    out, here = owner.get("~/stock?status=out").text, owner.get("~/stock?q=here-1&status=in_stock").text

    assert ("GONE-1" in out, "HERE-1" in out) == (True, False)
    assert ("GONE-1" in here, "HERE-1" in here) == (False, True)


def test_an_adjustment_stands_in_the_history(shop: TenantScope, owner: Visitor) -> None:
    variant_id, main = variant(shop, 10), main_location(shop)
    form = {"version": "1", "direction": "less", "quantity": "4", "reason": "damaged", "note": "wet"}

    saved = owner.post(f"~/stock/{variant_id}/{main}/adjust", form)
    too_many = owner.post(f"~/stock/{variant_id}/{main}/adjust", {**form, "version": "", "quantity": "40"})
    page = owner.get(f"~/stock/{variant_id}").text

    assert (saved.status_code, too_many.status_code) == (303, 409)
    assert "Damaged: wet" in page
    assert "staff:" not in page
    assert level(shop, variant_id).on_hand == 6
    with transaction(shop) as session:
        assert movements_of(session, variant_id)[0].actor.startswith("staff:")


def test_rules_of_a_level_are_kept(shop: TenantScope, owner: Visitor) -> None:
    variant_id, main = variant(shop, 10), main_location(shop)

    owner.post(f"~/stock/{variant_id}/{main}/settings", {"low_stock_at": "12", "hot": "on"})
    first = level(shop, variant_id)
    low = owner.get("~/stock?status=low").text
    owner.post(f"~/stock/{variant_id}/{main}/settings", {"low_stock_at": ""})

    assert (first.low_stock_at, first.hot, first.available) == (12, True, 10)
    assert f"/stock/{variant_id}/" in low
    assert (level(shop, variant_id).low_stock_at, level(shop, variant_id).hot_pinned) == (None, False)


def test_locations_are_kept(shop: TenantScope, owner: Visitor) -> None:
    main = main_location(shop)

    made = owner.post("~/locations", {"name": "Attic"})
    taken = owner.post("~/locations", {"name": "attic"})
    with transaction(shop) as session:
        attic = next(row.id for row in list_locations(session) if row.name == "Attic")
    for form in ({"action": "first"}, {"action": "rename", "name": "Loft"}, {"action": "close"}):
        assert owner.post(f"~/locations/{attic}", form).status_code == 303
    last = owner.post(f"~/locations/{main}", {"action": "close"})
    assert re.search(r'name="recipients" value="[^"]+@[^"]+"', owner.get("~/locations").text)

    assert (made.status_code, taken.status_code, last.status_code) == (303, 409, 409)
    with transaction(shop) as session:
        assert [(row.name, row.active) for row in list_locations(session)] == [("Main", True), ("Loft", False)]


def test_goods_of_a_supplier_arrive_in_parts(shop: TenantScope, owner: Visitor) -> None:
    variant_id, main = variant(shop, 1, sku="SUP-1"), main_location(shop)
    form = {"origin_id": "", "destination_id": str(main), "lines": "sup-1, 12\n", "expected_at": "2027-01-31"}

    bad = owner.post("~/transfers/new", {**form, "lines": "nothing, 3"})
    made = owner.post("~/transfers/new", form)
    transfer = newest(shop, InventoryTransfer)
    owner.post(f"~/transfers/{transfer}/receive", {f"v-{variant_id}": "5"})
    partly = level(shop, variant_id)
    too_many = owner.post(f"~/transfers/{transfer}/receive", {f"v-{variant_id}": "8"})
    owner.post(f"~/transfers/{transfer}/cancel")

    assert (bad.status_code, "nothing" in bad.text, made.status_code, too_many.status_code) == (422, True, 303, 409)
    assert (partly.on_hand, partly.incoming) == (6, 7)
    assert (level(shop, variant_id).on_hand, level(shop, variant_id).incoming) == (6, 0)
    assert "Canceled" in owner.get(f"~/transfers/{transfer}").text
    assert f"Transfer {transfer}" in owner.get("~/transfers?status=canceled").text


def test_a_count_is_scanned_filed_and_applied(shop: TenantScope, owner: Visitor) -> None:
    scanned, listed = variant(shop, 5, sku="SCAN-1"), variant(shop, 5, sku="LIST-1")
    owner.post("~/counts", {"location_id": str(main_location(shop)), "name": "Spring"})
    path = f"~/counts/{newest(shop, InventoryCount)}"

    for _ in range(3):
        assert owner.post(path, {"action": "scan", "code": "scan-1"}).status_code == 303
    unknown = owner.post(path, {"action": "scan", "code": "4711"})
    file = (io.BytesIO(b"SKU;Counted\r\nLIST-1;7\r\n"), "count.csv")
    filed = owner.post(path, {"action": "file", "file": file})
    before = (level(shop, scanned).on_hand, level(shop, listed).on_hand)
    applied = owner.post(path, {"action": "apply"})

    assert (unknown.status_code, filed.status_code, applied.status_code) == (422, 303, 303)
    assert before == (5, 5)
    assert (level(shop, scanned).on_hand, level(shop, listed).on_hand) == (3, 7)
    assert "2 variants differed" in owner.get(path).text
    assert owner.post(path, {"action": "scan", "code": "scan-1"}).status_code == 409
    with transaction(shop) as session:
        assert audit(session) == []


def test_a_viewer_sees_everything_and_changes_nothing(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    variant_id, main, viewer = variant(shop, 5, sku="VIEW-1"), main_location(shop), signed_in(shop, "viewer")
    stranger = signed_in(other_shop, "owner")

    pages = ["~/stock", f"~/stock/{variant_id}", "~/locations", "~/transfers", "~/counts"]
    refused = [
        viewer.post(path, {"quantity": "1", "name": "Mine", "reason": "count", "location_id": str(main)}).status_code
        for path in (f"~/stock/{variant_id}/{main}/adjust", "~/locations", "~/transfers/new", "~/counts")
    ]

    assert [viewer.get(path).status_code for path in pages] == [200] * 5
    assert refused == [403] * 4
    assert level(shop, variant_id).on_hand == 5
    assert stranger.client.get(f"/shops/{viewer.slug}/stock", base_url=BASE).status_code == 404
    assert stranger.get(f"~/stock/{variant_id}").status_code == 404
