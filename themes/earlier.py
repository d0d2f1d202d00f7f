"""Find which themes of a shop are earlier versions of one that was uploaded: those of its handle."""

from __future__ import annotations

import json
from collections.abc import Sequence

from souk.media.storage import MediaStorage
from themes.installations import OWN
from themes.stored import read_files
from themes.work import Edited, Work

_FACTS = "theme.json"


def earlier_versions(storage: MediaStorage, themes: Sequence[Edited], uploaded: Edited) -> list[Edited]:
    """Return the themes that `uploaded` could update, the live one first; call it outside of any transaction.

    A theme that came from the very same files is none of them.
    """
    handle = _handle(storage, uploaded.work)
    others = [each for each in themes if each.id != uploaded.id and each.work.base_files != uploaded.work.base_files]
    found = [each for each in others if handle and _handle(storage, each.work) == handle]
    return sorted(found, key=lambda each: not each.live)


def _handle(storage: MediaStorage, work: Work) -> str:
    if work.base_handle != OWN or _FACTS not in work.base_files:
        return ""
    facts = read_files(storage, {_FACTS: work.base_files[_FACTS]})[_FACTS]
    return str(json.loads(facts).get("handle", ""))
