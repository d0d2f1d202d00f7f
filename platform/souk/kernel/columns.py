"""Column types that every model shares; keys are bigint identity, which Citus and moving shops need."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import BigInteger, BindParameter, Boolean, DateTime, Identity, Numeric, Text, bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import mapped_column

from souk.kernel import clock

# What a plain annotation means: text without a length, bigint, aware timestamps, JSONB.
TYPES: dict[Any, Any] = {
    str: Text(),
    int: BigInteger(),
    bool: Boolean(),
    datetime: DateTime(timezone=True),
    Decimal: Numeric(9, 6),
    dict[str, Any]: JSONB(),
    list[dict[str, Any]]: JSONB(),
    list[str]: ARRAY(Text()),
    list[int]: ARRAY(BigInteger()),
}

Key = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
# The clock and not the server's now() fills it, so that tests and imports can date a row.
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), default=clock.now, server_default=func.now())]


def this_moment() -> BindParameter[datetime]:
    """Return the clock's time when the statement runs; `clock.now()` would be that of when it was composed."""
    return bindparam("now", callable_=clock.now, type_=DateTime(timezone=True), unique=True)
