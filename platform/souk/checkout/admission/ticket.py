"""The ticket in a buyer's browser: the signed number of their place, so that nobody can make a better one."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from souk.kernel.config import config


def sign_ticket(tenant_id: int, number: int) -> str:
    return str(_signer(tenant_id).dumps(number))


def number_of(tenant_id: int, ticket: str) -> int | None:
    """Return the number of a ticket of this shop, None for anything else."""
    try:
        number = _signer(tenant_id).loads(ticket)
    except BadSignature:
        return None
    return number if isinstance(number, int) else None


def _signer(tenant_id: int) -> URLSafeSerializer:
    return URLSafeSerializer(config().secret_key, salt=f"admission:{tenant_id}")
