"""Say what pictures show and which point of each stays in sight, wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.media.errors import BadFocalPoint
from souk.media.models import Media


def describe_pictures(session: Session, wanted: Mapping[int, tuple[str, int, int]]) -> int:
    """Store (alternative text, percent from the left, percent from the top) by media id; returns how many changed.

    Raises BadFocalPoint. Pictures that the shop does not have are left out.
    """
    changed = 0
    for media_id, (alt, left, top) in sorted(wanted.items()):
        if not (0 <= left <= 100 and 0 <= top <= 100):  # noqa: PLR2004 - percent
            raise BadFocalPoint
        other = or_(Media.alt != alt, Media.focal_x != left, Media.focal_y != top)
        query = update(Media).where(Media.id == media_id, other).values(alt=alt, focal_x=left, focal_y=top)
        changed += len(session.execute(query.returning(Media.id)).all())
    if changed:
        publish(session, Event("content.updated", 0, {"kind": "media", "handle": ""}))
    return changed
