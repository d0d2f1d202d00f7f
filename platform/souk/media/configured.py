"""Chooses the storage of this process."""

from __future__ import annotations

from souk.kernel.config import Config
from souk.media.errors import MediaMissing
from souk.media.storage import LocalStorage, MediaStorage, checked_key


def media_storage(config: Config) -> MediaStorage:
    """Return the S3 bucket where S3_BUCKET names one, else the folder `media` under SOUK_HOME."""
    if config.s3_bucket:
        # boto3 costs each process half a second and 20 MB, which a folder does not need.
        from souk.kernel.object_store_s3 import S3Storage  # noqa: PLC0415

        return S3Storage(
            config.s3_bucket,
            endpoint_url=config.s3_endpoint_url,
            checked_key=checked_key,
            missing=MediaMissing,
        )
    return LocalStorage(config.media_folder)
