"""Random secrets for sessions, carts and APIs; only their hash is stored."""

from __future__ import annotations

import hashlib
import secrets


def new_token(prefix: str = "") -> str:
    """Return 256 random bits as text, after `prefix` (such as `souk_`, which secret scanners can find)."""
    return prefix + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token. A slow hash buys nothing for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
