"""The list of products with its views and bulk actions, the editor, the matrix and the grid."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import insert, select

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.metafields.define import list_definitions
from souk.catalog.models import Collection, CollectionProduct, Product, ProductMedia, Variant
from souk.catalog.save_product import save_product
from souk.inventory.availability import UNLIMITED, availability
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.models import Media
from tests.web_dashboard.conftest import BASE, SignedIn, Visitor


def made(scope: TenantScope, title: str, **values: Any) -> int:
    with transaction(scope) as session:
        return save_product(session, ProductDraft(title=title, variants=(VariantDraft(1_000),), **values))


def stored(scope: TenantScope, product_id: int) -> Product:
    with transaction(scope, read_only=True) as session:
        return session.get_one(Product, product_id)


def variants_of(scope: TenantScope, product_id: int) -> list[tuple[int, str, int, str]]:
    """Return (id, title, price, sku) in order."""
    columns = select(Variant.id, Variant.title, Variant.price, Variant.sku).where(Variant.product_id == product_id)
    with transaction(scope, read_only=True) as session:
        return [(row[0], row[1], row[2], row[3]) for row in session.execute(columns.order_by(Variant.position))]


def shown(visitor: Visitor, query: str) -> list[str]:
    return re.findall(r'<td class="lead"><a href="[^"]+"><b>([^<]+)</b>', visitor.get(f"~/products?{query}").text)


def test_the_list_is_filtered_and_sorted(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    made(shop, "Filter B", vendor="Acme Filters", tags=("red",))
    made(shop, "Filter A", vendor="Acme Filters", status="draft")
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    assert shown(owner, "vendor=Acme+Filters") == ["Filter A", "Filter B"]
    assert shown(owner, "vendor=Acme+Filters&sort=title-down") == ["Filter B", "Filter A"]
    assert shown(owner, "vendor=Acme+Filters&status=draft") == ["Filter A"]
    assert shown(owner, "q=filter&tag=red") == ["Filter B"]
    assert shown(owner, "q=100%25") == []
    assert shown(stranger, "q=filter") == []


def test_a_view_is_saved_for_the_shop_and_deleted(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    saved = owner.post("~/products/views", {"name": "My drafts", "address": "status=draft&x=<b>"})
    bad = owner.post("~/products/views", {"name": " ", "address": "status=draft"})

    assert (saved.status_code, bad.status_code) == (303, 422)
    assert '<a href="?status=draft">My drafts</a>' in owner.get("~/products").text
    assert "My drafts" not in stranger.get("~/products").text

    owner.post("~/products/views", {"name": "My drafts", "action": "delete"})

    assert "My drafts" not in owner.get("~/products").text


def test_bulk_actions_change_the_ticked_or_all_that_match(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    ids = [made(shop, f"Bulk {number}", vendor="Bulk Co") for number in range(3)]
    with transaction(shop) as session:
        session.execute(insert(Collection), [{"handle": f"many-{n}", "title": f"Many {n}"} for n in range(201)])
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    answers = [
        owner.post("~/products/bulk", {"action": "archived", "ids": ids[:2]}).status_code,
        owner.post(
            "~/products/bulk?vendor=Bulk+Co", {"action": "tag", "tags": "sale", "all_matching": "on"}
        ).status_code,
        owner.post("~/products/bulk", {"action": "delete", "ids": ids}).status_code,
        owner.post("~/products/bulk", {"action": "draft"}).status_code,
        owner.post("~/products/bulk", {"action": "join", "ids": ids, "collection": "many 200"}).status_code,
        owner.post("~/products/bulk", {"action": "join", "ids": ids, "collection": "nothing"}).status_code,
        stranger.post("~/products/bulk", {"action": "delete", "ids": ids, "confirm": "on"}).status_code,
        signed_in(shop, "viewer").post("~/products/bulk", {"action": "draft", "ids": ids}).status_code,
    ]

    assert answers[:6] == [303, 303, 422, 422, 303, 404]
    assert answers[6:] == [404, 403]
    with transaction(shop, read_only=True) as session:
        joined = session.scalars(
            select(CollectionProduct.product_id).join(Collection).where(Collection.handle == "many-200")
        )
        assert set(joined) == set(ids)
    found = [stored(shop, product_id) for product_id in ids]
    assert [(product.status, product.tags) for product in found] == [
        ("archived", ["sale"]), ("archived", ["sale"]), ("active", ["sale"]),
    ]  # fmt: skip


def test_the_grid_keeps_every_typed_cell_when_one_is_wrong(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    first, second = made(shop, "Grid A"), made(shop, "Grid B")
    a, b = variants_of(shop, first)[0][0], variants_of(shop, second)[0][0]
    owner, path = signed_in(shop, "owner"), f"~/products/bulk-edit?ids={first}&ids={second}"

    bad = owner.post(path, {f"v-{a}-sku": "TYPED", f"v-{b}-price": "cheap"})
    unchanged = variants_of(shop, first) + variants_of(shop, second)
    filled = owner.post(path, {"action": "fill", "all-price": "7.50"})
    good = owner.post(path, {f"v-{a}-sku": "TYPED", f"v-{b}-price": "12,50"})

    assert (bad.status_code, filled.status_code, good.status_code) == (422, 200, 303)
    assert 'value="TYPED"' in bad.text
    assert 'value="cheap"' in bad.text
    assert [row[2:] for row in unchanged] == [(1_000, ""), (1_000, "")]
    assert filled.text.count('value="7.50"') == 2
    assert [variants_of(shop, product)[0][2:] for product in (first, second)] == [(1_000, "TYPED"), (1_250, "")]
    assert signed_in(other_shop, "owner").get(path).status_code == 404


def test_a_cell_that_somebody_else_wrote_since_is_not_overwritten(shop: TenantScope, signed_in: SignedIn) -> None:
    product_id = made(shop, "Contended")
    variant_id = variants_of(shop, product_id)[0][0]
    mine, path = signed_in(shop, "owner"), f"~/products/bulk-edit?ids={product_id}"
    found = re.search(r'name="seen-\d+" value="([^"]+)"', mine.get(path).text)
    assert found is not None
    form = {f"seen-{variant_id}": unescape(found[1]), f"v-{variant_id}-price": "8", f"v-{variant_id}-sku": ""}

    signed_in(shop, "owner").post(path, {f"v-{variant_id}-price": "9", f"v-{variant_id}-sku": "THEIRS"})
    refused = mine.post(path, form)
    kept = variants_of(shop, product_id)[0][2:]
    other = mine.post(path, form | {f"v-{variant_id}-price": "10.00"})
    wrong = mine.post(path, {f"v-{variant_id}-price": "1,234"})

    assert (refused.status_code, kept) == (409, (900, "THEIRS"))
    assert "Contended, price: 9.00 now." in refused.text
    assert f'name="v-{variant_id}-price" value="8"' in refused.text
    assert (other.status_code, variants_of(shop, product_id)[0][2:]) == (303, (900, "THEIRS"))
    assert "&#39;1,234&#39; is not an amount" in wrong.text
    assert mine.post(path, {f"v-{variant_id}-price": "1.234,50"}).status_code == 303
    assert variants_of(shop, product_id)[0][2] == 123_450


def test_the_matrix_is_generated_edited_and_never_loses_what_was_typed(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    product_id = made(shop, "Matrix")
    owner, path = signed_in(shop, "owner"), f"~/products/{product_id}"
    options = {"o-0-name": "Size", "o-0-value": ["S", "M"], "o-0-before": ["", ""], "o-1-name": "Colour",
               "o-1-value": ["Red", ""], "o-1-before": ["", ""]}  # fmt: skip

    generated = owner.post(f"{path}/options", options)
    bad_options = owner.post(f"{path}/options", options | {"o-0-value": ["KEPT", "KEPT"]})
    (small, *_), (medium, *_) = variants_of(shop, product_id)
    typed = {f"v-{small}-price": "11", f"v-{medium}-on_hand": "four"}
    bad = owner.post(f"{path}/variants", typed)
    everywhere = owner.post(f"{path}/variants?option1=M", {"action": "fill", "all-price": "15"})
    good = owner.post(f"{path}/variants", typed | {f"v-{medium}-on_hand": "4"})

    assert [generated.status_code, bad_options.status_code, bad.status_code] == [303, 422, 422]
    assert [everywhere.status_code, good.status_code] == [303, 303]
    assert bad_options.text.count('value="KEPT"') == 2
    assert 'value="four"' in bad.text
    assert f'name="v-{small}-price" value="11"' in bad.text
    assert [(row[1], row[2]) for row in variants_of(shop, product_id)] == [("S / Red", 1_100), ("M / Red", 1_500)]
    stranger = signed_in(other_shop, "owner")
    assert stranger.get(f"{path}/variants").status_code == 404
    assert stranger.post(f"{path}/options", options).status_code == 404


def test_pictures_are_dropped_described_and_put_in_order(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner = signed_in(shop, "owner")
    product_id = made(shop, "Pictured")
    ids = [upload(owner, color) for color in ("red", "green")]
    form = {"title": "Pictured", "status": "active", "price": "10", "media": ids}
    form |= {f"alt-{ids[0]}": "Red side", f"order-{ids[0]}": "2", f"order-{ids[1]}": "1"}
    form |= {f"focal-x-{ids[0]}": "20", f"focal-y-{ids[0]}": "80"}

    answer = owner.post(f"~/products/{product_id}", form)
    signed_in(other_shop, "owner").post("~/products/new", form | {"title": "Thief"})

    assert answer.status_code == 303, answer.text
    gallery = select(ProductMedia.media_id, ProductMedia.alt).where(ProductMedia.product_id == product_id)
    with transaction(shop, read_only=True) as session:
        rows = [tuple(row) for row in session.execute(gallery.order_by(ProductMedia.position))]
        focus = session.get_one(Media, ids[0])
    assert rows == [(ids[1], ""), (ids[0], "Red side")]
    assert (focus.focal_x, focus.focal_y) == (20, 80)
    with transaction(other_shop, read_only=True) as session:
        assert session.execute(select(ProductMedia.id).join(Product).where(Product.title == "Thief")).first() is None


def upload(visitor: Visitor, color: str) -> int:
    picture = BytesIO()
    Image.new("RGB", (30, 20), color).save(picture, "PNG")
    picture.seek(0)
    answer = visitor.post("~/media", {"pictures": (picture, f"{color}.png")})
    assert answer.status_code == 200, answer.text
    return int(answer.get_json()["pictures"][0]["id"])


def test_a_file_that_is_no_picture_is_refused_with_its_reason(shop: TenantScope, signed_in: SignedIn) -> None:
    answer = signed_in(shop, "owner").post("~/media", {"pictures": (BytesIO(b"hello"), "notes.txt")})

    assert answer.status_code == 422
    assert "notes.txt" in answer.get_json()["error"]


def test_a_product_waits_for_its_hour_in_the_shops_time(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    owner.post("~/settings", {"name": "Berlin", "timezone": "Europe/Berlin"})
    form = {"title": "New Year", "status": "active", "price": "1", "published_at": "2099-01-01T00:30"}

    product_id = int(owner.post("~/products/new", form).location.rpartition("/")[2])
    bad = owner.post("~/products/new", form | {"published_at": "tomorrow"})

    found = stored(shop, product_id)
    assert (found.published_at, found.scheduled) == (datetime(2098, 12, 31, 23, 30, tzinfo=UTC), True)
    assert 'value="2099-01-01T00:30"' in owner.get(f"~/products/{product_id}").text
    assert bad.status_code == 422


def test_metafields_are_defined_filled_in_and_checked(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner = signed_in(shop, "owner")
    definition = {"name": "Burn time", "owner_type": "product", "type": "number_integer", "min": "1", "max": "90"}
    product_id = made(shop, "Candle")
    form = {"title": "Candle", "status": "active", "price": "10"}

    defined = [owner.post("~/metafields", definition).status_code for _ in range(2)]
    good = owner.post(f"~/products/{product_id}", form | {"m-custom.burn_time": "45"})
    bad = owner.post(f"~/products/{product_id}", form | {"title": "KEPT", "m-custom.burn_time": "450"})

    assert (defined, good.status_code, bad.status_code) == ([303, 409], 303, 422)
    assert 'value="450"' in bad.text
    assert (stored(shop, product_id).title, stored(shop, product_id).metafields) == ("Candle", {"custom.burn_time": 45})
    with transaction(shop, read_only=True) as session:
        definition_id = next(each.id for each in list_definitions(session) if each.full_key == "custom.burn_time")
    stranger, changed = signed_in(other_shop, "owner"), {"name": "Burning time", "max": "60", "filterable": "on"}
    assert stranger.post(f"~/metafields/{definition_id}", changed).status_code == 404
    assert owner.post(f"~/metafields/{definition_id}", changed).status_code == 303
    assert owner.post(f"~/products/{product_id}", form | {"m-custom.burn_time": "61"}).status_code == 422
    assert re.search(
        r'name="facet" value="metafield.custom.burn_time"[^>]* checked', owner.get("~/search/settings").text
    )
    assert stranger.post(f"~/metafields/{definition_id}/delete").status_code == 404
    assert owner.post(f"~/metafields/{definition_id}/delete").status_code == 303
    assert stored(shop, product_id).metafields == {}


@pytest.mark.parametrize("action", ["duplicate", "delete"])
def test_another_shop_copies_and_deletes_nothing(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn, action: str
) -> None:
    product_id = made(shop, "Mine alone")
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    theirs = stranger.post(f"~/products/{product_id}/{action}")
    mine = owner.post(f"~/products/{product_id}/{action}")

    assert (theirs.status_code, mine.status_code) == (404, 303)
    assert owner.client.get(mine.location, base_url=BASE).status_code == 200


def test_a_variant_has_a_page_of_its_own(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    product_id = made(shop, "Sent by mail")
    variant_id = variants_of(shop, product_id)[0][0]
    owner, path = signed_in(shop, "owner"), f"~/products/{product_id}/variants/{variant_id}"
    owner.post("~/metafields", {"name": "Thread count", "owner_type": "variant", "type": "number_integer"})
    form = {"price": "9", "cost": "4", "tax_class": "reduced", "taxable": "on", "m-custom.thread_count": "300"}

    saved = owner.post(path, form)
    bad = owner.post(path, form | {"sku": "KEPT", "m-custom.thread_count": "many"})

    assert (saved.status_code, bad.status_code) == (303, 422)
    assert 'value="KEPT"' in bad.text
    with transaction(shop, read_only=True) as session:
        found = session.get_one(Variant, variant_id)
    assert (found.price, found.cost, found.tax_class, found.sku) == (900, 400, "reduced", "")
    assert (found.taxable, found.requires_shipping, found.metafields) == (True, False, {"custom.thread_count": 300})
    assert signed_in(other_shop, "owner").post(path, form).status_code == 404


def test_back_orders_end_at_their_limit(shop: TenantScope, signed_in: SignedIn) -> None:
    product_id = made(shop, "Sold ahead")
    variant_id = variants_of(shop, product_id)[0][0]
    owner, path = signed_in(shop, "owner"), f"~/products/{product_id}"
    form = {"title": "Sold ahead", "price": "9", "on_hand": "2", "status": "active", "inventory_tracked": "on"}

    def limit(value: str) -> int:
        typed = form | {"inventory_policy": "continue", "backorder_limit": value}
        return owner.post(path, typed).status_code

    def sold(path: str, typed: dict[str, str]) -> tuple[int | None, int]:
        owner.post(path, typed)
        with transaction(shop, read_only=True) as session:
            found = session.get_one(Variant, variant_id)
            return found.backorder_limit, availability(session, [variant_id])[variant_id]

    assert limit("some") == 422
    assert sold(path, form | {"inventory_policy": "continue", "backorder_limit": "3"}) == (3, 5)
    own = {"price": "9", "inventory_policy": "continue", "backorder_limit": "4", "inventory_tracked": "on"}
    assert sold(f"{path}/variants/{variant_id}", own) == (4, 6)
    cell = {f"v-{variant_id}-backorder_limit": "1"}
    assert sold(f"{path}/variants", cell) == (1, 3)
    assert sold(f"{path}/variants", {f"v-{variant_id}-backorder_limit": ""}) == (None, UNLIMITED)
    assert 'name="backorder_limit" value=""' in owner.get(path).text
