"""One contract for every media storage: the local folder and S3."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from souk.kernel.object_store_s3 import S3Storage
from souk.media import incoming
from souk.media.errors import BadStorageKey, FileTooLarge, MediaMissing, UnknownFileType
from souk.media.incoming import UploadMissing, take_upload
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
    return S3Storage(
        bucket, endpoint_url=endpoint, public_endpoint_url=endpoint, checked_key=checked_key, missing=MediaMissing
    )


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


def test_the_size_is_told_without_reading(storage: MediaStorage) -> None:
    storage.put("t1/abc", b"12345", "image/png")

    assert storage.size("t1/abc") == 5
    with pytest.raises(MediaMissing):
        storage.size("t2/abc")


def test_a_browser_sends_one_file_with_a_signed_form_where_the_storage_takes_it(storage: MediaStorage) -> None:
    form = storage.upload_form("incoming/t1/abc", "image/png", 1_000)
    if isinstance(storage, LocalStorage):
        assert (form, storage.upload_origin) == (None, "")
        return

    assert form is not None
    url, fields = form
    sent = httpx.post(url, data=dict(fields), files={"file": ("chair.png", b"picture", "image/png")})
    policy = json.loads(base64.b64decode(fields["policy"]))

    assert sent.status_code == 204
    assert url.startswith(storage.upload_origin + "/")
    with storage.open("incoming/t1/abc") as file:
        assert file.read() == b"picture"
    # What the store enforces: this key, this type, this size, and not for long.
    assert {"key": "incoming/t1/abc"} in policy["conditions"]
    assert {"Content-Type": "image/png"} in policy["conditions"]
    assert ["content-length-range", 1, 1_000] in policy["conditions"]
    until = datetime.fromisoformat(policy["expiration"]) - datetime.now(UTC)
    assert timedelta(minutes=8) < until <= timedelta(minutes=10)


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(buffer, "PNG")
    return buffer.getvalue()


KEY = "incoming/t1/" + "a" * 32


def test_what_was_sent_becomes_a_picture_by_its_content(storage: MediaStorage) -> None:
    storage.put(KEY, picture(), "image/jpeg")

    kept = take_upload(storage, 1, KEY, "chair.jpg")

    assert (kept.content_type, kept.width, kept.height, kept.filename) == ("image/png", 4, 3, "chair.jpg")
    assert (storage.exists(kept.storage_key), storage.exists(KEY)) == (True, False)
    with pytest.raises(UploadMissing):
        take_upload(storage, 1, KEY, "chair.jpg")


def test_what_is_no_picture_is_refused_and_gone(storage: MediaStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.put(KEY, b"<!doctype html><script>alert(1)</script>", "image/png")
    with pytest.raises(UnknownFileType):
        take_upload(storage, 1, KEY, "chair.png")
    gone = not storage.exists(KEY)
    monkeypatch.setattr(incoming, "MAX_BYTES", 10)
    storage.put(KEY, picture(), "image/png")
    with pytest.raises(FileTooLarge):
        take_upload(storage, 1, KEY, "chair.png")

    assert (gone, storage.exists(KEY), storage.exists("t1")) == (True, False, False)


@pytest.mark.parametrize("key", [KEY.replace("t1", "t2"), "t1/abc", "incoming/t1/../t2/abc", "incoming/t1/", "", "\0"])
def test_only_an_upload_of_this_shop_is_taken(storage: MediaStorage, key: str) -> None:
    storage.put("t1/abc", picture(), "image/png")
    storage.put(KEY.replace("t1", "t2"), picture(), "image/png")

    with pytest.raises(UploadMissing):
        take_upload(storage, 1, key, "chair.png")

    assert (storage.exists("t1/abc"), storage.exists(KEY.replace("t1", "t2"))) == (True, True)


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


def test_files_are_listed_by_the_beginning_of_their_keys_with_their_age(storage: MediaStorage) -> None:
    begun = datetime.now(UTC) - timedelta(seconds=5)
    for key in ("t1/abc", "t1/abc.w165.webp", "t1/abd", "t10/abc", "files/t1/sold/x/00001"):
        storage.put(key, b"x", "image/png")

    assert {key for key, _ in storage.files("t1/")} == {"t1/abc", "t1/abc.w165.webp", "t1/abd"}
    assert {key for key, _ in storage.files("t1/abc")} == {"t1/abc", "t1/abc.w165.webp"}
    assert [key for key, _ in storage.files("files/t1/")] == ["files/t1/sold/x/00001"]
    assert list(storage.files("t3/")) == []
    assert all(begun <= written <= datetime.now(UTC) + timedelta(seconds=5) for _, written in storage.files("t1/"))
