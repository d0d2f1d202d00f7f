"""Uploads are judged by their bytes: good ones are cleaned, hostile ones refused with the reason."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from souk.kernel.errors import Invalid
from souk.media.check import MAX_BYTES, check_image
from souk.media.errors import FileTooLarge, MalformedImage, SvgRefused, TooManyPixels, UnknownFileType

_ORIENTATION = 0x0112
_MAKER = 0x010F


def encoded(kind: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 80, 40)).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("AVIF", "image/avif"),
        ("GIF", "image/gif"),
    ],
)
def test_pictures_are_known_by_content_not_by_name(kind: str, content_type: str) -> None:
    checked = check_image(encoded(kind), "invoice.pdf")

    assert (checked.content_type, checked.width, checked.height) == (content_type, 40, 20)


def test_a_clean_picture_is_kept_byte_for_byte() -> None:
    data = encoded("PNG")

    assert check_image(data, "a.png").data == data


def test_orientation_is_applied_and_metadata_removed() -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    exif[_MAKER] = "secret camera"

    checked = check_image(encoded("JPEG", exif=exif), "a.jpg")

    assert (checked.width, checked.height) == (20, 40)
    assert b"secret camera" not in checked.data
    assert not Image.open(io.BytesIO(checked.data)).getexif()


def test_a_text_chunk_is_removed() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "home address")

    checked = check_image(encoded("PNG", pnginfo=info), "a.png")

    assert b"home address" not in checked.data


def test_a_decompression_bomb_is_refused_from_its_header() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")

    with pytest.raises(TooManyPixels):
        check_image(bomb, "bomb.png")


def test_more_pixels_than_allowed_are_refused() -> None:
    buffer = io.BytesIO()
    Image.new("1", (10_000, 5_001)).save(buffer, "PNG")

    with pytest.raises(TooManyPixels):
        check_image(buffer.getvalue(), "wide.png")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_cut_off_picture_is_refused(kind: str) -> None:
    data = encoded(kind, (300, 300))

    with pytest.raises(MalformedImage):
        check_image(data[: len(data) // 2], "half")


@pytest.mark.parametrize(
    "head", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"GIF89a", b"\0\0\0 ftypavif"]
)
def test_a_right_beginning_with_rubbish_behind_is_refused(head: bytes) -> None:
    with pytest.raises(MalformedImage):
        check_image(head + b"<?php system($_GET[0]); ?>" * 40, "shell.jpg")


@pytest.mark.parametrize("data", [b"", b"MZ\x90\0", b"%PDF-1.7", b"<html><script>", b"BM" + b"\0" * 60])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(UnknownFileType):
        check_image(data, "photo.jpg")


def test_a_broken_drawing_is_refused_with_its_own_reason() -> None:
    with pytest.raises(SvgRefused, match="no well-formed XML; export it again as plain SVG, or upload it as PNG"):
        check_image(b'<?xml version="1.0"?>\n<svg onload="alert(1)">', "logo.png")


def test_a_file_beyond_the_limit_is_refused_unread() -> None:
    with pytest.raises(FileTooLarge) as refusal:
        check_image(b"\xff\xd8\xff" + bytes(MAX_BYTES), "big.jpg")

    assert isinstance(refusal.value, Invalid)
