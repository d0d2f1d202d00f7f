"""Takes an upload in: checks it, keeps it once, and gives it a row."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel.db import scope_of
from souk.media.check import CheckedImage, check_image
from souk.media.models import Media
from souk.media.storage import MediaStorage

_KEY_DIGITS = 32
_LONGEST_NAME = 200


def key_of(tenant_id: int, sha256: str) -> str:
    """Name a file by its content, apart for every shop: what one shop deletes, another still has."""
    return f"t{tenant_id}/{sha256[:_KEY_DIGITS]}"


def store_image(session: Session, storage: MediaStorage, data: bytes, filename: str, alt: str = "") -> Media:
    """Check and keep a picture; the same picture again returns its first row."""
    checked = check_image(data, filename)
    digest = hashlib.sha256(checked.data).hexdigest()
    key = key_of(scope_of(session).tenant_id, digest)
    # The file goes first: a file without a row is swept away, a row without its file is a broken picture.
    if not storage.exists(key):
        storage.put(key, checked.data, checked.content_type)
    return _row(session, checked, storage_key=key, sha256=digest, filename=filename, alt=alt)


def _row(
    session: Session, checked: CheckedImage, *, storage_key: str, sha256: str, filename: str, alt: str
) -> Media:
    values = {
        "storage_key": storage_key,
        "filename": PurePath(filename.replace("\\", "/")).name[:_LONGEST_NAME] or "picture",
        "content_type": checked.content_type,
        "width": checked.width,
        "height": checked.height,
        "byte_size": len(checked.data),
        "sha256": sha256,
        "alt": alt,
    }
    session.execute(insert(Media).values(values).on_conflict_do_nothing(index_elements=[Media.storage_key]))
    return session.execute(select(Media).where(Media.storage_key == storage_key)).scalar_one()
