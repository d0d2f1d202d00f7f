"""One contract for every media storage: the local folder and S3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from souk.kernel.object_store_s3 import S3Storage
from souk.media.errors import BadStorageKey, MediaMissing
from souk.media.storage import LocalStorage, MediaStorage, checked_key


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MediaStorage:
    if request.param == "local":
        return LocalStorage(tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    endpoint = request.getfixturevalue("s3_endpoint")
    bucket = f"shop-media-{tmp_path.name.replace('_', '-').lower()}"[:60].rstrip("-")
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=bucket)
    return S3Storage(bucket, endpoint_url=endpoint, checked_key=checked_key, missing=MediaMissing)


def test_what_is_put_is_read_back(storage: MediaStorage) -> None:
    storage.put("t1/abc", b"\x00\xffpicture", "image/png")

    with storage.open("t1/abc") as file:
        assert file.read() == b"\x00\xffpicture"


def test_putting_again_replaces(storage: MediaStorage) -> None:
    storage.put("t1/abc", b"first, and longer", "image/png")

    storage.put("t1/abc", b"second", "image/png")

    with storage.open("t1/abc") as file:
        assert file.read() == b"second"


def test_another_shop_does_not_see_the_key(storage: MediaStorage) -> None:
    storage.put("t1/abc", b"mine", "image/png")

    assert storage.exists("t1/abc") is True
    assert storage.exists("t2/abc") is False
    with pytest.raises(MediaMissing):
        storage.open("t2/abc")


def test_deleting_forgets_and_may_be_repeated(storage: MediaStorage) -> None:
    storage.put("t1/abc", b"mine", "image/png")

    storage.delete("t1/abc")
    storage.delete("t1/abc")

    assert storage.exists("t1/abc") is False


def test_a_folder_is_no_file(storage: MediaStorage) -> None:
    storage.put("t1/abc", b"mine", "image/png")

    assert storage.exists("t1") is False
    with pytest.raises(MediaMissing):
        storage.open("t1")


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../up", "t1/../../up", "t1//a", "t1/A", "t1/a\x00", "t1/.hidden", "a" * 201]
)
def test_keys_that_could_leave_the_storage_are_refused(storage: MediaStorage, key: str) -> None:
    with pytest.raises(BadStorageKey):
        storage.put(key, b"x", "image/png")
    with pytest.raises(BadStorageKey):
        storage.open(key)
    with pytest.raises(BadStorageKey):
        storage.exists(key)


def test_the_address_names_the_key(storage: MediaStorage) -> None:
    assert "/t1/abc" in storage.url("t1/abc")
