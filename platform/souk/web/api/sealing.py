"""Keep an answer that holds a bearer token so that only a repeat of the same request can read it.

The key stream is SHAKE-256 over the server's secret, a fresh nonce and the request's own body (which
holds the password and is stored nowhere): neither a copy of the database nor the server's secret alone
opens it. A key is used for one message only.
"""

from __future__ import annotations

import hashlib
import secrets

from souk.kernel.config import config

_NONCE_BYTES = 16


def seal(answer: bytes, request_body: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _mix(answer, nonce, request_body)


def unseal(sealed: bytes, request_body: bytes) -> bytes:
    """Return the answer; the request's body has been compared by its hash before."""
    return _mix(sealed[_NONCE_BYTES:], sealed[:_NONCE_BYTES], request_body)


def _mix(data: bytes, nonce: bytes, request_body: bytes) -> bytes:
    secret = hashlib.sha256(config().secret_key.encode()).digest()
    stream = hashlib.shake_256(secret + nonce + request_body).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))
