from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import Product
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.reviews.create import ReviewDraft, create_review
from souk.reviews.errors import NoSuchProduct, NoSuchReview
from souk.reviews.publish import hide_review, publish_review
from souk.reviews.queries import list_reviews


def new_product(scope: TenantScope) -> int:
    with transaction(scope) as session:
        return save_product(session, ProductDraft(title="Mug", variants=(VariantDraft(price=900),)))


def rating_of(scope: TenantScope, product_id: int) -> tuple[Decimal, int]:
    with transaction(scope, read_only=True) as session:
        row = session.execute(select(Product.rating, Product.rating_count).where(Product.id == product_id)).one()
    return row.rating, row.rating_count


def test_a_review_counts_once_it_is_published(shop: TenantScope) -> None:
    product = new_product(shop)
    with transaction(shop) as session:
        create_review(session, ReviewDraft(product, None, "Ada", 5, verified=True))
        waiting = create_review(session, ReviewDraft(product, None, "Eve", 2))
    before = rating_of(shop, product)

    with transaction(shop) as session:
        publish_review(session, waiting)

    assert before == (Decimal("5.00"), 1)
    assert rating_of(shop, product) == (Decimal("3.50"), 2)


def test_a_hidden_review_is_neither_listed_nor_counted(shop: TenantScope) -> None:
    product = new_product(shop)
    with transaction(shop) as session:
        review = create_review(session, ReviewDraft(product, None, "Ada", 4, verified=True))

    with transaction(shop) as session:
        hide_review(session, review)
        listed = list_reviews(session, product)

    assert listed == ([], 0)
    assert rating_of(shop, product) == (Decimal("0.00"), 0)


def test_another_shop_sees_and_changes_nothing(shop: TenantScope, other_shop: TenantScope) -> None:
    product = new_product(shop)
    with transaction(shop) as session:
        review = create_review(session, ReviewDraft(product, None, "Ada", 4, verified=True))

    with transaction(other_shop) as session:
        listed = list_reviews(session, product)
        with pytest.raises(NoSuchReview):
            hide_review(session, review)
        with pytest.raises(NoSuchProduct):
            create_review(session, ReviewDraft(product, None, "Eve", 1))

    assert listed == ([], 0)
    assert rating_of(shop, product) == (Decimal("4.00"), 1)
