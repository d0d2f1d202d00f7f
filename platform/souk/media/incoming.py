"""Files that browsers send straight to the storage: they lie apart until their content was looked into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from souk.kernel.errors import Conflict, Invalid
from souk.kernel.tokens import new_token
from souk.media.check import MAX_BYTES
from souk.media.errors import FileTooLarge, MediaMissing
from souk.media.storage import MediaStorage
from souk.media.store import KeptImage, keep_image

# What nobody confirms is swept away after a day, by this beginning of its key (`souk.media.sweep`).
FOLDER = "incoming"
_NAME = re.compile(r"[a-z0-9]{32}")
CONTENT_TYPES = frozenset(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/svg+xml"])


class NoDirectUpload(Conflict):
    code = "no_direct_upload"

    def __init__(self) -> None:
        super().__init__("Files cannot be sent to this platform's storage directly; send the picture to us instead.")


class BadContentType(Invalid):
    code = "bad_content_type"

    def __init__(self) -> None:
        super().__init__(f"content_type: choose one of {', '.join(sorted(CONTENT_TYPES))}.", field="content_type")


class UploadMissing(Invalid):
    """The key is another shop's, was never given out, or nothing was sent to it yet."""

    code = "upload_missing"

    def __init__(self) -> None:
        super().__init__(
            "upload: nothing was sent there; ask for an upload form, send the file, then say its key.", field="upload"
        )


@dataclass(frozen=True, slots=True)
class UploadForm:
    """Post `fields` and then the file as `file` to `url` (multipart/form-data), then confirm `key`."""

    key: str
    url: str
    fields: Mapping[str, str]


def offer_upload(storage: MediaStorage, tenant_id: int, content_type: str) -> UploadForm:
    """Return a form for one picture of this type; raises NoDirectUpload and BadContentType."""
    if content_type not in CONTENT_TYPES:
        raise BadContentType
    name = new_token().lower().replace("_", "0").replace("-", "0")[:32]
    key = f"{FOLDER}/t{tenant_id}/{name}"
    signed = storage.upload_form(key, content_type, MAX_BYTES)
    if signed is None:
        raise NoDirectUpload
    return UploadForm(key, *signed)


def take_upload(storage: MediaStorage, tenant_id: int, key: str, filename: str) -> KeptImage:
    """Make a picture of what was sent to `key`, judged by its content; the file there is gone afterwards.

    Raises UploadMissing for another shop's key or one that holds nothing, FileTooLarge, and what `keep_image` raises.
    """
    beginning = f"{FOLDER}/t{tenant_id}/"
    if not key.startswith(beginning) or not _NAME.fullmatch(key.removeprefix(beginning)):
        raise UploadMissing
    try:
        size = _size_of(storage, key)
        if size > MAX_BYTES:
            raise FileTooLarge(filename, size, MAX_BYTES)
        with storage.open(key) as file:
            kept = keep_image(storage, tenant_id, file.read(), filename)
    except Invalid:
        storage.delete(key)
        raise
    storage.delete(key)
    return kept


def _size_of(storage: MediaStorage, key: str) -> int:
    try:
        return storage.size(key)
    except MediaMissing:
        # The address of the request is right, only what its body names is not there: 422 and not 404.
        raise UploadMissing from None
