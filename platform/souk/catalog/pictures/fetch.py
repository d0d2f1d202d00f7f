"""Bring a shop's due pictures; each stands or fails alone, and no product waits for any."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy.orm import Session

from souk.catalog.pictures.claim import Wanted, anything_due, claim_due
from souk.catalog.pictures.settle import note_failure, show_picture
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope
from souk.media.fetch.download import Downloader
from souk.media.fetch.errors import FetchFailed
from souk.media.storage import MediaStorage
from souk.media.store import keep_image

AT_ONCE = 4
ROUND = 8


def fetch_pictures(scope: TenantScope, storage: MediaStorage, downloader: Downloader, *, rounds: int = 50) -> int:
    """Fetch what is due, in rounds of eight; returns how many pictures were brought."""
    brought = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures") as pool:
        for _ in range(rounds):
            with transaction(scope) as session:
                wanted = claim_due(session, ROUND)
            if not wanted:
                break
            # Waiting for servers is shared among threads; writing stays in this one.
            for settle in pool.map(partial(_bring, scope, storage, downloader), wanted):
                with transaction(scope) as session:
                    brought += bool(settle(session))
    return brought


def ask_for_due(scope: TenantScope) -> None:
    """Tell the worker that pictures wait: those of a retry, or of a worker that died."""
    with transaction(scope) as session:
        if anything_due(session):
            publish(session, Event("media.wanted", 0))


def _bring(
    scope: TenantScope, storage: MediaStorage, downloader: Downloader, wanted: Wanted
) -> Callable[[Session], bool | None]:
    """Fetch, check and store one picture outside any transaction; returns what is left to write."""
    name = wanted.url.partition("?")[0].rpartition("/")[2] or "picture"
    try:
        kept = keep_image(storage, scope.tenant_id, downloader.fetch(wanted.url), name)
    except SoukError as error:
        again = isinstance(error, FetchFailed) and error.again
        return partial(note_failure, wanted=wanted, error=error, again=again)
    return partial(show_picture, wanted=wanted, kept=kept)
