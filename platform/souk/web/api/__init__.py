"""The shop API under /api/v1 and the admin API for apps."""

from __future__ import annotations

from souk.web.api.routes import blueprint

__all__ = ["blueprint"]
