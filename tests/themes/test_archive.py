"""ZIP files of themes: what is packed comes back, and what is hostile is refused in memory."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping

import pytest

from tests.themes.small import small_theme
from themes import archive
from themes.archive import ArchiveRefused, pack, unpack


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def test_what_is_packed_comes_back() -> None:
    files = small_theme()

    assert unpack(pack(files)) == files


def test_a_folder_around_all_and_litter_are_taken_off() -> None:
    files = {f"my-theme/{path}": content for path, content in small_theme().items()}

    found = unpack(zipped({**files, "__MACOSX/my-theme/._theme.json": b"x", "my-theme/.DS_Store": b"x"}))

    assert found == small_theme()


@pytest.mark.parametrize(
    "name", ["../evil.html", "/etc/passwd", "a/../../b", "C:/windows", "a\\..\\b", "assets//a.css", "./theme.json"]
)
def test_names_that_lead_outside_are_refused(name: str) -> None:
    with pytest.raises(ArchiveRefused, match="leads outside"):
        unpack(zipped({name: b"x"}))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_are_refused(kind: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        entry = zipfile.ZipInfo("assets/a.css")
        entry.external_attr = (kind | 0o777) << 16
        made.writestr(entry, "/etc/passwd")

    with pytest.raises(ArchiveRefused, match="link or a device"):
        unpack(buffer.getvalue())


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    with pytest.raises(ArchiveRefused, match="20 times"):
        unpack(zipped({"assets/a.css": b"\0" * 10_000_000}))


def test_too_many_files_are_refused() -> None:
    with pytest.raises(ArchiveRefused, match="more than 1500 files"):
        unpack(zipped({f"assets/{n}.css": b"" for n in range(1501)}))


def test_too_much_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL", 1000)

    with pytest.raises(ArchiveRefused, match="unpacks to more"):
        unpack(zipped({"assets/a.css": b"abcdefgh" * 200}))


def test_a_packed_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_PACKED", 10)

    with pytest.raises(ArchiveRefused, match="make its assets smaller"):
        unpack(zipped(small_theme()))


def test_a_lie_about_the_size_is_found() -> None:
    content = bytearray(zipped({"assets/a.css": b"abcdefgh" * 20}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (7).to_bytes(4, "little")

    with pytest.raises(ArchiveRefused):
        unpack(bytes(content))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("theme.json", "{}")
        made.writestr("theme.json", "[]")

    with pytest.raises(ArchiveRefused, match="two files of one name"):
        unpack(buffer.getvalue())


@pytest.mark.parametrize("way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_noise_in_the_middle_of_a_file_is_refused(way: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", way) as made:
        made.writestr("theme.json", "{}" * 500)
    content = bytearray(buffer.getvalue())
    begin = 30 + len("theme.json")
    content[begin : begin + 12] = b"\xff" * 12

    with pytest.raises(ArchiveRefused, match="damaged"):
        unpack(bytes(content))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 100, zipped(small_theme())[:-30]])
def test_a_damaged_file_is_refused(content: bytes) -> None:
    with pytest.raises(ArchiveRefused, match="damaged"):
        unpack(content)
