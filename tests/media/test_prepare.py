"""A job makes every size of a stored picture, once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text

from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import AlreadyDelivered, Job
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.media.prepare import prepare_picture
from souk.media.renditions import WIDTHS
from souk.media.storage import LocalStorage
from souk.media.store import keep_image, record_image


def picture(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), (shade, 80, 80)).save(buffer, "JPEG")
    return buffer.getvalue()


def announced(scope: TenantScope) -> list[int]:
    query = text("SELECT subject_id FROM pod.outbox WHERE tenant_id = :id AND name = 'media.created' ORDER BY id")
    with transaction(pod_scope(scope.pod), read_only=True) as session:
        return list(session.scalars(query, {"id": scope.tenant_id}))


def job_for(scope: TenantScope, media_id: int) -> Job:
    make = text(
        "INSERT INTO pod.deliveries (outbox_id, tenant_id, consumer, next_attempt_at)"
        " SELECT max(id), :tenant, 'pictures', now() FROM pod.outbox RETURNING id"
    )
    with transaction(pod_scope(scope.pod)) as session:
        delivery_id = session.execute(make, {"tenant": scope.tenant_id}).scalar_one()
    return Job(delivery_id, scope, Event("media.created", media_id))


def test_a_picture_is_announced_once_and_made_in_every_size(shop: TenantScope, tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    kept = keep_image(storage, shop.tenant_id, picture(1), "chair.jpg")
    with transaction(shop) as session:
        media_id = record_image(session, kept).id
        again = record_image(session, kept).id
    job = job_for(shop, media_id)

    prepare_picture(job, storage)

    assert (again, announced(shop)) == (media_id, [media_id])
    made = [f"{kept.storage_key}.w{width}.{kind}" for width in WIDTHS for kind in ("webp", "avif")]
    assert [storage.exists(key) for key in made] == [True] * 14
    with pytest.raises(AlreadyDelivered):
        prepare_picture(job, storage)


def test_a_picture_that_need_not_be_prepared_is_not_announced(other_shop: TenantScope, tmp_path: Path) -> None:
    kept = keep_image(LocalStorage(tmp_path), other_shop.tenant_id, picture(2), "own.jpg", drawn_by_us=True)

    with transaction(other_shop) as session:
        record_image(session, kept, prepare=False)

    assert announced(other_shop) == []


def test_another_shops_picture_is_not_found_and_ends_the_job(
    shop: TenantScope, other_shop: TenantScope, tmp_path: Path
) -> None:
    storage = LocalStorage(tmp_path)
    kept = keep_image(storage, shop.tenant_id, picture(3), "mine.jpg")
    with transaction(shop) as session:
        media_id = record_image(session, kept).id

    prepare_picture(job_for(other_shop, media_id + 1_000), storage)

    assert storage.exists(f"{kept.storage_key}.w165.avif") is False


def test_a_broken_file_ends_the_job_and_leaves_the_original(shop: TenantScope, tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    kept = keep_image(storage, shop.tenant_id, picture(4), "soon broken.jpg")
    with transaction(shop) as session:
        media_id = record_image(session, kept).id
    storage.put(kept.storage_key, picture(4)[:150], "image/jpeg")

    prepare_picture(job_for(shop, media_id), storage)

    assert storage.exists(kept.storage_key) is True
    assert storage.exists(f"{kept.storage_key}.w165.webp") is False
