"""Bring a host name into the one form that is stored and compared."""

from __future__ import annotations

import re

from tenants.errors import BadHost

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")
MAX_LENGTH = 253


def normalize_host(text: str) -> str:
    """Return `text` lower-case, without port and trailing dot, in IDNA A-labels.

    Raises BadHost for everything that is no host name (RFC 1123, RFC 5891): the caller answers 404
    before any shop code runs.
    """
    host = text.strip().lower()
    if host.count(":") == 1:
        host = host.partition(":")[0]
    host = host.removesuffix(".")
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadHost(text) from None
    labels = ascii_host.split(".")
    if len(ascii_host) > MAX_LENGTH or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadHost(text)
    return ascii_host
