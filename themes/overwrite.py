"""Exchange a theme's files without losing what was changed of its code in the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from souk.kernel.errors import Conflict
from themes.installations import OWN
from themes.publishing import OPERATOR, publish_files
from themes.stored import Manifest
from themes.work import Work, read_theme, save_work

_NAMED = 20


class EditedInShop(Conflict):
    """`files` are those whose changes would be lost; nothing was exchanged."""

    code = "theme_edited_in_shop"

    def __init__(self, files: Sequence[str]) -> None:
        named = ", ".join(files[:_NAMED]) + (f" and {len(files) - _NAMED} more" if len(files) > _NAMED else "")
        super().__init__(
            f"The code was changed in the shop since it was last pushed: {named}. Pull the theme into another folder"
            " and bring these changes over, or overwrite them with force (`souk theme push --force`).",
            files=list(files),
        )


def edited_in_shop(work: Work, sent: Manifest) -> list[str]:
    """Return the files that were changed in the shop's code editor and that `sent` has otherwise, by path."""
    paths = sorted(work.files.keys() | work.base_files.keys()) if work.files and work.base_files else []
    changed = (path for path in paths if work.files.get(path) != work.base_files.get(path))
    return [path for path in changed if sent.get(path) != work.files.get(path)]


def exchanged(work: Work, version: str, sent: Manifest, *, seen: bool) -> Work:
    """Return the theme with other files under the same layer; raises EditedInShop.

    `seen` says that whoever sends them knew what stands there now, or means to overwrite it.
    """
    if not seen and (lost := edited_in_shop(work, sent)):
        raise EditedInShop(lost)
    return replace(work, base_handle=OWN, base_version=version, files=dict(sent), base_files=dict(sent))


def replace_files(
    session: Session, theme_id: int, version: str, manifest: Manifest, *, seen: bool = False, actor: str = OPERATOR
) -> None:
    """Exchange the files of a theme, at once for shoppers where it is live; the merchant's layer stays over them.

    `seen` as in `exchanged`; raises EditedInShop, UnknownTheme.
    """
    found = read_theme(session, theme_id)
    work = exchanged(found.work, version, manifest, seen=seen)
    if found.live:
        files = {name: getattr(work, name) for name in ("base_handle", "base_version", "files", "base_files")}
        publish_files(session, theme_id, files, actor=actor)
    else:
        save_work(session, theme_id, work, expected=found.version, actor=actor)
