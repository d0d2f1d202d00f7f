"""A page with every section of its theme, each of them filled, asks the database ten times at most."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, update

from plugins.enablement import enable
from souk.catalog.categories import ensure_category
from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.content.articles import ArticleDraft, save_article
from souk.content.menus import save_menu
from souk.content.pages import PageDraft, save_page
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.models import Media
from souk.pricing.drafts import PriceListDraft
from souk.pricing.save_list import save_price_list
from souk.reviews.create import ReviewDraft, create_review
from souk.search.index import rebuild_index
from souk.web.searching import engine
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor
from tests.web.test_storefront import counted
from themes.builtin_files import builtin_handles
from themes.editable import editable
from themes.models import ThemeInstallation
from themes.theme import load_builtin

MOST = 10
PAGES = ("index", "product", "collection", "page", "search", "blog", "article", "list-collections")
PATHS = (
    "/", "/products/chair-1", "/products/chair-2", "/collections/chairs", "/pages/about", "/search?q=chair", "/blog",
    "/blog/news", "/collections",
)  # fmt: skip
VALUES = {
    "collection": "chairs", "collection_list": ["chairs", "tables"], "product": "chair-3",
    "product_list": ["chair-3", "chair-4"], "page": "about", "link_list": "side", "image_picker": "t/one",
    "url": "/collections/chairs", "checkbox": True,
}  # fmt: skip


def filled(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a value for every setting that can name something."""
    return {each["id"]: VALUES[each["type"]] for each in schema.get("settings", []) if each["type"] in VALUES}


def section(schema: dict[str, Any], kind: str) -> dict[str, Any]:
    declared = [block for block in schema.get("blocks", []) if not block["type"].startswith("@")]
    blocks = {f"b{place}": {"type": block["type"], "settings": filled(block)} for place, block in enumerate(declared)}
    if {"type": "@app"} in schema.get("blocks", []):
        blocks["app"] = {"type": "@app/delivery_dates/estimate", "settings": {}}
    return {"type": kind, "settings": filled(schema), "blocks": blocks}


def full_templates(theme: str) -> dict[str, Any]:
    """Return each page with all the sections that can be added to it, and header and footer with all of theirs."""
    known = editable(load_builtin(theme))
    added = {kind: schema for kind, schema in known["sections"].items() if schema.get("presets")}
    pages: dict[str, Any] = {}
    for name in PAGES:
        page = known["pages"][f"templates/{name}.json"]
        kinds = dict.fromkeys([*(each["type"] for each in page["sections"].values()), *added])
        sections = {kind: section(known["sections"][kind], kind) for kind in kinds}
        pages[f"templates/{name}.json"] = {"sections": sections, "order": list(sections)}
    for name in ("header-group", "footer-group"):
        group = known["pages"][f"sections/{name}.json"]
        own = {key: section(known["sections"][each["type"]], each["type"]) for key, each in group["sections"].items()}
        pages[f"sections/{name}.json"] = group | {"sections": own}
    return pages


@pytest.fixture(scope="module", params=[False, True], ids=["catalogue prices", "price lists"])
def shop_with_all(platform: None, request: pytest.FixtureRequest) -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        picture = session.execute(
            insert(Media).values(storage_key="t/one", filename="one.png", content_type="image/png", byte_size=1,
                                 width=40, height=30, sha256="00").returning(Media.id)
        ).scalar_one()  # fmt: skip
        category = ensure_category(session, ("Home", "Chairs"))
        ids = []
        for number in range(12):
            variants = tuple(VariantDraft(1000 + n, (size,), compare_at_price=3000) for n, size in enumerate("SML"))
            draft = ProductDraft(
                f"Chair {number}", variants, handle=f"chair-{number}", options=("Color",), tags=("oak",), vendor="Alba",
                category_id=category if number % 2 else None, specifications=(("Wood", "Oak"),),
                media=((picture, "One"),),
            )  # fmt: skip
            ids.append(save_product(session, draft))
            create_review(session, ReviewDraft(ids[-1], None, "Ada", 5, "Good", "Fine.", verified=True))
        chairs = save_collection(session, CollectionDraft("Chairs", product_ids=tuple(ids), media_id=picture))
        save_collection(session, CollectionDraft("Tables", product_ids=tuple(ids[:3])))
        save_page(session, PageDraft("About", "<p>Us</p>"))
        save_article(session, ArticleDraft("News", "<p>New</p>", published_at=clock.now()))
        for handle in ("main", "footer", "side"):
            save_menu(session, handle, handle, [{"title": "Chairs", "type": "collection", "target": chairs}])
        enable(session, "delivery_dates", enabled=True)
        if request.param:
            save_price_list(session, PriceListDraft(name="Everybody", percent="-1"))
    rebuild_index(engine(), scope)
    return scope


@pytest.mark.parametrize("theme", builtin_handles())
def test_a_full_page_asks_ten_times_at_most(client_for: ClientFor, shop_with_all: TenantScope, theme: str) -> None:
    client = client_for(shop_with_all)
    with transaction(shop_with_all) as session:
        session.execute(update(ThemeInstallation).values(base_handle=theme, templates=full_templates(theme)))
    asked = {}
    for path in PATHS:
        with counted() as statements:
            answer = client.get(f"{path}{'&' if '?' in path else '?'}uncached={theme}")
        assert answer.status_code == 200, path
        assert answer.text.count("souk-section-error") == 0
        # Which shop a host belongs to is remembered for a while, whatever page asks next.
        asked[path] = [line for line in statements if "control.tenants" not in line]

    assert {path: len(each) for path, each in asked.items() if len(each) > MOST} == {}
    # debug
