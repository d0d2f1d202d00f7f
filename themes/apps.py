"""Blocks that apps bring along.

An app's files are a small theme of their own: blocks, and the snippets, assets and texts that these use. They are
compiled when the app is installed, and a block's code meets the app's files only, within a budget of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from themes.errors import ThemeError
from themes.files import ThemeFiles
from themes.schema import Schema, Settings, settings_of
from themes.settings import SettingsDrop, typed_all
from themes.theme import Theme

APP = "@app/"
MAX_APP_BLOCKS = 30
MAX_APP_CODE = 100 * 1024
_FOLDERS = ("blocks/", "snippets/", "assets/", "locales/")


class AppFilesRefused(ThemeError):
    """An app's files cannot be used; nothing of them was installed."""


class AppBlockMissing(ThemeError):
    """A shop's theme names a block that cannot be drawn; the text says why, for the merchant."""


@dataclass(frozen=True, slots=True)
class App:
    """`declared` are the settings of the app as a whole; `used` says that a shop which chose nothing uses it."""

    id: str
    name: str
    theme: Theme
    declared: Settings
    used: bool = False

    def settings(self, values: Mapping[str, Any]) -> SettingsDrop:
        """Return what a merchant set for the app, typed, with the defaults of what was not set."""
        return SettingsDrop(typed_all(self.declared, values, {}), None)

    def blocks(self) -> list[str]:
        """Return the names of its blocks, without those that only its own files may draw."""
        names = [path[7:-5] for path in self.theme.files if path.startswith("blocks/")]
        return sorted(name for name in names if not name.startswith("_"))


_installed: dict[str, App] = {}


def install(app_id: str, name: str, files: ThemeFiles, settings: Any = (), *, used: bool = False) -> App:
    """Compile an app's files and let every theme place its blocks; raises AppFilesRefused and ThemeFileInvalid."""
    strange = [path for path in files if not path.startswith(_FOLDERS)]
    if strange:
        raise AppFilesRefused(f"An app has {', '.join(_FOLDERS)} and nothing else; move {strange[0]}.")
    app = App(app_id, name, Theme(app_id, files), settings_of(list(settings)), used)
    if not 0 < len(app.blocks()) <= MAX_APP_BLOCKS:
        raise AppFilesRefused(f"An app has 1 to {MAX_APP_BLOCKS} blocks; it has {len(app.blocks())}.")
    code = sum(len(content) for path, content in files.items() if path.endswith(".html"))
    if code > MAX_APP_CODE:
        raise AppFilesRefused(f"The code of an app's blocks has at most {MAX_APP_CODE // 1024} KB; make it shorter.")
    _installed[app_id] = app
    return app


def uninstall(app_id: str) -> None:
    _installed.pop(app_id, None)


def installed() -> list[App]:
    """Return the apps that have blocks, by name."""
    return sorted(_installed.values(), key=lambda app: app.name.lower())


def place_of_block(block_type: str) -> tuple[str, str]:
    """Return (app, block) of a type such as `@app/reviews/stars`."""
    app_id, _, name = block_type.removeprefix(APP).partition("/")
    return app_id, name


def schema_of_app_block(block_type: str) -> Schema | None:
    """Return what a block of an app declares; None where no such block is installed."""
    app_id, name = place_of_block(block_type)
    app = _installed.get(app_id)
    return app.theme.file(f"blocks/{name}.html").schema if app and name in app.blocks() else None


def find_app(block_type: str, used: Mapping[str, Any]) -> App:
    """Return the app of a block; raises AppBlockMissing unless its id is among `used`, those that are on."""
    app_id, name = place_of_block(block_type)
    app = _installed.get(app_id)
    if app is None:
        raise AppBlockMissing(f"The app {app_id!r} is not installed; remove this block.")
    if name not in app.blocks():
        raise AppBlockMissing(f"{app.name} has no block {name!r} any more; remove this block.")
    if app_id not in used:
        raise AppBlockMissing(f"{app.name} is switched off in this shop; switch it on, or remove this block.")
    return app


def apps_in_use(used: Mapping[str, Any]) -> list[App]:
    return [app for app in installed() if app.id in used]


def apps_of(types: Iterator[str], used: Mapping[str, Any]) -> list[App]:
    """Return the apps that are on and whose blocks are among `types`, each once."""
    ids = dict.fromkeys(place_of_block(kind)[0] for kind in types if kind.startswith(APP))
    return [_installed[app_id] for app_id in ids if app_id in _installed and app_id in used]
