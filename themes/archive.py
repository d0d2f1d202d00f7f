"""Themes as ZIP files: packed the same way each time, unpacked only within limits."""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib

from souk.kernel.errors import Invalid
from themes.files import ThemeFiles
from themes.validation.names import MAX_FILES, MAX_TOTAL, MB

MAX_PACKED = 50 * MB
# Text rarely packs better than 1:20; a bomb packs 1:1000.
MAX_RATIO = 20
_SMALL = 64 * 1024
_DATE = (1980, 1, 1, 0, 0, 0)


class ArchiveRefused(Invalid):
    code = "theme_archive"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The ZIP file cannot be used: {reason}.")


def pack(files: ThemeFiles) -> bytes:
    """Return a ZIP of the theme; equal themes give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


# What the library raises for a file that is cut off, encrypted or made of noise: each way of packing has its own.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, NotImplementedError, RuntimeError, EOFError, ValueError,
)  # fmt: skip


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP, in memory and never on disk; a single folder around all is taken off."""
    if len(content) > MAX_PACKED:
        raise ArchiveRefused(f"it has more than {MAX_PACKED // MB} MB; make its assets smaller")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries)
            files = {entry.filename: _read(archive, entry) for entry in entries}
    except _BROKEN as error:
        raise ArchiveRefused(f"it is damaged or encrypted ({error}); pack it anew") from error
    return _unwrapped(files)


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES:
        raise ArchiveRefused(f"it has more than {MAX_FILES} files; remove some")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise ArchiveRefused(f"it unpacks to more than {MAX_TOTAL // MB} MB; make its assets smaller")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise ArchiveRefused("it holds two files of one name; pack it anew")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or "\0" in name or ":" in name or not {"", ".", ".."}.isdisjoint(parts):
        raise ArchiveRefused(f"the name {name!r} leads outside the theme; rename the file")
    if kind and kind != stat.S_IFREG:
        raise ArchiveRefused(f"{name!r} is a link or a device; replace it by a file")
    if entry.file_size > _SMALL and entry.file_size > entry.compress_size * MAX_RATIO:
        raise ArchiveRefused(f"{name!r} unpacks to more than {MAX_RATIO} times its size; pack it anew")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # The directory of a ZIP can lie about sizes: never read more than it says.
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise ArchiveRefused(f"{entry.filename!r} has another size than the ZIP says; pack it anew")
    return content


def _unwrapped(files: dict[str, bytes]) -> dict[str, bytes]:
    kept = {path: content for path, content in files.items() if not _is_litter(path)}
    tops = {path.partition("/")[0] for path in kept}
    if "theme.json" in kept or len(tops) != 1:
        return kept
    top = f"{tops.pop()}/"
    return {path.removeprefix(top): content for path, content in kept.items()} if f"{top}theme.json" in kept else kept


def _is_litter(path: str) -> bool:
    return path.startswith("__MACOSX/") or any(part.startswith(".") for part in path.split("/"))
