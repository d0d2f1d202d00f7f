"""Sign what apps are told, by Standard Webhooks 1.0.0.

An endpoint's secret is derived from the server's key: nothing is stored that a copy of the database would give away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from souk.kernel.config import config


def secret_of(tenant_id: int, endpoint_id: int, version: int) -> str:
    """Return `whsec_` and 32 bytes in base64, as the libraries of Standard Webhooks take it."""
    label = f"webhook endpoint {tenant_id}:{endpoint_id}:{version}"
    key = hmac.digest(config().secret_key.encode(), label.encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(key).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
