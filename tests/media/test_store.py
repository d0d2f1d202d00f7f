"""A picture is kept once in each shop, under a key made of its content."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.errors import UnknownFileType
from souk.media.models import Media
from souk.media.storage import LocalStorage
from souk.media.store import store_image


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path)


def picture(color: tuple[int, int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), color).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_picture_gets_a_row_and_a_file(shop: TenantScope, storage: LocalStorage) -> None:
    data = picture((1, 2, 3))

    with transaction(shop) as session:
        media = store_image(session, storage, data, "C:\\photos\\mug.png", "A mug")

    digest = hashlib.sha256(data).hexdigest()
    assert media.storage_key == f"t{shop.tenant_id}/{digest[:32]}"
    assert (media.filename, media.content_type, media.alt) == ("mug.png", "image/png", "A mug")
    assert (media.width, media.height, media.byte_size, media.sha256) == (30, 20, len(data), digest)
    with storage.open(media.storage_key) as file:
        assert file.read() == data


def test_the_same_picture_is_stored_once(shop: TenantScope, storage: LocalStorage) -> None:
    with transaction(shop) as session:
        first = store_image(session, storage, picture((4, 5, 6)), "a.png", "First")
        again = store_image(session, storage, picture((4, 5, 6)), "b.png", "Second")

    assert (again.id, again.filename, again.alt) == (first.id, "a.png", "First")


def test_another_shop_has_its_own_row_and_file(
    shop: TenantScope, other_shop: TenantScope, storage: LocalStorage
) -> None:
    with transaction(shop) as session:
        mine = store_image(session, storage, picture((7, 8, 9)), "a.png")

    with transaction(other_shop) as session:
        assert session.execute(select(func.count()).select_from(Media)).scalar_one() == 0
        theirs = store_image(session, storage, picture((7, 8, 9)), "a.png")

    assert mine.storage_key != theirs.storage_key


def test_a_refused_file_leaves_no_trace(shop: TenantScope, storage: LocalStorage, tmp_path: Path) -> None:
    with transaction(shop) as session:
        before = session.execute(select(func.count()).select_from(Media)).scalar_one()

        with pytest.raises(UnknownFileType):
            store_image(session, storage, b"MZ", "a.png")

        assert session.execute(select(func.count()).select_from(Media)).scalar_one() == before
    assert list(tmp_path.iterdir()) == []
