"""Make many codes at once, each for one use, and hand them out as a file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.discounts.enter_code import normalize_code
from souk.discounts.errors import DiscountInvalid
from souk.discounts.models import DiscountCode
from souk.discounts.queries import read_discount
from souk.kernel import clock

MOST_AT_ONCE = 10_000
# Without I, L, O, U, 0 and 1, which people misread; 8 of 30 characters are 39 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_BATCH = 1_000


def generate_codes(session: Session, discount_id: int, count: int, prefix: str = "", uses: int | None = 1) -> int:
    """Make `count` codes such as SPRING-7K2MQX9B, each for `uses` uses (None: without a limit); returns how many.

    Raises:
        UnknownDiscount, DiscountInvalid: nothing was made.

    """
    found = read_discount(session, discount_id)
    if found.method != "code":
        raise DiscountInvalid("method", "An automatic discount has no codes; change it to one by code first.")
    if not 0 < count <= MOST_AT_ONCE:
        raise DiscountInvalid("count", f"Make from 1 to {MOST_AT_ONCE} codes at once.")
    start = normalize_code(prefix)
    if prefix.strip() and not start:
        raise DiscountInvalid("prefix", "A prefix is made of letters, digits and _ . % + -.")
    made = 0
    while made < count:
        made += _insert(session, discount_id, min(_BATCH, count - made), start, uses)
    return made


def codes_of_discount(session: Session, discount_id: int, limit: int | None = None) -> Sequence[Any]:
    """Return (code, usage_limit, used_count, created_at), oldest first."""
    columns = select(DiscountCode.code, DiscountCode.usage_limit, DiscountCode.used_count, DiscountCode.created_at)
    of_it = columns.where(DiscountCode.discount_id == discount_id)
    return session.execute(of_it.order_by(DiscountCode.id).limit(limit)).all()


def csv_of(rows: Sequence[Any]) -> Iterator[str]:
    """Yield the lines of a CSV file; no cell can start a formula, for codes start with a letter or digit."""
    yield "code,usage_limit,used_count,created_at\r\n"
    for row in rows:
        limit = "" if row.usage_limit is None else row.usage_limit
        yield f"{row.code},{limit},{row.used_count},{row.created_at:%Y-%m-%dT%H:%M:%SZ}\r\n"


def _insert(session: Session, discount_id: int, count: int, prefix: str, uses: int | None) -> int:
    now = clock.now()
    rows = [
        {"discount_id": discount_id, "code": _code(prefix), "usage_limit": uses, "created_at": now}
        for _ in range(count)
    ]
    # A code that exists already is simply drawn again by the caller.
    row = insert(DiscountCode).on_conflict_do_nothing(index_elements=[DiscountCode.code]).returning(DiscountCode.id)
    return len(session.execute(row, rows).all())


def _code(prefix: str) -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{prefix}-{drawn}" if prefix else drawn
