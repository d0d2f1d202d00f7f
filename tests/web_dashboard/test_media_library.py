"""The shop's pictures in one place: described, pointed at, added; another shop's are out of reach."""

from __future__ import annotations

import io

from PIL import Image
from sqlalchemy import select

from souk.content.articles import ArticleDraft, save_article
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.models import Media
from tests.web_dashboard.conftest import SignedIn


def picture(color: str) -> tuple[io.BytesIO, str]:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(kept, "PNG")
    kept.seek(0)
    return kept, f"{color}.png"


def stored(scope: TenantScope) -> list[tuple[str, str, int, int]]:
    with transaction(scope, read_only=True) as session:
        query = select(Media.filename, Media.alt, Media.focal_x, Media.focal_y).order_by(Media.id)
        return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def ids(scope: TenantScope) -> list[int]:
    with transaction(scope, read_only=True) as session:
        return list(session.scalars(select(Media.id).order_by(Media.id)))


def test_pictures_are_added_and_described(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    owner, other = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    assert owner.post("~/pictures", {"pictures": [picture("red"), picture("blue")]}).status_code == 303
    red, blue = ids(shop)
    form = {"media": [str(red), str(blue)], f"alt-{red}": " Red ", f"focal-x-{red}": "10", f"focal-y-{red}": "90"}

    saved = owner.post("~/pictures", form)
    foreign = other.post("~/pictures", {"media": str(red), f"alt-{red}": "Mine"})

    assert (saved.status_code, foreign.status_code) == (303, 303)
    assert stored(shop) == [("red.png", "Red", 10, 90), ("blue.png", "", 50, 50)]
    found = owner.get("~/pictures?q=blue").text
    assert "blue.png" in found
    assert "red.png" not in found
    assert "red.png" not in other.get("~/pictures").text


def test_a_point_outside_of_the_picture_changes_nothing(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    owner.post("~/pictures", {"pictures": [picture("green")]})
    before, number = stored(shop), ids(shop)[-1]

    answer = owner.post("~/pictures", {"media": str(number), f"alt-{number}": "X", f"focal-x-{number}": "101"})

    assert answer.status_code == 422
    assert stored(shop) == before


def test_marked_pictures_go_unless_the_shop_shows_one(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, other = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    owner.post("~/pictures", {"pictures": [picture("olive"), picture("navy")]})
    olive, navy = ids(shop)[-2:]
    with transaction(shop) as session:
        save_article(session, ArticleDraft("News", media_id=olive))
    both = {"media": [str(olive), str(navy)], f"drop-{olive}": "on", f"drop-{navy}": "on"}

    refused, foreign = owner.post("~/pictures", both), other.post("~/pictures", both)
    assert refused.status_code == 409
    assert "“olive.png” is shown by the post “News”; take it out there first." in refused.text
    assert (foreign.status_code, ids(shop)[-2:]) == (303, [olive, navy])

    owner.post("~/pictures", {"media": str(navy), f"drop-{navy}": "on"})
    assert ids(shop)[-1] == olive
