"""Who writes to buyers that left, and the queue of a flash sale: set in the dashboard, by those who may."""

from __future__ import annotations

from sqlalchemy import select

from souk.catalog.models import Variant
from souk.checkout.abandoned.policy import ReminderPolicy, read_policy
from souk.checkout.admission.policy import Admission, read_admission
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.catalog import make_product
from tests.web_dashboard.conftest import SignedIn


def policies(scope: TenantScope) -> tuple[ReminderPolicy, Admission]:
    with transaction(scope, read_only=True) as session:
        return read_policy(session), read_admission(session)


def new_product(scope: TenantScope, title: str = "Lamp", times: int = 1) -> int:
    """Return the id of the last of so many products."""
    with transaction(scope) as session:
        made = [make_product(session, title)[0] for _ in range(times)]
        return session.execute(select(Variant.product_id).where(Variant.id == made[-1])).scalar_one()


def test_reminders_and_the_queue_are_set(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    owner, before = signed_in(shop, "owner"), policies(other_shop)
    product = new_product(shop)

    answers = [
        owner.post("~/abandoned", {"mode": "consent", "hours": "4"}),
        owner.post("~/admission", {"limit": "25", "minutes": "8", f"product-{product}": "3"}),
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert policies(shop) == (ReminderPolicy("consent", 240), Admission(25, 8, {product: 3}))
    assert policies(other_shop) == before
    assert "Lamp" in owner.get("~/admission").text
    assert "Nobody left anything" in owner.get("~/abandoned").text


def test_wrong_values_and_strangers_change_nothing(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, packer, stranger = signed_in(shop, "owner"), signed_in(shop, "fulfillment"), signed_in(other_shop, "owner")
    foreign, before = new_product(other_shop, times=5), policies(shop)
    stranger.slug = packer.slug

    wrong = [
        owner.post("~/abandoned", {"mode": "always", "hours": "4"}),
        owner.post("~/abandoned", {"mode": "consent", "hours": "soon"}),
        owner.post("~/admission", {"limit": "many", "minutes": "8"}),
        owner.post("~/admission", {"limit": "1", "minutes": "8", f"product-{foreign}": "3"}),
        packer.post("~/admission", {"limit": "1", "minutes": "8"}),
        stranger.post("~/admission", {"limit": "1", "minutes": "8"}),
        stranger.post("~/abandoned", {"mode": "off", "hours": "4"}),
    ]

    assert [answer.status_code for answer in wrong] == [422, 422, 422, 422, 403, 404, 404]
    assert policies(shop) == before
