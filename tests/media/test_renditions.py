"""Renditions: fixed widths, never larger than the original, made once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from souk.media.errors import MediaMissing, WidthRefused
from souk.media.renditions import delete_image, rendition
from souk.media.storage import LocalStorage


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path)


def keep(storage: LocalStorage, size: tuple[int, int], kind: str = "JPEG", mode: str = "RGB") -> None:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, kind)
    storage.put("t1/pic", buffer.getvalue(), "image/jpeg")


@pytest.mark.parametrize(
    ("width", "size"), [(165, (165, 110)), (720, (720, 480)), (1066, (900, 600)), (1500, (900, 600))]
)
def test_a_rendition_has_the_width_asked_for_but_is_never_enlarged(
    storage: LocalStorage, width: int, size: tuple[int, int]
) -> None:
    keep(storage, (900, 600))

    picture = Image.open(io.BytesIO(rendition(storage, "t1/pic", width)[0]))

    assert (picture.format, picture.size) == ("WEBP", size)


def test_transparency_is_kept(storage: LocalStorage) -> None:
    keep(storage, (400, 400), "PNG", "RGBA")

    picture = Image.open(io.BytesIO(rendition(storage, "t1/pic", 360)[0]))

    assert picture.mode == "RGBA"


def test_previews_of_links_are_jpeg_on_white(storage: LocalStorage) -> None:
    keep(storage, (400, 400), "PNG", "RGBA")

    data, kind = rendition(storage, "t1/pic", 360, jpeg=True)

    picture = Image.open(io.BytesIO(data))
    assert (kind, picture.format, picture.size) == ("image/jpeg", "JPEG", (360, 360))
    assert picture.getpixel((9, 9)) == (255, 255, 255)


def test_a_rendition_is_made_once(storage: LocalStorage) -> None:
    keep(storage, (900, 600))
    first = rendition(storage, "t1/pic", 360)[0]
    storage.delete("t1/pic")

    assert rendition(storage, "t1/pic", 360)[0] == first


@pytest.mark.parametrize("width", [0, -1, 164, 166, 1501, 100_000])
def test_other_widths_are_refused_and_store_nothing(storage: LocalStorage, tmp_path: Path, width: int) -> None:
    keep(storage, (900, 600))

    with pytest.raises(WidthRefused):
        rendition(storage, "t1/pic", width)

    assert [path.name for path in (tmp_path / "t1").iterdir()] == ["pic"]


def test_another_shop_gets_no_rendition(storage: LocalStorage) -> None:
    keep(storage, (900, 600))

    with pytest.raises(MediaMissing):
        rendition(storage, "t2/pic", 360)


def test_deleting_takes_the_renditions_along(storage: LocalStorage) -> None:
    keep(storage, (900, 600))
    rendition(storage, "t1/pic", 360)
    rendition(storage, "t1/pic", 360, jpeg=True)

    delete_image(storage, "t1/pic")

    assert list(storage.files("t1/")) == []
