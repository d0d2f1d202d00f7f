"""Staff see who said the taxes of an order, and a draft is priced by the same provider."""

from __future__ import annotations

from plugins.enablement import enable
from souk.checkout.complete import complete_checkout
from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.drafting.save import create_draft, write_draft
from souk.tax.provider_policy import ProviderPolicy, save_provider_policy
from tests.factories.catalog import make_product
from tests.factories.commerce import ADDRESS, APPROVED, open_for_business, ready_checkout
from tests.web_dashboard.conftest import SignedIn


def test_an_order_and_a_draft_name_the_provider(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    open_for_business(shop)
    with transaction(shop) as session:
        mug = make_product(session, stock=5, price=2_000)[0]
        enable(session, "test_tax", enabled=True)
        save_provider_policy(session, ProviderPolicy("test_tax"))
        content = {"lines": [{"variant_id": mug, "quantity": 1, "unit_price": None}], "shipping_address": ADDRESS}
        draft = create_draft(session, "USD", "staff:1")
        write_draft(session, draft, content)
    order = complete_checkout(shop, answered(shop, lambda: ready_checkout(shop, [(mug, 1)])), APPROVED).order_id
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    shown = owner.get(f"~/orders/{order}").text

    assert "Tax · by Test tax" in shown
    assert "State tax added, 6.25 % · by Test tax" in shown
    # 8.5 % of 20.00, where the shop's own table has 10.
    assert "$21.70" in owner.get(f"~/draft-orders/{draft}").text
    assert stranger.get(f"~/orders/{order}").status_code == 404
