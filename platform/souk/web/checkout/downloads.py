"""The page of a bought file, and the file itself. Looking counts nothing: mail scanners open every link."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from flask import Response, g
from werkzeug.wrappers import Response as BaseResponse

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Gone
from souk.media.configured import media_storage
from souk.media.parts import open_parts, part_key
from souk.media.storage import MediaStorage
from souk.orders.downloads.errors import UnknownDownload
from souk.orders.downloads.read import read_download
from souk.orders.downloads.take import Taken, take_download
from souk.web.checkout.branding import read_branding
from souk.web.checkout.render import page
from souk.web.file_size import size_of

CHUNK = 256 * 1024
# Why a download has ended, below `errors.` of the texts.
ENDED = {"stopped": "download_stopped", "expired": "download_expired", "used_up": "downloads_used_up"}


@lru_cache(maxsize=1)
def storage() -> MediaStorage:
    return media_storage(config())


def download_page(token: str) -> BaseResponse:
    with transaction(g.shop.scope, read_only=True) as session:
        found, brand = read_download(session, token), read_branding(session)
    status = 410 if found.status in ENDED else 200
    return page("download.html", brand, status=status, found=found, ended=ENDED.get(found.status), size=size_of)


def download(token: str) -> BaseResponse:
    """Count the download and send the file; one that cannot be had any more is 410 with its reason."""
    with transaction(g.shop.scope, read_only=True) as session:
        lies_at = read_download(session, token)
    try:
        with transaction(g.shop.scope) as session:
            taken = take_download(session, token)
            # Within the transaction: a file that the storage lost must not cost the buyer a download.
            if not storage().exists(part_key(taken.storage_key, 1)):
                raise UnknownDownload
    except Gone:
        return download_page(lies_at.token)
    return _file(taken)


def _file(taken: Taken) -> Response:
    response = Response(_chunks(taken), content_type="application/octet-stream")
    response.headers["Content-Length"] = str(taken.byte_size)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(taken.filename)}"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _chunks(taken: Taken) -> Iterator[bytes]:
    reader = io.BufferedReader(open_parts(storage(), taken.storage_key, taken.parts), CHUNK)
    while chunk := reader.read(CHUNK):
        yield chunk
