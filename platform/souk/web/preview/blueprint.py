"""Gather the modules that add routes to the blueprint of the preview host."""

from __future__ import annotations

from souk.web.preview import checkout  # noqa: F401 - it registers its routes
from souk.web.preview.routes import blueprint

__all__ = ["blueprint"]
