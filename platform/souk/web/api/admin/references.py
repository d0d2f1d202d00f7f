"""Turn the ids that a request names into numbers, and refuse those that this shop does not have."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.kernel import ids
from souk.kernel.errors import Invalid

_MOST_TOLD = 10


class UnknownReference(Invalid):
    """`field` names what points at nothing, `ids` are those that this shop does not have."""

    code = "unknown_reference"

    def __init__(self, field: str, missing: Sequence[str]) -> None:
        told = list(missing[:_MOST_TOLD])
        super().__init__(f"{field}: this shop has no {', '.join(told)}; list what there is.", field=field, ids=told)


def known_ids(
    session: Session, field: str, prefix: str, sent: Sequence[str], column: InstrumentedAttribute[int]
) -> list[int]:
    """Return the numbers of `sent`, in that order; raises UnknownReference."""
    numbers = [ids.decode(prefix, one) for one in sent]
    known = set(session.scalars(select(column).where(column.in_(numbers)))) if numbers else set()
    missing = [one for one, number in zip(sent, numbers, strict=True) if number not in known]
    if missing:
        raise UnknownReference(field, missing)
    return numbers
