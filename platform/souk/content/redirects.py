"""Lead old addresses to new ones."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.content.errors import ContentInvalid, RedirectMissing
from souk.content.models import Redirect


def save_redirect(session: Session, path: str, target: str) -> int:
    """Let `path` lead to `target` and return the redirect's id; raises ContentInvalid for what is no path of this shop.

    A path that leads elsewhere already leads to the new target from now on.
    """
    if not path.startswith("/") or path == target:
        raise ContentInvalid("path", "write a path of this shop that differs from its target, such as /old.")
    if not target.startswith(("/", "https://")) or target.startswith("//"):
        raise ContentInvalid("target", "start it with / or https://.")
    row = insert(Redirect).values(path=path, target=target)
    written = row.on_conflict_do_update(index_elements=[Redirect.path], set_={"target": target})
    return session.execute(written.returning(Redirect.id)).scalar_one()


def redirect_of(session: Session, path: str) -> str | None:
    """Return where `path` leads, or None."""
    return session.execute(select(Redirect.target).where(Redirect.path == path)).scalar_one_or_none()


def delete_redirect(session: Session, redirect_id: int) -> None:
    """Raises RedirectMissing."""
    gone = delete(Redirect).where(Redirect.id == redirect_id).returning(Redirect.id)
    if session.execute(gone).first() is None:
        raise RedirectMissing
