"""Codes of gift cards: drawn, normalised and hashed; nobody can read one back."""

from __future__ import annotations

import secrets

from souk.kernel.tokens import hash_token

# Without letters and digits that people misread; 16 of 30 are 78 bits, which no page can be made to guess.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP, SHOWN = 16, 4, 4


def new_code() -> str:
    """Return a code as it is told: ABCD-EFGH-JKMN-PQRS."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def plain_code(typed: str) -> str:
    """Return the characters of a typed code; empty when no gift card can have it."""
    plain = "".join(typed.upper().replace("-", "").split())
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else ""


def code_hash(code: str) -> str:
    return hash_token(plain_code(code))


def last_characters(code: str) -> str:
    return plain_code(code)[-SHOWN:]
