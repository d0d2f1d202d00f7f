"""Products, collections and pages shown by a template of their own, and by the usual one when that is gone."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.errors import CollectionInvalid
from souk.catalog.save_product import save_product
from souk.content.errors import ContentInvalid
from souk.content.pages import PageDraft, save_page
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.purge import EVERYTHING, purge
from tests.fixtures.shops import make_shop
from tests.fixtures.watching import wait_for
from tests.web.conftest import ClientFor
from themes.add_builtin import add_builtin
from themes.alternates import alternates
from themes.models import ThemeInstallation

PATHS = ("/products/lamp", "/collections/lamps", "/pages/lamps")


def marked(word: str) -> dict[str, object]:
    return {"sections": {"only": {"type": "rich-text", "settings": {"heading": word}}}}


@pytest.fixture
def scope(platform: None) -> TenantScope:
    scope = make_shop()
    templates = {f"templates/{kind}.gift.json": marked(f"Gift {kind}") for kind in ("product", "collection", "page")}
    with transaction(scope) as session:
        variant = VariantDraft(500, inventory_tracked=False)
        save_product(session, ProductDraft("Lamp", (variant,), handle="lamp", template_suffix="gift"))
        save_collection(session, CollectionDraft("Lamps", template_suffix="gift"))
        save_page(session, PageDraft("Lamps", "<p>All</p>", template_suffix="gift"))
        session.execute(update(ThemeInstallation).values(templates=templates))
    return scope


def test_each_is_shown_by_its_template_until_that_is_deleted(client_for: ClientFor, scope: TenantScope) -> None:
    client = client_for(scope)
    assert [f"Gift {kind}" in client.get(path).text for kind, path in zip(
        ("product", "collection", "page"), PATHS, strict=True)] == [True] * 3  # fmt: skip
    assert "Gift product" in client.get("/products/lamp?sections=only").text

    with transaction(scope) as session:
        session.execute(update(ThemeInstallation).values(templates={}))
    purge(scope, EVERYTHING)

    assert wait_for(lambda: all("Gift" not in client.get(path).text for path in PATHS))
    assert all(client.get(path).status_code == 200 for path in PATHS)


def test_a_shop_is_told_its_own_alternates_and_whether_shoppers_see_them(scope: TenantScope) -> None:
    other = make_shop()
    with transaction(scope) as session:
        draft = {"templates": {"templates/product.late.json": marked("Late")}, "files": {}}
        session.execute(update(ThemeInstallation).values(draft=draft))
        add_builtin(session, "ledger")
        found = alternates(session, "product")
    with transaction(other, read_only=True) as session:
        others = [alternates(session, kind) for kind in ("product", "page")]

    assert (found.live, found.coming, found.theme_id is not None) == (("gift",), ("late",), True)
    assert [(each.live, each.coming) for each in others] == [((), ()), (("contact",), ())]


@pytest.mark.parametrize("suffix", ["Gift", "a.b", "../x", "-a", "a" * 51])
def test_what_cannot_name_a_template_is_refused(scope: TenantScope, suffix: str) -> None:
    with transaction(scope) as session, pytest.raises(CollectionInvalid, match="template_suffix"):
        save_collection(session, CollectionDraft("Other", template_suffix=suffix))
    with transaction(scope) as session, pytest.raises(ContentInvalid, match="template_suffix"):
        save_page(session, PageDraft("Other", template_suffix=suffix))
