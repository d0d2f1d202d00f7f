"""Hostile pictures, each looked into by a process apart that may die of it."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from souk.kernel.errors import SoukError
from souk.media import press
from souk.media.errors import (
    FileTooLarge,
    ImageTooCostly,
    MalformedImage,
    SvgRefused,
    TooManyPixels,
    UnknownFileType,
)
from souk.media.press import check_apart, render_apart
from souk.media.renditions import WIDTHS, best_rendition
from souk.media.storage import LocalStorage


def encoded(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 120).save(buffer, kind)
    return buffer.getvalue()


def png_of(width: int, height: int, pixels: bytes) -> bytes:
    """Return a PNG whose header claims a size that its data need not have."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


HOSTILE: list[tuple[str, bytes, type[SoukError]]] = [
    ("a bomb in its header", png_of(60_000, 60_000, b""), TooManyPixels),
    ("a bomb in its data", encoded("PNG", (9_000, 9_000), "L"), TooManyPixels),
    ("cut off", encoded("JPEG")[:200], MalformedImage),
    ("pixels that are missing", png_of(4_000, 4_000, b"\x00"), MalformedImage),
    ("only a signature", b"\x89PNG\r\n\x1a\n", MalformedImage),
    ("a GIF of nothing", b"GIF89a" + b"\xff" * 64, MalformedImage),
    ("a WebP of noise", b"RIFF\x40\x00\x00\x00WEBPVP8 " + bytes(range(60)), MalformedImage),
    ("an AVIF of noise", b"\x00\x00\x00\x20ftypavif" + bytes(range(200)), MalformedImage),
    ("a page", b"<!doctype html><script>alert(1)</script>", UnknownFileType),
    ("a drawing without a size", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", SvgRefused),
    ("a program", b"MZ" + b"\x00" * 200, UnknownFileType),
    ("nothing", b"", UnknownFileType),
]


@pytest.mark.parametrize(("data", "error"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_file_is_refused_with_a_sentence(data: bytes, error: type[SoukError]) -> None:
    with pytest.raises(error) as refused:
        check_apart(data, "chair.jpg")

    assert "chair.jpg" in refused.value.detail


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_good_picture_passes_whatever_its_name(kind: str) -> None:
    checked = check_apart(encoded(kind), "virus.exe")

    assert (checked.width, checked.height) == (40, 30)


def test_a_file_of_too_many_bytes_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MAX_BYTES", 10)
    monkeypatch.setattr(press, "_MODULE", "no.such.module")

    with pytest.raises(FileTooLarge):
        check_apart(encoded(), "chair.png")


def test_a_child_that_dies_refuses_the_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_MODULE", "no.such.module")

    with pytest.raises(ImageTooCostly):
        check_apart(encoded(), "chair.png")


def test_a_child_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "SECONDS", 0.01)

    with pytest.raises(ImageTooCostly):
        check_apart(encoded("PNG", (3_000, 3_000)), "chair.png")


def test_the_child_sees_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")

    assert sorted(press._environment()) == ["LC_ALL", "PATH", "PYTHONPATH"]


def test_every_width_is_made_in_both_formats_and_never_enlarged() -> None:
    made = render_apart(encoded("PNG", (700, 350)), "chair.png")

    assert [one.name for one in made] == [f"w{width}.{kind}" for width in WIDTHS for kind in ("webp", "avif")]
    for one in made:
        with Image.open(io.BytesIO(one.data)) as image:
            assert f"image/{(image.format or '').lower()}" == one.content_type
            assert image.width == min(int(one.name[1:].partition(".")[0]), 700)


def test_a_browser_gets_avif_once_it_is_made_and_webp_before(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.put("t1/chair", encoded("PNG", (400, 300)), "image/png")

    early = best_rendition(storage, "t1/chair", 360, takes_avif=True)
    storage.put("t1/chair.w360.avif", b"avif", "image/avif")
    late = best_rendition(storage, "t1/chair", 360, takes_avif=True)
    old = best_rendition(storage, "t1/chair", 360, takes_avif=False)

    assert (early[1], late, old[1]) == ("image/webp", (b"avif", "image/avif"), "image/webp")
