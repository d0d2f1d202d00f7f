"""What a theme must pass before it is published, and its files as they would be pulled."""

from __future__ import annotations

from souk.media.storage import MediaStorage
from themes.merge import with_changes
from themes.stored import read_files
from themes.theme import load_builtin
from themes.upload import ThemeRefused
from themes.validation.layer import check_layer
from themes.work import Work


def code_of(storage: MediaStorage, work: Work) -> dict[str, bytes]:
    """Return the files under the merchant's layer; call it outside of any transaction."""
    return read_files(storage, work.files) if work.files else dict(load_builtin(work.base_handle).files)


def files_of(storage: MediaStorage, work: Work) -> dict[str, bytes]:
    """Return the files of a theme with the merchant's layer written into them."""
    return with_changes(code_of(storage, work), work.settings, work.templates)


def check_work(storage: MediaStorage, work: Work) -> None:
    """Raise ThemeRefused for a theme whose settings or templates cannot be shown as they stand."""
    # A value that the theme does not read any more, since an update of it, harms nobody.
    found = [each for each in check_layer(files_of(storage, work)) if each.rule != "unknown-setting"]
    if found:
        raise ThemeRefused(found)
