"""The pages' own style sheet and script, under names made of their content so that browsers keep them for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, abort

from souk.payments.provider import all_installed

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def _load() -> tuple[dict[str, str], dict[str, tuple[bytes, str]]]:
    names: dict[str, str] = {}
    files: dict[str, tuple[bytes, str]] = {}
    for path in sorted(_FOLDER.iterdir()):
        data = path.read_bytes()
        name = f"{path.stem}.{hashlib.sha256(data).hexdigest()[:12]}{path.suffix}"
        names[path.name] = name
        files[name] = (data, _TYPES[path.suffix])
    return names, files


_names, _files = _load()


def asset_url(name: str) -> str:
    """Return the address of a file of `static/`."""
    return f"/checkout/assets/{_names[name]}"


@lru_cache(maxsize=32)
def module_url(path: Path) -> str:
    """Return the address of a payment provider's own module."""
    data = path.read_bytes()
    name = f"{path.stem}.{hashlib.sha256(data).hexdigest()[:12]}{path.suffix}"
    _files[name] = (data, _TYPES[path.suffix])
    return f"/checkout/assets/{name}"


def asset(name: str) -> Response:
    if name not in _files:
        # Another process may have drawn the page that names a provider's module.
        for provider in all_installed():
            if provider.browser_module is not None:
                module_url(provider.browser_module)
    if name not in _files:
        abort(404)
    data, content_type = _files[name]
    response = Response(data, content_type=content_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
