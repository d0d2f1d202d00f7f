"""The merchant sees which pictures did not come, and has them tried again."""

from __future__ import annotations

from sqlalchemy import insert, select

from souk.catalog.models import Variant
from souk.catalog.pictures.failed import count_fetches
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.models import MediaFetch
from tests.factories.catalog import make_product
from tests.fixtures.shops import make_shop
from tests.web_dashboard.conftest import SignedIn

URL = "https://pictures.example/chair.jpg"


def shop_with_a_failed_picture() -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        variant_id = make_product(session, "Oak Chair", stock=None)[0]
        product_id = session.scalar(select(Variant.product_id).where(Variant.id == variant_id))
        values = {"url": URL, "status": "failed", "attempts": 6, "error": "The server answered 404."}
        session.execute(insert(MediaFetch).values(product_id=product_id, **values))
    return scope


def counts(scope: TenantScope) -> dict[str, int]:
    with transaction(scope, read_only=True) as session:
        return count_fetches(session)


def test_failed_pictures_are_told_and_tried_again(signed_in: SignedIn) -> None:
    scope = shop_with_a_failed_picture()
    visitor = signed_in(scope, "owner")

    told = visitor.get("~/imports/pictures").text
    again = visitor.post("~/imports/pictures/again")

    assert [text in told for text in ("Oak Chair", URL, "The server answered 404.", "1 failed")] == [True] * 4
    assert (again.status_code, counts(scope)) == (303, {"pending": 1, "done": 0, "failed": 0})


def test_another_shop_sees_none_of_them(signed_in: SignedIn) -> None:
    scope, visitor = shop_with_a_failed_picture(), signed_in(make_shop(), "owner")

    told = visitor.get("~/imports/pictures").text
    visitor.post("~/imports/pictures/again")

    assert "Oak Chair" not in told
    assert counts(scope) == {"pending": 0, "done": 0, "failed": 1}


def test_whoever_may_not_change_the_catalogue_tries_nothing_again(signed_in: SignedIn) -> None:
    scope = shop_with_a_failed_picture()

    refused = signed_in(scope, "viewer").post("~/imports/pictures/again")

    assert refused.status_code == 403
    assert counts(scope)["failed"] == 1
