"""Take pictures out of the shop that nothing shows any more."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.media.errors import PictureInUse
from souk.media.models import Media
from souk.media.uses import uses_of


def delete_pictures(session: Session, media_ids: Collection[int]) -> int:
    """Delete the rows of these pictures and return how many there were; raises PictureInUse, then none is deleted.

    The sweep deletes the files, except those that an order or an earlier look of the shop still has.
    """
    # Locked: what would begin to show one of them meanwhile waits, and is refused by its foreign key.
    locked = select(Media.id, Media.filename).where(Media.id.in_(media_ids)).order_by(Media.id).with_for_update()
    names = {row.id: row.filename for row in session.execute(locked)}
    for media_id, uses in uses_of(session, names).items():
        raise PictureInUse(names[media_id], [str(use) for use in uses])
    session.execute(delete(Media).where(Media.id.in_(names)))
    if names:
        publish(session, Event("content.updated", 0, {"kind": "media", "handle": ""}))
    return len(names)
