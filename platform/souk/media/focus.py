"""Set what of a picture must stay in sight where it is cut."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.media.errors import BadFocalPoint
from souk.media.models import Media


def set_focus(session: Session, points: Mapping[int, tuple[int, int]]) -> None:
    """Store (percent from the left, percent from the top) by media id; raises BadFocalPoint."""
    for media_id, (left, top) in sorted(points.items()):
        if not (0 <= left <= 100 and 0 <= top <= 100):  # noqa: PLR2004 - percent
            raise BadFocalPoint
        session.execute(update(Media).where(Media.id == media_id).values(focal_x=left, focal_y=top))
