"""Publishing, hiding and answering reviews."""

from __future__ import annotations

from sqlalchemy import select

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import Product
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.reviews.create import ReviewDraft, create_review
from souk.reviews.models import Review
from tests.web_dashboard.conftest import SignedIn


def waiting_review(scope: TenantScope, body: str) -> int:
    with transaction(scope) as session:
        product_id = save_product(session, ProductDraft(title="Reviewed", variants=(VariantDraft(price=900),)))
        return create_review(session, ReviewDraft(product_id, None, "Eve", 4, "Fine", body))


def stored(scope: TenantScope, review_id: int) -> tuple[str, str, int]:
    """Return (status, reply, how many reviews the product counts)."""
    query = select(Review.status, Review.reply, Product.rating_count).join(Product, Product.id == Review.product_id)
    with transaction(scope, read_only=True) as session:
        row = session.execute(query.where(Review.id == review_id)).one()
    return row.status, row.reply, row.rating_count


def test_a_review_is_published_answered_and_hidden(shop: TenantScope, signed_in: SignedIn) -> None:
    review_id = waiting_review(shop, "Sits <well>")
    owner = signed_in(shop, "owner")
    assert "Sits &lt;well&gt;" in owner.get("~/reviews?status=pending").text

    owner.post(f"~/reviews/{review_id}", {"action": "publish", "reply": "Thank you"})
    published = stored(shop, review_id)
    owner.post(f"~/reviews/{review_id}", {"action": "hide", "reply": "Thank you"})

    assert published == ("published", "Thank you", 1)
    assert stored(shop, review_id) == ("hidden", "Thank you", 0)
    assert "Sits" not in owner.get("~/reviews?status=pending").text


def test_a_reply_that_is_too_long_keeps_what_was_typed(shop: TenantScope, signed_in: SignedIn) -> None:
    review_id = waiting_review(shop, "Long")

    answer = signed_in(shop, "owner").post(f"~/reviews/{review_id}", {"action": "publish", "reply": "y" * 2_001})

    assert answer.status_code == 422
    assert "y" * 2_001 in answer.text
    assert stored(shop, review_id) == ("pending", "", 0)


def test_another_shop_and_a_viewer_change_nothing(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    review_id = waiting_review(shop, "Only mine")
    stranger, viewer = signed_in(other_shop, "owner"), signed_in(shop, "viewer")

    answers = [
        stranger.post(f"~/reviews/{review_id}", {"action": "publish"}).status_code,
        viewer.post(f"~/reviews/{review_id}", {"action": "publish"}).status_code,
    ]

    assert answers == [404, 403]
    assert stored(shop, review_id) == ("pending", "", 0)
    assert "Only mine" not in stranger.get("~/reviews").text
