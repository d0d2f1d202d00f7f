"""Customers that are there before a test begins."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.customers.guest import Guest, recognize_guest


def make_guest(session: Session, email: str, name: str = "") -> int:
    """Return a customer without a password, as a guest's first order leaves one."""
    customer_id = recognize_guest(session, Guest(email, name))
    assert customer_id is not None
    return customer_id
