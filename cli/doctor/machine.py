"""This machine: the installed packages and the folder that holds data and secrets."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from cli.doctor.finding import Finding, ok, warning, wrong
from cli.up.place import PROJECT
from souk.kernel.config import config

LOCK = PROJECT / "requirements.lock"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)([^\\]*)", re.MULTILINE)
LOW_SPACE_BYTES = 1_000_000_000


def check_packages() -> Iterator[Finding]:
    """What is installed against the lock file; a line with a marker is for some machines only and is left out."""
    if not LOCK.exists():
        return
    pinned = {name: version for name, version, rest in _PINNED.findall(LOCK.read_text("utf-8")) if ";" not in rest}
    differing = sorted(name for name, version in pinned.items() if _installed(name) != version)
    if differing:
        yield wrong(f"Not as the lock file says: {', '.join(differing[:10])}.", "make setup")
    else:
        yield ok(f"{len(pinned)} packages are as the lock file says.")


def check_home() -> Iterator[Finding]:
    home = config().home
    if not os.access(home, os.W_OK):
        yield wrong(f"{home} cannot be written; pictures and mail go there.", f"chown $USER {home}")
        return
    free = shutil.disk_usage(home).free
    if free < LOW_SPACE_BYTES:
        yield warning(f"{home} has {free // 1_000_000} MB left.", "Free some space, or move SOUK_HOME.")
    else:
        yield ok(f"{home} has {free // 1_000_000_000} GB left.")
    yield from _check_secret(home / "secret_key")


def check_public_address() -> Iterator[Finding]:
    """A platform behind TLS has several machines sooner or later; their sessions need one key."""
    if config().public_scheme == "https" and not os.environ.get("SOUK_SECRET_KEY"):
        cure = "Set SOUK_SECRET_KEY to the same long random text on every machine."
        yield warning("The secret key is a file of this machine only.", cure)


def _check_secret(path: Path) -> Iterator[Finding]:
    if path.exists() and path.stat().st_mode & 0o077:
        yield wrong(f"Others may read {path}, which signs the sessions.", f"chmod 600 {path}")


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
