"""The forms of custom entries and of what they consist of, as typed texts and as drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from souk.catalog.handles import slugify
from souk.catalog.metafields.types import ENTRY_REFERENCE
from souk.catalog.metaobjects.define import MAX_FIELDS, EntryField

MAX_CHOICES = 100
SPARE = 2


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field as it is typed; `old` is the key of one that is stored already."""

    name: str = ""
    key: str = ""
    type: str = "single_line_text_field"
    description: str = ""
    metaobject: str = ""
    min: str = ""
    max: str = ""
    choices: str = ""
    required: bool = False
    old: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def limits_of(form: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
    """Read the limits of a field: numbers, choices, and the type of the entries that it refers to."""
    limits: dict[str, Any] = {}
    for name in ("min", "max"):
        text = form.get(f"{prefix}{name}", "").strip()
        if text.removeprefix("-").replace(".", "", 1).isdecimal() and len(text) < 20:  # noqa: PLR2004 - a sane bound
            limits[name] = text
    choices = [line.strip() for line in form.get(f"{prefix}choices", "").splitlines() if line.strip()]
    if choices:
        limits["choices"] = choices[:MAX_CHOICES]
    entries = form.get(f"{prefix}metaobject", "")
    if entries and form.get(f"{prefix}type", "").endswith(ENTRY_REFERENCE):
        limits["metaobject"] = entries
    return limits


def stored_rows(fields: Sequence[EntryField]) -> list[FieldRow]:
    """Return a row for each field, and some that are free."""
    return [*(_row_of(each) for each in fields), *(FieldRow() for _ in range(SPARE))]


def _row_of(each: EntryField) -> FieldRow:
    limits = each.validations
    return FieldRow(
        each.name, each.key, each.type, each.description, str(limits.get("metaobject", "")),
        str(limits.get("min", "")), str(limits.get("max", "")), "\n".join(limits.get("choices", ())), each.required,
        old=each.key,
    )  # fmt: skip


def typed_rows(form: Mapping[str, str]) -> list[FieldRow]:
    """Return the rows as they were typed, in the order of their places."""
    rows = []
    for number in range(MAX_FIELDS + SPARE):
        start = f"f-{number}-"
        if f"{start}name" in form:
            texts = {
                name: " ".join(form.get(start + name, "").replace("\0", "").split())[:300]
                for name in ("name", "key", "type", "description", "metaobject", "min", "max", "old")
            }
            row = FieldRow(
                **texts, choices=form.get(f"{start}choices", "").replace("\0", ""), required=f"{start}required" in form,
                values=limits_of(form, start) if f"{start}gone" not in form else {"gone": True},
            )  # fmt: skip
            rows.append((_place(form.get(f"{start}order", ""), number), row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _place(text: str, number: int) -> tuple[int, int]:
    return (int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 10**6, number)  # noqa: PLR2004 - a place


def fields_of(rows: Sequence[FieldRow]) -> list[EntryField]:
    """Return the fields that the rows describe: free ones and those to be deleted are none."""
    return [
        EntryField(
            row.old or row.key or slugify(row.name, "field", 64).replace("-", "_"),
            row.name, row.type, row.description, row.required, row.values,
        )
        for row in rows
        if (row.name or row.old) and "gone" not in row.values
    ]  # fmt: skip
