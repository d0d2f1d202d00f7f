"""Customer accounts and sign-up in a browser's shoes, with a second shop that must know nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from souk.app import create_app
from souk.customers.models import Customer, CustomerAddress
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope, pod_scope
from souk.shipping.queries import list_zones
from souk.staff.memberships import shops_of
from souk.staff.queries import staff_by_email
from souk.web.accounts.blueprint import blueprint as accounts
from souk.web.signup.blueprint import blueprint as signup
from souk.web.signup.blueprint import slug_of
from souk.web.surfaces import PLATFORM, SHOP
from tenants.models import StaffAccount, Tenant
from tenants.queries import tenant_by_id

ADDRESS = {"name": "Ada", "line1": "1 Main", "city": "Ulm", "postal_code": "89073", "country": "DE"}


@pytest.fixture(scope="module")
def app(platform: None) -> Flask:
    app = create_app()
    for blueprint, surface in ((accounts, SHOP), (signup, PLATFORM)):
        if blueprint.name not in app.blueprints:
            app.register_blueprint(blueprint, subdomain=surface)
    return app


def base_of(scope: TenantScope) -> str:
    with transaction(control_scope(), read_only=True) as session:
        return f"http://{tenant_by_id(session, scope.tenant_id).slug}.souk.test"


def registered(app: Flask, scope: TenantScope, email: str) -> FlaskClient:
    client = app.test_client()
    form = {"name": "Ada", "email": email, "password": "long enough"}
    assert client.post("/account/register", data=form, base_url=base_of(scope)).status_code == 303
    return client


def test_a_customer_registers_signs_out_and_in(app: Flask, shop: TenantScope) -> None:
    client, base = registered(app, shop, "round@example.com"), base_of(shop)
    first = client.get("/account", base_url=base)

    client.post("/account/sign-out", base_url=base)
    outside = client.get("/account", base_url=base)
    form = {"email": "round@example.com", "password": "long enough"}
    inside = client.post("/account/sign-in?next=/checkout/abc", data=form, base_url=base)

    assert (first.status_code, "Hello, Ada" in first.text) == (200, True)
    assert (outside.status_code, outside.location) == (302, "/account/sign-in?next=/account")
    assert (inside.status_code, inside.location) == (303, "/checkout/abc")
    assert first.headers["Cache-Control"] == "private, no-store"


def test_a_cookie_of_one_shop_opens_nothing_in_another(app: Flask, shop: TenantScope, other_shop: TenantScope) -> None:
    client = registered(app, shop, "cookie@example.com")
    cookie = client.get_cookie("souk_customer", domain=base_of(shop).removeprefix("http://"))
    assert cookie is not None
    stranger = app.test_client()
    stranger.set_cookie("souk_customer", cookie.value, domain=base_of(other_shop).removeprefix("http://"))

    answer = stranger.get("/account/addresses", base_url=base_of(other_shop))

    assert answer.status_code == 302


def test_a_post_from_another_site_changes_nothing(app: Flask, shop: TenantScope) -> None:
    client = registered(app, shop, "csrf@example.com")

    answer = client.post(
        "/account/addresses/new", data=ADDRESS, base_url=base_of(shop), headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    with transaction(shop, read_only=True) as session:
        assert session.execute(select(func.count(CustomerAddress.id))).scalar_one() == 0


def test_errors_keep_the_form_and_make_nothing(app: Flask, shop: TenantScope) -> None:
    form = {"name": "Bob", "email": "bob@example.com", "password": "short"}

    answer = app.test_client().post("/account/register", data=form, base_url=base_of(shop))

    assert answer.status_code == 422
    assert 'value="bob@example.com"' in answer.text
    with transaction(shop, read_only=True) as session:
        known = session.execute(select(Customer.id).where(Customer.email == "bob@example.com")).first()
    assert known is None


def test_addresses_are_kept_changed_and_closed_to_others(app: Flask, shop: TenantScope) -> None:
    owner, stranger = registered(app, shop, "own@example.com"), registered(app, shop, "peek@example.com")
    base = base_of(shop)
    assert owner.post("/account/addresses/new", data=ADDRESS, base_url=base).status_code == 303
    with transaction(shop, read_only=True) as session:
        address_id = session.execute(select(func.max(CustomerAddress.id))).scalar_one()
    path = f"/account/addresses/{address_id}"

    bad = owner.post(path, data=ADDRESS | {"country": "XX"}, base_url=base)
    answers = [
        stranger.get(path, base_url=base).status_code,
        stranger.post(path, data=ADDRESS | {"city": "Stolen"}, base_url=base).status_code,
        stranger.post(f"{path}/remove", base_url=base).status_code,
    ]

    assert bad.status_code == 422
    assert answers == [404, 404, 404]
    assert 'value="Ulm"' in owner.get(path, base_url=base).text


def test_an_address_has_the_parts_of_its_country(app: Flask, shop: TenantScope) -> None:
    client, base, path = registered(app, shop, "abroad@example.com"), base_of(shop), "/account/addresses/new"
    american = ADDRESS | {"country": "US", "state": "NY", "postal_code": "10001"}

    other = client.post(path, data=american | {"country": "CA", "do": "country"}, base_url=base)
    refused = [
        client.post(path, data=american | change, base_url=base)
        for change in ({"state": ""}, {"state": "ZZ"}, {"postal_code": "1"})
    ]

    assert other.status_code == 200
    assert '<option value="ON">Ontario</option>' in other.text
    assert "New York" not in other.text
    assert [answer.status_code for answer in refused] == [422] * 3
    told = ("Enter the state.", "Choose a state of this country.", "This is no postal code of this country; check it.")
    assert [words in answer.text for words, answer in zip(told, refused, strict=True)] == [True] * 3
    assert 'class="cards"' not in client.get("/account/addresses", base_url=base).text
    assert 'name="state"' not in client.post(path, data=ADDRESS | {"do": "country"}, base_url=base).text


def test_a_forgotten_password_is_reset_by_the_mailed_link(app: Flask, shop: TenantScope) -> None:
    old, base = registered(app, shop, "forgot@example.com"), base_of(shop)
    fresh = app.test_client()
    fresh.post("/account/forgot", data={"email": "forgot@example.com"}, base_url=base)
    with transaction(pod_scope("default"), read_only=True) as session:
        query = "SELECT payload->>'token' FROM pod.outbox WHERE name = 'customer.password_reset_requested'"
        token = session.execute(text(f"{query} ORDER BY id DESC LIMIT 1")).scalar_one()

    answer = fresh.post(f"/account/reset/{token}", data={"password": "brand new one"}, base_url=base)
    again = fresh.post(f"/account/reset/{token}", data={"password": "another one"}, base_url=base)

    assert (answer.status_code, again.status_code) == (303, 422)
    assert fresh.get("/account", base_url=base).status_code == 200
    assert old.get("/account", base_url=base).status_code == 302


def test_sessions_are_shown_and_ended(app: Flask, shop: TenantScope) -> None:
    client, base = registered(app, shop, "sessions@example.com"), base_of(shop)
    page = client.get("/account/profile", base_url=base).text
    session_id = page.partition("/account/sessions/")[2].partition("/")[0]

    client.post(f"/account/sessions/{session_id}/end", base_url=base)

    assert "this device" in page
    assert client.get("/account", base_url=base).status_code == 302


def test_signing_up_opens_a_shop_with_its_owner(app: Flask) -> None:
    form = {"shop_name": "Café Müller", "country": "DE", "name": "Mia", "email": "mia@example.com"}

    answer = app.test_client().post("/sign-up", data=form | {"password": "long enough"}, base_url="http://souk.test")

    assert answer.status_code == 200, answer.text
    with transaction(control_scope(), read_only=True) as session:
        shops = shops_of(session, staff_by_email(session, "mia@example.com").id)
    with transaction(shops[0].scope, read_only=True) as session:
        zones = list_zones(session)
    assert [(item.slug, item.name, item.role) for item in shops] == [("cafe-muller", "Café Müller", "owner")]
    assert [(zone.countries, zone.rates[0]["price"]) for zone in zones] == [(["DE"], 500), (["*"], 2_000)]


@pytest.mark.parametrize(
    "change", [{"email": "no"}, {"password": "short"}, {"country": "XX"}, {"shop_name": ""}, {"slug": "Bad Slug"}]
)
def test_a_bad_sign_up_opens_no_shop(app: Flask, change: dict[str, str]) -> None:
    form = {"shop_name": "Lamps", "country": "US", "name": "Mia", "email": "bad-sign-up@example.com"}
    with transaction(control_scope(), read_only=True) as session:
        before = session.execute(select(func.count(Tenant.id))).scalar_one()

    sent = form | {"password": "long enough"} | change
    answer = app.test_client().post("/sign-up", data=sent, base_url="http://souk.test")

    assert answer.status_code == 422
    with transaction(control_scope(), read_only=True) as session:
        assert session.execute(select(func.count(Tenant.id))).scalar_one() == before


def test_somebody_elses_account_opens_no_shop(app: Flask) -> None:
    form = {"shop_name": "Mine", "country": "US", "name": "M", "email": "held@example.com", "password": "long enough"}
    client = app.test_client()
    client.post("/sign-up", data=form, base_url="http://souk.test")

    answer = client.post(
        "/sign-up", data=form | {"password": "guessed wrong", "slug": "second"}, base_url="http://souk.test"
    )

    assert answer.status_code == 401
    with transaction(control_scope(), read_only=True) as session:
        assert session.execute(select(Tenant.id).where(Tenant.slug == "second")).first() is None
        assert (
            session.execute(select(func.count(StaffAccount.id)).where(StaffAccount.email == form["email"])).scalar_one()
            == 1
        )


@pytest.mark.parametrize(("name", "slug"), [("Café Müller", "cafe-muller"), ("A & B!", "a-b"), ("東京", "")])
def test_an_address_is_made_of_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug
