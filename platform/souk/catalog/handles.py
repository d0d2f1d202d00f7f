"""Make the names that stand in addresses."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.kernel.db import scope_of

MAX_LENGTH = 120
SUFFIX = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,49})?")
_OTHER = re.compile(r"[^\w]+|_+", re.UNICODE)


def slugify(title: str, fallback: str = "item", max_length: int = MAX_LENGTH) -> str:
    """Return `title` lower-case with dashes; letters of all scripts stay, accents of Latin ones go."""
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", title.replace("ß", "ss")) if not unicodedata.combining(char)
    )
    name = _OTHER.sub("-", unicodedata.normalize("NFC", plain).lower()).strip("-")
    return name[:max_length].strip("-") or fallback


def is_suffix(text: str) -> bool:
    """Tell whether `text` can stand in the name of a template, as `gift` does in product.gift.json; empty can."""
    return SUFFIX.fullmatch(text) is not None


def free_handle(
    session: Session,
    column: InstrumentedAttribute[str],
    wanted: str,
    *,
    key: InstrumentedAttribute[int],
    own: int | None = None,
) -> str:
    """Return `wanted`, or `wanted-2`, `wanted-3` ... when another row than `own` has it.

    The name is locked until the transaction ends: two saves at once get two names.
    """
    lock = text("SELECT pg_advisory_xact_lock(:tenant, hashtext(:name))")
    session.execute(lock, {"tenant": scope_of(session).tenant_id, "name": f"{column}:{wanted}"})
    taken = select(column).where(or_(column == wanted, column.startswith(f"{wanted}-", autoescape=True)))
    if own is not None:
        taken = taken.where(key != own)
    names = set(session.scalars(taken))
    if wanted not in names:
        return wanted
    return next(name for name in (f"{wanted}-{n}" for n in range(2, len(names) + 3)) if name not in names)
