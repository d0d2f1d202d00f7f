"""Registration, sign-in and profile."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from souk.kernel.passwords import MAX_LENGTH, MIN_LENGTH
from souk.web.api.schemas.common import Address, Shape

EMAIL_PATTERN = r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$"


class Register(Shape):
    name: str = Field(min_length=1, max_length=200)
    email: str = Field(pattern=EMAIL_PATTERN, max_length=254)
    password: str = Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)


class Login(Shape):
    email: str = Field(min_length=1, max_length=254)
    password: str = Field(min_length=1, max_length=MAX_LENGTH)


class Registered(Shape):
    user_id: str
    name: str
    email: str
    token: str


class LoggedIn(Shape):
    user_id: str
    token: str
    expires_at: datetime


class SavedPaymentMethod(Shape):
    """`id` pays the next order as {"type": "saved", "id": ...}."""

    id: str
    provider: str
    label: str


class Profile(Shape):
    user_id: str
    name: str
    email: str
    addresses: list[Address]
    payment_methods: list[SavedPaymentMethod]


class LoggedOut(Shape):
    revoked: bool
