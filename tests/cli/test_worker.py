"""Kept pages are forgotten by the relay itself, in the shop where something changed and in no other."""

from __future__ import annotations

import pytest

import souk.web.page_cache.purge as page_cache
from cli.worker import purge_at_once
from souk.kernel.events import Event
from souk.kernel.tenancy import TenantScope
from souk.worker.consumers import Happened


def test_each_shop_forgets_its_own_pages_once(
    shop: TenantScope, other_shop: TenantScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    purged: list[tuple[int, set[str]]] = []
    monkeypatch.setattr(page_cache, "purge", lambda scope, keys: purged.append((scope.tenant_id, set(keys))))

    purge_at_once(
        [
            Happened(shop, Event("product.updated", 1)),
            Happened(other_shop, Event("inventory.updated", 5, {"product_id": 9, "crossed_zero": False})),
            Happened(shop, Event("product.updated", 2)),
            Happened(other_shop, Event("order.placed", 3)),
        ]
    )

    assert purged == [(shop.tenant_id, {"listing", "product-1", "product-2"})]
