"""The dashboard in a browser's shoes: sign-in, roles, other shops, products, stock and settings."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, insert, select

from souk.catalog.models import Product, Variant
from souk.inventory.models import InventoryLevel
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order, OrderLine
from tests.web_dashboard.conftest import BASE, SignedIn, Visitor

PRODUCT = {
    "title": "Linen Shirt",
    "status": "active",
    "o-0-name": "Size",
    "o-0-values": "S, M",
    "price": "19,90",
    "sku": "LS",
    "on_hand": "7",
    "tags": "linen, summer, linen",
}
PAGES = [
    "~", "~/orders", "~/products", "~/collections", "~/stock", "~/customers", "~/mail", "~/reviews", "~/pages",
    "~/menus", "~/redirects", "~/categories",
]  # fmt: skip
OWNER_PAGES = [
    "~/settings", "~/domains", "~/products/new", "~/collections/new", "~/themes", "~/branding", "~/plugins",
    "~/plugins/flat_rate", "~/api-tokens", "~/pages/new", "~/menus/new", "~/metafields",
]  # fmt: skip


def make_order(scope: TenantScope, number: int = 1001) -> int:
    values = {
        "number": number, "name": f"#{number}", "token": f"t{number}", "email": "buyer@example.com", "currency": "USD",
        "prices_include_tax": False, "subtotal": 5000, "shipping_total": 500, "total": 5500,
        "shipping_address": {"name": "Bea <Buyer>"}, "billing_address": {}, "shipping_line": {"title": "Post"},
        "payment_provider": "test", "placed_at": clock.now(),
    }  # fmt: skip
    with transaction(scope) as session:
        order_id = session.execute(insert(Order).values(values).returning(Order.id)).scalar_one()
        line = {"title": "Lamp", "quantity": 2, "unit_price": 2500, "subtotal": 5000}
        session.execute(insert(OrderLine).values(order_id=order_id, **line))
    return order_id


def test_a_stranger_is_sent_to_the_sign_in_page(visitor: Visitor) -> None:
    answer = visitor.get("/shops/any/orders")

    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/shops/any/orders"


def test_a_wrong_password_keeps_the_address_and_opens_nothing(visitor: Visitor) -> None:
    form = {"email": "who@example.com", "password": "wrong"}

    answer = visitor.post("/sign-in", form, form="/sign-in")

    assert answer.status_code == 401
    assert 'value="who@example.com"' in answer.text
    assert visitor.get("/account").status_code == 302


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(
    shop: TenantScope, signed_in: SignedIn, visitor: Visitor, target: str
) -> None:
    email = signed_in(shop, "owner").email
    form = {"email": email, "password": "long enough"}

    answer = visitor.post(f"/sign-in?next={target}", form, form="/sign-in")

    assert (answer.status_code, answer.location) == (303, "/")


def test_a_form_without_its_token_is_refused(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")

    answer = owner.client.post(f"/shops/{owner.slug}/settings", data={"name": "Forged"}, base_url=BASE)

    assert answer.status_code == 400
    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "shop")["name"] != "Forged"


def test_an_ended_session_is_out_at_once(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    cookie = owner.client.get_cookie("souk_session", domain="admin.souk.test")
    assert cookie is not None

    owner.post("/sign-out")
    owner.client.set_cookie("souk_session", cookie.value, domain="admin.souk.test")

    assert owner.get("~/orders").status_code == 302


@pytest.mark.parametrize("path", PAGES + OWNER_PAGES)
def test_every_page_of_another_shop_is_404(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn, path: str
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    stranger.slug = owner.slug

    assert owner.get(path).status_code == 200
    assert stranger.get(path).status_code == 404


def test_an_order_number_of_another_shop_is_404(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    order_id = make_order(shop, 1900)
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    page = owner.get(f"~/orders/{order_id}")

    assert page.status_code == 200
    assert "Bea &lt;Buyer&gt;" in page.text
    assert stranger.get(f"~/orders/{order_id}").status_code == 404
    assert "#1900" not in stranger.get("~/orders").text


@pytest.mark.parametrize("role", ["viewer", "fulfillment"])
def test_a_role_that_may_not_is_refused_and_changes_nothing(shop: TenantScope, signed_in: SignedIn, role: str) -> None:
    person = signed_in(shop, role)
    with transaction(shop, read_only=True) as session:
        before = session.execute(select(func.count(Product.id))).scalar_one(), read_setting(session, "shop")

    answers = [
        person.post("~/products/new", PRODUCT).status_code,
        person.post("~/settings", {"name": "Mine", "timezone": "UTC"}).status_code,
        person.post("~/domains", {"host": "mine.example"}).status_code,
        person.post("~/collections/new", {"title": "Mine"}).status_code,
    ]

    assert answers == [403, 403, 403, 403]
    with transaction(shop, read_only=True) as session:
        after = session.execute(select(func.count(Product.id))).scalar_one(), read_setting(session, "shop")
    assert after == before


def test_a_product_is_made_with_variants_picture_and_stock(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    picture = BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    picture.seek(0)

    answer = owner.post("~/products/new", PRODUCT | {"pictures": (picture, "shirt.png")})

    assert answer.status_code == 303, answer.text
    product_id = int(answer.location.rpartition("/")[2])
    query = (
        select(Variant.option1, Variant.price, InventoryLevel.on_hand)
        .outerjoin(InventoryLevel, InventoryLevel.variant_id == Variant.id)
        .where(Variant.product_id == product_id)
        .order_by(Variant.position)
    )
    with transaction(shop, read_only=True) as session:
        rows = [(row[0], row[1], row[2] or 0) for row in session.execute(query)]
        tags = session.execute(select(Product.tags).where(Product.id == product_id)).scalar_one()
    assert rows == [("S", 1990, 7), ("M", 1990, 7)]
    assert sorted(tags) == ["linen", "summer"]
    editor = owner.get(f"~/products/{product_id}").text
    assert "Edit 2 variants" in editor
    assert re.search(r'<img [^>]*src="http[^"]+/media/[^"]+"', editor)


def test_saving_again_keeps_the_variants_ids(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    product_id = int(owner.post("~/products/new", PRODUCT).location.rpartition("/")[2])
    query = select(Variant.id).where(Variant.product_id == product_id).order_by(Variant.position)
    with transaction(shop, read_only=True) as session:
        before = list(session.scalars(query))

    answer = owner.post(f"~/products/{product_id}", PRODUCT | {"title": "Linen Blouse"})

    assert answer.status_code == 303, answer.text
    with transaction(shop, read_only=True) as session:
        assert list(session.scalars(query)) == before
        assert session.get_one(Product, product_id).title == "Linen Blouse"


def test_a_bad_price_keeps_what_was_typed_and_saves_nothing(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    with transaction(shop, read_only=True) as session:
        before = session.execute(select(func.count(Product.id))).scalar_one()

    answer = owner.post("~/products/new", PRODUCT | {"price": "cheap"})

    assert answer.status_code == 422
    assert 'value="cheap"' in answer.text
    assert 'value="Linen Shirt"' in answer.text
    with transaction(shop, read_only=True) as session:
        assert session.execute(select(func.count(Product.id))).scalar_one() == before


def test_the_fulfillment_role_counts_stock_and_a_viewer_does_not(shop: TenantScope, signed_in: SignedIn) -> None:
    owner, packer, viewer = signed_in(shop, "owner"), signed_in(shop, "fulfillment"), signed_in(shop, "viewer")
    owner.post("~/products/new", PRODUCT | {"title": "Counted"})
    query = (
        select(InventoryLevel.variant_id, InventoryLevel.location_id, InventoryLevel.on_hand)
        .join(Variant, Variant.id == InventoryLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(Product.title == "Counted", Variant.option1 == "S")
    )
    with transaction(shop, read_only=True) as session:
        level = session.execute(query).one()
    path = f"~/stock/{level[0]}/{level[1]}"

    answers = [
        viewer.post(path, {"quantity": "90"}).status_code,
        packer.post(path, {"quantity": "-1"}).status_code,
        packer.post(path, {"quantity": "12"}).status_code,
    ]

    assert answers == [403, 422, 303]
    with transaction(shop, read_only=True) as session:
        assert session.execute(query).one()[2] == 12


def test_home_sums_the_sales_of_thirty_days(other_shop: TenantScope, signed_in: SignedIn) -> None:
    make_order(other_shop, 2001)
    make_order(other_shop, 2002)

    page = signed_in(other_shop, "viewer").get("~").text

    assert "$110.00" in page
    assert page.count("<rect") == 60


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=2101", True), ("q=%232101", True), ("q=bea", True), ("q=buyer@", True), ("q=100%25", False),
     ("financial_status=pending", True), ("financial_status=paid", False), ("status=nonsense", True)],
)  # fmt: skip
def test_orders_are_searched_and_filtered(shop: TenantScope, signed_in: SignedIn, query: str, *, found: bool) -> None:
    with transaction(shop, read_only=True) as session:
        known = session.execute(select(Order.id).where(Order.number == 2101)).first()
    if known is None:
        make_order(shop, 2101)

    page = signed_in(shop, "viewer").get(f"~/orders?{query}").text

    assert ("<b>#2101</b>" in page) is found


def test_settings_are_saved_and_bad_ones_refused(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    form = {"name": "New Name", "email": "Owner@Example.com", "timezone": "Europe/Berlin", "auto_fulfill": "on"}

    good, bad = owner.post("~/settings", form), owner.post("~/settings", form | {"timezone": "Mars/Base"})
    german, klingon = (owner.post("~/settings", form | {"locale": tag}) for tag in ("de-DE", "tlh"))

    assert (good.status_code, bad.status_code, german.status_code, klingon.status_code) == (303, 422, 303, 422)
    with transaction(shop, read_only=True) as session:
        kept = read_setting(session, "shop")
    assert (kept["name"], kept["email"], kept["timezone"], kept["auto_fulfill"], kept["currency"]) == (
        "New Name", "owner@example.com", "Europe/Berlin", True, "USD",
    )  # fmt: skip
    assert kept["locale"] == "de-DE"


def test_domains_are_added_chosen_and_removed_but_never_taken(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    answers = [
        owner.post("~/domains", {"host": "Lamps.Example"}).status_code,
        stranger.post("~/domains", {"host": "lamps.example"}).status_code,
        stranger.post("~/domains", {"host": "lamps.example", "action": "remove"}).status_code,
        owner.post("~/domains", {"host": f"{owner.slug}.souk.test", "action": "remove"}).status_code,
    ]

    assert answers == [303, 409, 404, 409]
    assert "lamps.example" in owner.get("~/domains").text
