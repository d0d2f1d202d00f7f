"""Every module with views, so that importing this one makes the blueprint whole."""

from __future__ import annotations

from souk.web.accounts import addresses, overview, sign_in
from souk.web.accounts.frame import blueprint

__all__ = ["addresses", "blueprint", "overview", "sign_in"]
