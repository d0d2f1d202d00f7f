"""Keeps files in an S3 bucket; satisfies the storage Protocol of the media domain without importing it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

import boto3
from botocore.config import Config as BotoConfig
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

_MISSING = {"404", "NoSuchKey", "NotFound"}
_URL_SECONDS = 3600
_UPLOAD_SECONDS = 600


class S3Storage:
    """`checked_key` and `missing` come from the domain that owns the Protocol: its key rule, its error.

    `public_endpoint_url` is where browsers reach the store: empty for that of Amazon, None where they do not.
    """

    def __init__(
        self,
        bucket: str,
        *,
        endpoint_url: str = "",
        public_endpoint_url: str | None = None,
        checked_key: Callable[[str], str],
        missing: Callable[[str], Exception],
    ) -> None:
        self._bucket = bucket
        self._checked = checked_key
        self._missing = missing
        # Path style works with every S3-compatible store; without time-outs a dead store holds requests.
        options = BotoConfig(
            connect_timeout=3, read_timeout=15, retries={"max_attempts": 3}, s3={"addressing_style": "path"}
        )
        self._client: Any = boto3.client("s3", endpoint_url=endpoint_url or None, config=options)
        # A signature covers the host: that of our own network would be refused at the public one.
        self._signer: Any = None
        if public_endpoint_url is not None:
            self._signer = boto3.client("s3", endpoint_url=public_endpoint_url or None, config=options)

    def put(self, key: str, data: bytes, content_type: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=self._checked(key), Body=data, ContentType=content_type)

    def open(self, key: str) -> BinaryIO:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._checked(key))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING:
                raise self._missing(key) from error
            raise
        return io.BytesIO(answer["Body"].read())

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=self._checked(key))

    def exists(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=self._checked(key))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING:
                return False
            raise
        return True

    def size(self, key: str) -> int:
        try:
            return int(self._client.head_object(Bucket=self._bucket, Key=self._checked(key))["ContentLength"])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING:
                raise self._missing(key) from error
            raise

    def files(self, beginning: str) -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=beginning)
        for page in pages:
            for each in page.get("Contents", ()):
                yield each["Key"], each["LastModified"]

    def upload_form(self, key: str, content_type: str, most_bytes: int) -> tuple[str, Mapping[str, str]] | None:
        """Sign a form for this one key, this type and at most so many bytes: the store refuses every other file."""
        self._checked(key)
        if self._signer is None:
            return None
        signed = self._signer.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, most_bytes]],
            ExpiresIn=_UPLOAD_SECONDS,
        )
        return signed["url"], signed["fields"]

    @property
    def upload_origin(self) -> str:
        if self._signer is None:
            return ""
        parts = urlsplit(str(self._signer.meta.endpoint_url))
        return f"{parts.scheme}://{parts.netloc}"

    def url(self, key: str) -> str:
        """Return a signed address that works for an hour; the bucket itself stays private."""
        return str(
            self._client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket, "Key": self._checked(key)},
                ExpiresIn=_URL_SECONDS,
            )
        )
