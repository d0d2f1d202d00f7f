"""Themes of a shop's own: files kept by their content, and loaded once a process."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from time import monotonic

import structlog

from souk.kernel.errors import SoukError
from souk.media.storage import MediaStorage
from themes.errors import ThemeError
from themes.files import ThemeFiles, digest
from themes.theme import Theme, load_builtin

log = structlog.get_logger(__name__)
Manifest = Mapping[str, str]
FALLBACK = "bazaar"
MAX_THEMES = 64
# Storage that is away for a moment must not leave a shop in another look for the life of the process.
RETRY_SECONDS = 30.0


class ThemeNotLoaded(ThemeError):
    """Raised inside a transaction, where nothing may be fetched; its catcher loads `manifest` and begins again."""

    code = "theme_not_loaded"

    def __init__(self, manifest: Manifest) -> None:
        super().__init__("The theme is not in memory yet; load it outside the transaction and try again.")
        self.manifest = manifest


class FileDamaged(ThemeError):
    code = "theme_file_damaged"

    def __init__(self, path: str) -> None:
        super().__init__(f"The stored file {path} is not what was pushed; push the theme again.")


def keep_files(storage: MediaStorage, files: ThemeFiles) -> dict[str, str]:
    """Store what is not stored yet; return the manifest, SHA-256 by path. Call it outside of any transaction."""
    manifest = {path: digest(content) for path, content in files.items()}
    for path, sha256 in manifest.items():
        if not storage.exists(_key(sha256)):
            storage.put(_key(sha256), files[path], "application/octet-stream")
    return manifest


def read_files(storage: MediaStorage, manifest: Manifest) -> dict[str, bytes]:
    """Return the files of a manifest, each checked against its hash."""
    return {path: _read(storage, path, sha256) for path, sha256 in manifest.items()}


def _read(storage: MediaStorage, path: str, sha256: str) -> bytes:
    with storage.open(_key(sha256)) as file:
        content = file.read()
    if digest(content) != sha256:
        raise FileDamaged(path)
    return content


def _key(sha256: str) -> str:
    return f"themes/{sha256[:2]}/{sha256}"


class LoadedThemes:
    """Whole themes by manifest; a page sees all files of one version or all of another."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[Theme, float | None]] = OrderedDict()
        self._lock = Lock()

    def get(self, manifest: Manifest) -> Theme:
        """Return the theme of a manifest; raises ThemeNotLoaded."""
        key = _name(manifest)
        with self._lock:
            found = self._found.get(key)
            if found is None or (found[1] is not None and found[1] < monotonic()):
                raise ThemeNotLoaded(manifest)
            self._found.move_to_end(key)
            return found[0]

    def load(self, storage: MediaStorage, manifest: Manifest) -> None:
        """Read and compile; a theme that cannot be had is replaced by the built-in one, so that the shop stays open."""
        until = None
        try:
            theme = Theme("own", read_files(storage, manifest))
        except SoukError as error:
            log.error("theme_not_loaded", error=str(error))  # noqa: TRY400 - the sentence says it all
            theme, until = load_builtin(FALLBACK), monotonic() + RETRY_SECONDS
        with self._lock:
            self._found[_name(manifest)] = (theme, until)
            while len(self._found) > MAX_THEMES:
                self._found.popitem(last=False)


def _name(manifest: Manifest) -> str:
    return digest(json.dumps(dict(manifest), sort_keys=True).encode())


loaded = LoadedThemes()
