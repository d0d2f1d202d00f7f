"""Make every size of a fresh picture before somebody waits for it."""

from __future__ import annotations

from sqlalchemy import select

from souk.kernel.db import transaction
from souk.kernel.outbox import Job, once
from souk.media.errors import ImageTooCostly, MalformedImage, MediaMissing
from souk.media.models import Media
from souk.media.press import render_apart
from souk.media.renditions import is_drawing
from souk.media.storage import MediaStorage


def prepare_picture(job: Job, storage: MediaStorage) -> None:
    """Consume `media.created`; a picture that is gone or cannot be read leaves nothing to do."""
    with transaction(job.scope, read_only=True) as session:
        key = session.scalar(select(Media.storage_key).where(Media.id == job.event.subject_id))
    if key is not None:
        _prepare(storage, key)
    with once(job):
        pass


def _prepare(storage: MediaStorage, key: str) -> None:
    try:
        with storage.open(key) as file:
            original = file.read()
        made = [] if is_drawing(original) else render_apart(original, key)
    except (MediaMissing, MalformedImage, ImageTooCostly):
        # Pages make their own WebP from the original, or show the picture's text.
        return
    for one in made:
        storage.put(f"{key}.{one.name}", one.data, one.content_type)
