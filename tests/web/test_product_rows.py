"""Rows that a process keeps of products: right until a purge, of one shop, and never of what is not for sale."""

from __future__ import annotations

from sqlalchemy import update

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import Product
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.keeper import Keeper
from souk.web.page_cache.memory import Memory
from souk.web.page_cache.product_rows import ProductRows


def lamp(scope: TenantScope, status: str = "active") -> int:
    with transaction(scope) as session:
        return save_product(session, ProductDraft("Lamp", (VariantDraft(500),), status=status))


def read(memory: Memory | None, scope: TenantScope, ids: list[int]) -> dict[int, str]:
    rows = ProductRows(Keeper(memory, scope.tenant_id))
    with transaction(scope, read_only=True) as session:
        return {id_: row.title for id_, row in rows.read(session, ids).items()}


def known(memory: Memory | None, scope: TenantScope, ids: list[int]) -> dict[int, str]:
    return {id_: row.title for id_, row in ProductRows(Keeper(memory, scope.tenant_id)).known(ids).items()}


def rename(scope: TenantScope, id_: int, title: str) -> None:
    with transaction(scope) as session:
        session.execute(update(Product).where(Product.id == id_).values(title=title))


def test_a_row_is_kept_for_its_shop_until_the_product_changes(shop: TenantScope, other_shop: TenantScope) -> None:
    memory, id_ = Memory(), lamp(shop)
    memory.heard = True

    first = read(memory, shop, [id_])
    rename(shop, id_, "Lantern")
    kept, theirs = known(memory, shop, [id_]), known(memory, other_shop, [id_])
    memory.purge(shop.tenant_id, [f"product-{id_}"])

    assert (first, kept, theirs) == ({id_: "Lamp"}, {id_: "Lamp"}, {})
    assert known(memory, shop, [id_]) == {}
    assert read(memory, shop, [id_]) == {id_: "Lantern"}


def test_what_was_read_before_a_purge_is_not_kept_after_it(shop: TenantScope) -> None:
    memory, id_ = Memory(), lamp(shop)
    memory.heard = True
    late = ProductRows(Keeper(memory, shop.tenant_id))

    memory.purge(shop.tenant_id, ["product-0"])
    with transaction(shop, read_only=True) as session:
        assert set(late.read(session, [id_])) == {id_}

    assert known(memory, shop, [id_]) == {}


def test_what_is_not_on_sale_has_no_row_and_nothing_is_kept_unheard(shop: TenantScope) -> None:
    draft, sold, deaf = lamp(shop, "draft"), lamp(shop), Memory()

    assert read(None, shop, [draft, sold]) == read(deaf, shop, [draft, sold]) == {sold: "Lamp"}
    assert known(None, shop, [sold]) == known(deaf, shop, [sold]) == {}
