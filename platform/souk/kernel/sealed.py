"""Secrets of others that we must be able to use, such as a merchant's payment keys: encrypted wherever they rest.

The key is derived from the server's secret, so a copy of the database opens nothing. Whoever changes SOUK_SECRET_KEY
has merchants type their secrets again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

from souk.kernel.config import config
from souk.kernel.errors import Conflict

_PREFIX = "sealed:"


class CannotUnseal(Conflict):
    code = "cannot_unseal"

    def __init__(self) -> None:
        super().__init__("A stored secret cannot be opened, since the server's key has changed. Enter it again.")


def seal(secret: str) -> str:
    """Return the secret as it may be stored."""
    return _PREFIX + _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret; raises CannotUnseal for what this server has not sealed."""
    try:
        return _box().decrypt(sealed.removeprefix(_PREFIX).encode()).decode()
    except InvalidToken:
        raise CannotUnseal from None


def _box() -> Fernet:
    key = hmac.digest(config().secret_key.encode(), b"sealed settings, version 1", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
