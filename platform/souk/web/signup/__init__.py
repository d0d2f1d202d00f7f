"""The platform's own host: what Souk is, and opening a shop."""

from __future__ import annotations
