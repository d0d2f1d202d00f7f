"""How far a language is: each text with its translation, and whether its source was changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.localized import digest_of
from souk.kernel.models import Translation
from souk.translating.sources import Resource, Text

Status = Literal["missing", "outdated", "translated"]


@dataclass(frozen=True, slots=True)
class Entry:
    """`outdated`: the source says something else now than when the translation was written."""

    text: Text
    value: str
    status: Status


@dataclass(frozen=True, slots=True)
class Translated:
    resource: Resource
    entries: Sequence[Entry]

    def count(self, status: Status) -> int:
        return sum(entry.status == status for entry in self.entries)


def read_translations(session: Session, resources: Sequence[Resource], locale: str) -> list[Translated]:
    """Return the resources with their texts in `locale`: one query for any number of one kind."""
    kinds = {resource.kind for resource in resources}
    query = select(
        Translation.resource_type, Translation.resource_id, Translation.field, Translation.value, Translation.digest
    ).where(
        Translation.resource_type.in_(kinds), Translation.locale == locale,
        Translation.resource_id.in_({resource.id for resource in resources}),
    )  # fmt: skip
    found: dict[tuple[str, int], dict[str, tuple[str, str]]] = defaultdict(dict)
    for kind, owner, field, value, digest in session.execute(query) if resources else ():
        found[kind, owner][field] = (value, digest)
    return [
        Translated(each, [_entry(text, found[each.kind, each.id].get(text.field)) for text in each.texts])
        for each in resources
    ]


def _entry(text: Text, kept: tuple[str, str] | None) -> Entry:
    if kept is None:
        return Entry(text, "", "missing")
    return Entry(text, kept[0], "translated" if kept[1] == digest_of(text.source) else "outdated")
