"""Customers as an app reads them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from souk.web.api.schemas.common import Address, Shape
from souk.web.api.schemas.paging import CursorPage, CursorParameters


class CustomerParameters(CursorParameters):
    """`email` matches exactly, whatever the case."""

    email: str = Field(default="", max_length=254)


class AdminCustomer(Shape):
    """`registered` is false for somebody who has only bought as a guest."""

    id: str
    email: str
    name: str
    phone: str
    locale: str
    registered: bool
    email_proven: bool
    accepts_marketing: bool
    note: str
    orders_count: int
    addresses: list[Address]
    disabled_at: datetime | None
    created_at: datetime


class AdminCustomerPage(CursorPage):
    customers: list[AdminCustomer]
