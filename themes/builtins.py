"""The themes that come with the platform, with what an update is compared by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from themes.builtin_files import builtin_handles
from themes.files import digest
from themes.stored import Manifest
from themes.theme import load_builtin


@dataclass(frozen=True, slots=True)
class Builtin:
    """`manifest` names its files by path and SHA-256."""

    handle: str
    name: str
    version: str
    manifest: Manifest


@lru_cache(maxsize=1)
def builtin_themes() -> Mapping[str, Builtin]:
    """Return the platform's themes by handle, read once a process."""
    return MappingProxyType({handle: _builtin(handle) for handle in builtin_handles()})


def _builtin(handle: str) -> Builtin:
    files = load_builtin(handle).files
    facts = json.loads(files["theme.json"])
    return Builtin(handle, facts["name"], facts["version"], {path: digest(files[path]) for path in files})
