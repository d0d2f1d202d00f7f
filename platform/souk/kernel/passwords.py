"""Hash and check passwords with argon2id."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from souk.kernel.errors import Invalid

MIN_LENGTH = 8
MAX_LENGTH = 256
# OWASP's argon2id profile of 19 MiB, 2 passes, 1 lane: about 25 ms, and memory that a web worker can spare.
ARGON2 = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_hasher = ARGON2


class WeakPassword(Invalid):
    code = "weak_password"

    def __init__(self) -> None:
        super().__init__(f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters; choose a longer one.")


def hash_password(password: str) -> str:
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword
    return _hasher.hash(password)


def password_matches(password: str, stored: str | None) -> bool:
    """Compare in the same time whether or not the account exists, so that addresses cannot be guessed by a clock."""
    try:
        return _hasher.verify(stored or _decoy(), password[:MAX_LENGTH]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash("a password that nobody has")
