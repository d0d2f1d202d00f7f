"""Bring a shop's own theme into memory, which must not happen inside a transaction."""

from __future__ import annotations

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from souk.kernel.config import config
from souk.media.configured import media_storage
from themes.stored import ThemeNotLoaded, loaded


def init_own_themes(app: Flask) -> None:
    app.register_error_handler(ThemeNotLoaded, load_and_repeat)


def load_missing(missing: ThemeNotLoaded) -> None:
    """Fetch and compile; afterwards the theme, or the one that stands in for it, is there."""
    loaded.load(media_storage(config()), missing.manifest)


def load_and_repeat(missing: ThemeNotLoaded) -> Response:
    """Let the browser ask again: its request has changed nothing yet, and 307 repeats a form with its fields."""
    load_missing(missing)
    address = request.full_path if request.query_string else request.path
    return redirect(f"/{address.lstrip('/')}", 307)
