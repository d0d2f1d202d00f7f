"""An app's block on a shop's own pages: there while the shop uses the app, gone from kept pages once it does not."""

from __future__ import annotations

from sqlalchemy import update

from plugins.enablement import enable
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.purge import keys_of, purge
from tests.fixtures.shops import make_shop
from tests.fixtures.watching import wait_for
from tests.web.conftest import ClientFor
from themes.builtin_files import builtin_handles
from themes.models import ThemeInstallation

BLOCK = {"type": "@app/delivery_dates/estimate", "settings": {"message": "Now {time}"}}
PRODUCT = {"sections": {"main": {"type": "main-product", "blocks": {"dates": BLOCK}}}}
CART = {"sections": {"main": {"type": "main-cart", "blocks": {"dates": BLOCK}}}}


def shop_with_block(theme: str, **settings: object) -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        save_product(session, ProductDraft("Lamp", (VariantDraft(500, inventory_tracked=False),), handle="lamp"))
        save_product(session, ProductDraft("Later", (VariantDraft(500, inventory_policy="continue"),), handle="later"))
        templates = {"templates/product.json": PRODUCT, "templates/cart.json": CART}
        session.execute(update(ThemeInstallation).values(base_handle=theme, templates=templates))
        enable(session, "delivery_dates", enabled=True, settings=settings)
    return scope


def test_a_block_stands_in_both_themes_with_its_files_and_the_apps_settings(client_for: ClientFor) -> None:
    for theme in builtin_handles():
        client = client_for(shop_with_block(theme, handling=3, fastest=2, slowest=2))
        product, cart = client.get("/products/lamp").text, client.get("/cart").text
        style = product.partition('href="/theme/apps/')[2].partition('"')[0]

        assert "Delivered within 5 working days" in product
        assert "Delivered within 5 working days" in client.get("/products/lamp?sections=main").text
        assert '<delivery-dates class="' in product
        # Nobody knows when what has to come in first will be here.
        assert '<delivery-dates hidden class="' in client.get("/products/later").text
        assert "data-block-id" not in product
        assert "app-block" not in cart.partition("<main")[2]  # an empty cart has no summary
        assert ".delivery-dates{" in client.get(f"/theme/apps/{style}").text
        assert client.get(f"/theme/apps/{style.replace('delivery_dates', 'other')}").status_code == 404


def test_a_kept_page_follows_the_switch_and_other_shops_are_not_asked(client_for: ClientFor) -> None:
    scope, other = shop_with_block("bazaar"), shop_with_block("bazaar")
    client = client_for(scope)
    assert "Now {time}" in client.get("/products/lamp").text
    assert client.get("/products/lamp").headers["X-Souk-Cache"] == "hit"

    with transaction(scope) as session:
        enable(session, "delivery_dates", enabled=False)
    purge(scope, keys_of(Event("settings.updated", 0, {"name": "plugins"})))

    assert wait_for(lambda: "app-block" not in client.get("/products/lamp").text)
    assert "theme/apps" not in client.get("/products/lamp").text
    assert "Now {time}" in client_for(other).get("/products/lamp").text
