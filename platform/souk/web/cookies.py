"""Set and read our cookies in one way: host-only, HttpOnly, Lax, and `__Host-` under TLS."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from souk.kernel.config import config

CART = "souk_cart"
CUSTOMER = "souk_customer"
TICKET = "souk_ticket"


def cookie_name(name: str) -> str:
    """Return the name on the wire; browsers refuse `__Host-` cookies over plain http."""
    return f"__Host-{name}" if config().public_scheme == "https" else name


def read_cookie(name: str) -> str:
    """Return the value, empty when the browser sent none."""
    return request.cookies.get(cookie_name(name), "")


def set_cookie(response: Response, name: str, value: str, *, max_age: int) -> None:
    """Keep `value` in the browser for `max_age` seconds."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=config().public_scheme == "https",
    )


def clear_cookie(response: Response, name: str) -> None:
    response.delete_cookie(
        cookie_name(name), path="/", httponly=True, samesite="Lax", secure=config().public_scheme == "https"
    )
