"""Chooses the storage of this process."""

from __future__ import annotations

from functools import lru_cache

from souk.kernel.config import Config
from souk.media.errors import MediaMissing
from souk.media.storage import LocalStorage, MediaStorage, checked_key


@lru_cache(maxsize=4)
def media_storage(config: Config) -> MediaStorage:
    """Return the S3 bucket where S3_BUCKET names one, else the folder `media` under SOUK_HOME.

    Browsers send pictures straight to Amazon, or to S3_PUBLIC_ENDPOINT_URL; a store within our network they do not
    reach.
    """
    if config.s3_bucket:
        # boto3 costs each process half a second and 20 MB, which a folder does not need.
        from souk.kernel.object_store_s3 import S3Storage  # noqa: PLC0415

        return S3Storage(
            config.s3_bucket,
            endpoint_url=config.s3_endpoint_url,
            public_endpoint_url=config.s3_public_endpoint_url or (None if config.s3_endpoint_url else ""),
            checked_key=checked_key,
            missing=MediaMissing,
        )
    return LocalStorage(config.media_folder)
