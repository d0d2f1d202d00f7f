"""Slow down guessing: attempts are counted per account and per address they come from.

The counts live in Redis, because a refused attempt rolls its transaction back. The
call happens before the first statement, so that no row lock waits for it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.kernel import ratelimit
from souk.kernel.db import scope_of

SIGN_INS_PER_ACCOUNT = 10
SIGN_INS_PER_IP = 200
SIGN_IN_SECONDS = 900
RESETS_PER_ACCOUNT = 5
RESETS_PER_IP = 50
RESET_SECONDS = 3600


def count_sign_in(session: Session, email: str, ip_address: str) -> None:
    """Raise RateLimited after ten attempts on one account, or 200 from one address, in 15 minutes."""
    _count(session, "sign-in", email, SIGN_INS_PER_ACCOUNT, SIGN_IN_SECONDS)
    if ip_address:
        _count(session, "sign-in-ip", ip_address, SIGN_INS_PER_IP, SIGN_IN_SECONDS)


def forget_sign_ins(session: Session, email: str) -> None:
    """Start the account's count anew, after a success."""
    scope = scope_of(session)
    ratelimit.forget(_key(scope.tenant_id, "sign-in", email), pod=scope.pod)


def count_reset(session: Session, email: str, ip_address: str) -> None:
    """Raise RateLimited after five mails to one account, or 50 asked for from one address, in an hour."""
    _count(session, "reset", email, RESETS_PER_ACCOUNT, RESET_SECONDS)
    if ip_address:
        _count(session, "reset-ip", ip_address, RESETS_PER_IP, RESET_SECONDS)


def count_order_search(session: Session, email: str, ip_address: str) -> None:
    """Raise RateLimited after five searches for orders of one address, or 50 from one place, in an hour."""
    _count(session, "order-search", email, RESETS_PER_ACCOUNT, RESET_SECONDS)
    if ip_address:
        _count(session, "order-search-ip", ip_address, RESETS_PER_IP, RESET_SECONDS)


def _count(session: Session, what: str, whom: str, attempts: int, seconds: int) -> None:
    scope = scope_of(session)
    ratelimit.limit(_key(scope.tenant_id, what, whom), attempts=attempts, seconds=seconds, pod=scope.pod)


def _key(tenant_id: int, what: str, whom: str) -> str:
    return f"customers:{tenant_id}:{what}:{whom}"
