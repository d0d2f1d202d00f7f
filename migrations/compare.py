"""Which differences between the models and a schema Alembic is asked about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column


def is_compared(thing: Any, _name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:  # noqa: FBT001 - Alembic's hook
    """Leave out indexes on expressions that exist on both sides.

    PostgreSQL gives an expression back in words of its own, with casts and brackets, and Alembic would propose to make
    the index anew in every revision. One that really changes is found by `make ddl` and the test that compares the
    generated DDL with the chain; its revision is written by hand.
    """
    if kind != "index" or compare_to is None:
        return True
    model = compare_to if reflected else thing
    return all(isinstance(expression, Column) for expression in model.expressions)
