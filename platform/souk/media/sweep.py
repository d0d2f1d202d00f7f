"""Give back the space of files that nothing in a shop needs any more, and of uploads that nobody confirmed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.incoming import FOLDER
from souk.media.models import Media
from souk.media.references import TIMEOUT_MS, keys_in_rows, unused_pictures
from souk.media.storage import MediaStorage

# A file is written before its row, and an import or an upload may take its time in between.
FILE_AGE = timedelta(days=1)
UPLOAD_AGE = timedelta(days=1)
# A picture that was taken out of a product may be wanted in another one.
PICTURE_AGE = timedelta(days=30)
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Swept:
    """`pictures` are rows, `files` what was deleted from the storage, each size of a picture counted."""

    pictures: int = 0
    files: int = 0
    uploads: int = 0


def sweep_media(scope: TenantScope, storage: MediaStorage, *, dry_run: bool = False) -> Swept:
    """Delete what no row of this shop refers to; `dry_run` only counts. It opens its own transactions.

    Another shop's files stand under another beginning and are never listed. A file that is written again while this
    runs stays: its age is looked at once more right before it goes.
    """
    before = clock.now()
    uploads = _old_uploads(storage, scope, before - UPLOAD_AGE)
    groups = _by_key(storage, scope)
    old = {key for key, files in groups.items() if max(files.values()) < before - FILE_AGE}
    needed = keys_in_rows(scope) if old else set()
    pictures = [] if not old else _unused_pictures(scope, sorted(old - needed), dry_run=dry_run)
    unneeded = sorted(old - needed - (_known(scope) - set(pictures)))
    if dry_run:
        return Swept(len(pictures), sum(len(groups[key]) for key in unneeded), len(uploads))
    for key in uploads:
        storage.delete(key)
    return Swept(len(pictures), sum(_delete(storage, key, before - FILE_AGE) for key in unneeded), len(uploads))


def _old_uploads(storage: MediaStorage, scope: TenantScope, before: datetime) -> list[str]:
    return [key for key, written in storage.files(f"{FOLDER}/t{scope.tenant_id}/") if written < before]


def _by_key(storage: MediaStorage, scope: TenantScope) -> dict[str, dict[str, datetime]]:
    """Return the files of each key: a picture with its sizes, or the parts of a folder."""
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    for beginning, depth in ((f"t{scope.tenant_id}/", 2), (f"files/t{scope.tenant_id}/", 4)):
        for file, written in storage.files(beginning):
            key = "/".join(file.split("/")[:depth]).partition(".")[0]
            # What has another shape was put there by somebody else, and is not ours to delete.
            if len(key.rpartition("/")[2]) == _DIGITS:
                found[key][file] = written
    return found


def _unused_pictures(scope: TenantScope, keys: list[str], *, dry_run: bool) -> list[str]:
    with transaction(scope, read_only=dry_run, timeout_ms=TIMEOUT_MS) as session:
        return unused_pictures(session, keys, clock.now() - PICTURE_AGE, forget=not dry_run)


def _known(scope: TenantScope) -> set[str]:
    with transaction(scope, read_only=True) as session:
        return set(session.scalars(select(Media.storage_key)))


def _delete(storage: MediaStorage, key: str, before: datetime) -> int:
    """Delete the files of a key unless one was written meanwhile; the original goes last, so that a rest is found."""
    files = dict(storage.files(key))
    if any(written >= before for written in files.values()):
        return 0
    for file in sorted(files, key=len, reverse=True):
        storage.delete(file)
    return len(files)
