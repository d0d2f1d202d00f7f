"""The password of the storefront, set and removed in the settings."""

from __future__ import annotations

from souk.kernel.db import transaction
from souk.kernel.passwords import password_matches
from souk.kernel.tenancy import TenantScope, control_scope
from tenants.storefront_password import storefront_password_hash
from tests.web_dashboard.conftest import SignedIn


def lock(scope: TenantScope) -> str:
    with transaction(control_scope(), read_only=True) as session:
        return storefront_password_hash(session, scope.tenant_id)


def test_the_shop_is_locked_and_opened(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")

    refused = owner.post("~/settings/lock", {"password": "short"})
    before = lock(shop)
    locked = owner.post("~/settings/lock", {"password": "opens in spring"})

    assert (refused.status_code, before, locked.status_code) == (422, "", 303)
    assert password_matches("opens in spring", lock(shop))
    assert lock(other_shop) == ""
    assert "Open the shop" in owner.get("~/settings").text

    opened = owner.post("~/settings/lock", {"action": "open"})

    assert (opened.status_code, lock(shop)) == (303, "")


def test_who_may_not_change_settings_locks_nothing(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    packer, stranger = signed_in(shop, "fulfillment"), signed_in(other_shop, "owner")
    stranger.slug = packer.slug

    answers = [person.post("~/settings/lock", {"password": "long enough"}).status_code for person in (packer, stranger)]

    assert answers == [403, 404]
    assert lock(shop) == ""
