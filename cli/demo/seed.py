"""Makes the two demo shops, once: `souk up --demo` calls it at every start."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from cli.demo.abandoned import leave_checkouts
from cli.demo.catalog import Shop
from cli.demo.changes import change_orders
from cli.demo.develop import Develop, darkroom
from cli.demo.ember import EMBER
from cli.demo.fields import fill_fields
from cli.demo.fill import MARK, fill_shop, keep_album
from cli.demo.freight import set_up_freight
from cli.demo.history import replay
from cli.demo.lumen import LUMEN
from cli.demo.pick_up import PICKUP_SHOP, open_workshop
from cli.demo.searches import search_like
from cli.demo.settle import settle
from cli.demo.special import BOOK_SHOP, SET_SHOP, add_book, add_set, keep_book
from plugins.enablement import enable
from souk.catalog.models import Product
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.models import ApiToken
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope, control_scope
from souk.kernel.tokens import hash_token, new_token
from souk.media.configured import media_storage
from souk.shipping.carrier_policy import save_carrier_policy
from souk.staff.create import create_staff
from souk.staff.errors import UnknownStaff
from souk.staff.memberships import add_membership
from souk.staff.passwords import set_password
from souk.staff.queries import staff_by_email
from souk.tax.policy import Policy, save_policy
from tenants.domains import add_domain
from tenants.errors import DomainTaken, UnknownTenant
from tenants.provision import provision
from tenants.queries import tenant_by_slug

SHOPS = (EMBER, LUMEN)
CUSTOM_HOSTS = {"ember": "ember-and-oak.localhost", "lumen": "lumen-studio.localhost"}
OWNER = "owner@example.com"


def seed_demo(facts: Path) -> None:
    """Make what is missing of the demo shops and write their addresses, tokens and the login to `facts`.

    Drawing and filling take some seconds at the first start; later ones only look whether the shops are there.
    """
    known = _read(facts)
    if known and all(_scope(shop.slug) for shop in SHOPS):
        return
    with darkroom([shop for shop in SHOPS if _is_missing(shop)]) as develop:
        shops = [seed_shop(shop, develop) for shop in SHOPS]
    password = secrets.token_urlsafe(9)
    _staff(password)
    host = f"admin.{config().base_domain}"
    _write(facts, {"shops": shops, "admin": {"host": host, "email": OWNER, "password": password}})


def seed_shop(shop: Shop, develop: Develop) -> dict[str, str]:
    """Make and fill one shop where it is missing, and return its facts with a fresh API token."""
    scope = _scope(shop.slug) or provision(shop.slug, shop.name, shop=_settings(shop))
    if _is_empty(scope):
        album = keep_album(media_storage(config()), scope.tenant_id, develop(shop))
        book = keep_book(media_storage(config()), scope.tenant_id) if shop.slug == BOOK_SHOP else None
        with transaction(scope) as session:
            products = fill_shop(session, shop, album)
            if shop.slug == SET_SHOP:
                add_set(session, products)
            if shop.slug == PICKUP_SHOP:
                open_workshop(session)
            if book is not None:
                add_book(session, book, products[shop.products[0].handle])
            if shop.vat_number:
                save_policy(session, Policy(vat_number=shop.vat_number))
    _live_through_the_past(scope, shop)
    return {
        "slug": shop.slug,
        "host": f"{shop.slug}.{config().base_domain}",
        "custom_host": _custom_host(scope, shop),
        "currency": shop.currency,
        "admin_api_token": _api_token(scope),
    }


def _live_through_the_past(scope: TenantScope, shop: Shop) -> None:
    """Replay the shop's orders, or the rest of them when an earlier start broke off in the middle."""
    with transaction(scope, read_only=True) as session:
        mark = read_setting(session, MARK)
    if mark.get("replayed") is not False:
        return
    filled_at = datetime.fromisoformat(mark["filled_at"])
    replay(scope, shop, filled_at)
    change_orders(scope, shop, filled_at)
    leave_checkouts(scope, shop, filled_at)
    with transaction(scope) as session:
        fill_fields(session, shop)
        search_like(session, shop)
    settle(scope)
    with transaction(scope) as session:
        # Not before: the past had no carrier to ask and no forwarder.
        if shop.slug == PICKUP_SHOP:
            set_up_freight(session)
        if shop.carrier is not None:
            save_carrier_policy(session, shop.carrier)
            enable(session, "test_carrier", enabled=True)
        write_setting(session, MARK, mark | {"replayed": True})


def _settings(shop: Shop) -> dict[str, Any]:
    return {
        "currency": shop.currency,
        "country": shop.country,
        "locale": "en",
        "locales": list(shop.languages),
        "timezone": shop.timezone,
        "prices_include_tax": shop.prices_include_tax,
        "auto_fulfill": shop.auto_fulfill,
        "email": shop.email,
        "description": shop.description,
    }


def _scope(slug: str) -> TenantScope | None:
    with transaction(control_scope(), read_only=True) as session:
        try:
            return tenant_by_slug(session, slug).scope
        except UnknownTenant:
            return None


def _is_missing(shop: Shop) -> bool:
    scope = _scope(shop.slug)
    return scope is None or _is_empty(scope)


def _is_empty(scope: TenantScope) -> bool:
    """Tell a shop that waits to be filled from a filled one, and from a real one that has the same name."""
    with transaction(scope, read_only=True) as session:
        if read_setting(session, MARK):
            return False
        return session.execute(select(Product.id).limit(1)).first() is None


def _custom_host(scope: TenantScope, shop: Shop) -> str:
    host = CUSTOM_HOSTS[shop.slug]
    with suppress(DomainTaken), transaction(control_scope()) as session:
        add_domain(session, scope.tenant_id, host)
    return host


def _api_token(scope: TenantScope) -> str:
    token = new_token("souk_")
    with transaction(scope) as session:
        session.execute(insert(ApiToken).values(name="Demo", token_hash=hash_token(token), scopes=["*"]))
    return token


def _staff(password: str) -> None:
    """Let one person own both shops; an account from an earlier start gets the new password."""
    with transaction(control_scope()) as session:
        try:
            staff_id = staff_by_email(session, OWNER).id
            set_password(session, staff_id, password)
        except UnknownStaff:
            staff_id = create_staff(session, OWNER, "Demo Owner", password)
        for shop in SHOPS:
            add_membership(session, staff_id, tenant_by_slug(session, shop.slug).id)


def _read(facts: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(facts.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return content if content.get("shops") and content.get("admin") else {}


def _write(facts: Path, content: dict[str, Any]) -> None:
    facts.parent.mkdir(parents=True, exist_ok=True)
    draft = facts.with_name(f".{facts.name}.part")
    draft.touch(mode=0o600)  # a password and tokens are in it
    draft.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    draft.replace(facts)
