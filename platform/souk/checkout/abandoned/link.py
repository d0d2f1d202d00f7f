"""The signed link of a reminder: it names a checkout of one shop and holds nothing about its buyer."""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from souk.kernel.config import config
from souk.kernel.errors import Gone

# As long as a cart is kept.
GOOD_FOR = timedelta(days=30)


class RecoveryLinkGone(Gone):
    code = "recovery_link_gone"

    def __init__(self) -> None:
        super().__init__("This link has expired or is incomplete; put the goods into the cart again.")


def sign(tenant_id: int, checkout_id: int) -> str:
    return str(_signer(tenant_id).dumps(checkout_id))


def checkout_id_of(tenant_id: int, token: str, *, for_ever: bool = False) -> int:
    """Return the checkout that a link names; `for_ever`: nobody is too late to be left alone.

    Raises RecoveryLinkGone.
    """
    age = None if for_ever else int(GOOD_FOR.total_seconds())
    try:
        named = _signer(tenant_id).loads(token, max_age=age)
    except BadSignature:
        raise RecoveryLinkGone from None
    if not isinstance(named, int):
        raise RecoveryLinkGone
    return named


def _signer(tenant_id: int) -> URLSafeTimedSerializer:
    # The shop is a part of the salt: a link of one shop is worth nothing in another.
    return URLSafeTimedSerializer(config().secret_key, salt=f"abandoned checkout:{tenant_id}")
