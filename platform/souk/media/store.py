"""Takes an upload in: checks it, keeps it once, and gives it a row."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel.db import scope_of
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.media.check import check_image
from souk.media.models import Media
from souk.media.press import check_apart
from souk.media.storage import MediaStorage

_KEY_DIGITS = 32
_LONGEST_NAME = 200


def key_of(tenant_id: int, sha256: str) -> str:
    """Name a file by its content, apart for every shop: what one shop deletes, another still has."""
    return f"t{tenant_id}/{sha256[:_KEY_DIGITS]}"


@dataclass(frozen=True, slots=True)
class KeptImage:
    """A checked picture whose file is stored."""

    storage_key: str
    sha256: str
    filename: str
    content_type: str
    width: int
    height: int
    byte_size: int


def keep_image(
    storage: MediaStorage, tenant_id: int, data: bytes, filename: str, *, drawn_by_us: bool = False
) -> KeptImage:
    """Check a picture and store its file; raises what `check_apart` raises.

    A picture from elsewhere is looked into by a process apart; one that our own code drew spares that.

    The file goes before the row: a file without a row is swept away, a row without its file is a broken picture.
    """
    checked = check_image(data, filename) if drawn_by_us else check_apart(data, filename)
    digest = hashlib.sha256(checked.data).hexdigest()
    key = key_of(tenant_id, digest)
    # Written again even where it is there: the sweep that deletes what has no row spares what was just written.
    storage.put(key, checked.data, checked.content_type)
    name = PurePath(filename.replace("\\", "/")).name[:_LONGEST_NAME] or "picture"
    return KeptImage(key, digest, name, checked.content_type, checked.width, checked.height, len(checked.data))


def record_image(session: Session, kept: KeptImage, alt: str = "", *, prepare: bool = True) -> Media:
    """Give a kept picture its row; the same picture again returns the first row, with its first alternative text.

    With `prepare` a job makes all its sizes; without it each is made when a page first asks.
    """
    row = insert(Media).values(**asdict(kept), alt=alt)
    fresh = session.scalar(row.on_conflict_do_nothing(index_elements=[Media.storage_key]).returning(Media.id))
    if fresh is not None and prepare:
        publish(session, Event("media.created", fresh))
    return session.execute(select(Media).where(Media.storage_key == kept.storage_key)).scalar_one()


def store_image(session: Session, storage: MediaStorage, data: bytes, filename: str, alt: str = "") -> Media:
    """Keep and record a picture in one step.

    With a storage across a network, call `keep_image` before the transaction and `record_image` within it.
    """
    return record_image(session, keep_image(storage, scope_of(session).tenant_id, data, filename), alt)
