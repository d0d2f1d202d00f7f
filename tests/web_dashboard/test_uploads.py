"""Pictures go straight to the storage where it takes them; what counts is what arrived, not what it was called."""

from __future__ import annotations

import io
from collections.abc import Iterator

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.models import Media
from tests.web_dashboard.conftest import SignedIn


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
        "S3_BUCKET": "pictures", "S3_ENDPOINT_URL": endpoint, "S3_PUBLIC_ENDPOINT_URL": endpoint,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="pictures")
    config.cache_clear()
    yield endpoint
    monkeypatch.undo()
    config.cache_clear()
    server.stop()


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(buffer, "PNG")
    return buffer.getvalue()


def count(scope: TenantScope) -> int:
    with transaction(scope, read_only=True) as session:
        return session.scalar(select(func.count(Media.id))) or 0


def offered(answer: TestResponse, content: bytes) -> str:
    """Send `content` as the browser does; returns the key to confirm."""
    offer = answer.get_json()
    assert httpx.post(offer["url"], data=offer["fields"], files={"file": content}).status_code == 204
    key: str = offer["key"]
    return key


def test_a_picture_is_sent_to_the_store_and_confirmed(bucket: str, signed_in: SignedIn, shop: TenantScope) -> None:
    owner, before = signed_in(shop, "owner"), count(shop)

    editor = owner.get("~/products/new")
    key = offered(owner.post("~/media/uploads", {"type": "image/png"}), picture())
    taken = owner.post("~/media/uploads/taken", {"key": key, "name": "chair.png"})
    repeated = owner.post("~/media/uploads/taken", {"key": key, "name": "chair.png"})

    assert f"connect-src 'self' {bucket}" in editor.headers["Content-Security-Policy"]
    assert 'data-direct="' in editor.text
    assert (taken.status_code, len(taken.get_json()["pictures"])) == (200, 1)
    assert (repeated.status_code, count(shop)) == (422, before + 1)


def test_what_is_no_picture_and_what_is_another_shops_becomes_none(
    bucket: str, signed_in: SignedIn, shop: TenantScope, other_shop: TenantScope
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    before = (count(shop), count(other_shop))
    page = offered(owner.post("~/media/uploads", {"type": "image/png"}), b"<!doctype html><script>alert(1)</script>")
    mine = offered(owner.post("~/media/uploads", {"type": "image/png"}), picture())

    refused = owner.post("~/media/uploads/taken", {"key": page, "name": "chair.png"})
    theirs = stranger.post("~/media/uploads/taken", {"key": mine, "name": "chair.png"})
    viewer = signed_in(shop, "viewer").post("~/media/uploads", {"type": "image/png"})
    program = owner.post("~/media/uploads", {"type": "text/html"})

    assert (refused.status_code, "is no JPEG" in refused.get_json()["error"]) == (422, True)
    assert (theirs.status_code, viewer.status_code, program.status_code) == (422, 403, 422)
    assert (count(shop), count(other_shop)) == before


def test_the_local_folder_takes_pictures_through_the_dashboard(signed_in: SignedIn, shop: TenantScope) -> None:
    owner = signed_in(shop, "owner")

    editor = owner.get("~/products/new")
    offer = owner.post("~/media/uploads", {"type": "image/png"})
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script/><path d="M0 0h9"/></svg>'
    sent = owner.post("~/media", {"pictures": (io.BytesIO(drawing), "logo.svg")})

    assert "data-direct" not in editor.text
    assert offer.status_code == 409
    assert sent.status_code == 200
    with transaction(shop, read_only=True) as session:
        assert session.scalar(select(Media.content_type).order_by(Media.id.desc()).limit(1)) == "image/svg+xml"
