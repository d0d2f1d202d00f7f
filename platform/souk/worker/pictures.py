"""Make the sizes of stored pictures and fetch those that lie elsewhere, in a thread of their own.

Both take seconds for one picture and hours for a catalogue: neither mails nor imports may queue behind them.
"""

from __future__ import annotations

from souk.catalog.pictures.fetch import fetch_pictures
from souk.kernel.config import config
from souk.kernel.outbox import Job, once
from souk.media.configured import media_storage
from souk.media.fetch.download import Downloader
from souk.media.prepare import prepare_picture
from souk.worker.bulk import Bulk

pictures = Bulk()


def prepare(job: Job) -> None:
    """Consume `media.created`."""
    prepare_picture(job, media_storage(config()))


def fetch(job: Job) -> None:
    """Consume `media.wanted` and `import.finished`; what a death leaves undone is asked for again by the sweep."""
    fetch_pictures(job.scope, media_storage(config()), Downloader())
    with once(job):
        pass
