"""The demo's two shops in the two built-in themes, and the pages to measure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.benchmarks.running import Demo

THEMES = {"ember": "Bazaar", "lumen": "Ledger"}
_COLLECTION = re.compile(r'href="(/collections/[^"?/]+)"')
_PRODUCT = re.compile(r'href="(/products/[^"?/]+)"')


def souk(home: Path, *arguments: str) -> str:
    """Run a command against the demo in `home`, as an operator does; returns what it printed."""
    command = [str(Path(sys.executable).parent / "souk"), *arguments]
    # A configuration around us, such as the suite's, must not become the command's.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SOUK_", "DATABASE_", "REDIS_"))}
    environment = clean | {"SOUK_HOME": str(home)}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def pages_of(running: Demo) -> dict[str, str]:
    """Dress the second shop in Ledger; returns addresses without scheme by theme and kind of page."""
    souk(running.home, "theme", "add", "lumen", "ledger", "--publish")
    found: dict[str, str] = {}
    for slug, theme in THEMES.items():
        host = f"{slug}.localhost:{running.port}"
        collection = _first(_COLLECTION, running, host, "/")
        paths = {"home": "/", "collection": collection, "product": _first(_PRODUCT, running, host, collection)}
        found |= {f"{theme}, {kind}": host + path for kind, path in paths.items()}
    return found


def _first(pattern: re.Pattern[str], running: Demo, host: str, path: str) -> str:
    request = urllib.request.Request(running.url(path), headers={"Host": host})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found = pattern.search(answer.read().decode())
    assert found is not None, f"{host}{path} links to nothing of the kind {pattern.pattern}"
    return found[1]
