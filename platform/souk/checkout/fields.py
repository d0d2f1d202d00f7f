"""Fields that plugins add to the checkout: asked on the page, checked here, kept with the order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy.orm import Session

from souk.checkout.requirements import Requirement
from souk.kernel.errors import Invalid

MOST_TEXT, MOST_FIELDS = 500, 10


@dataclass(frozen=True, slots=True)
class CheckoutField:
    """`id` are small letters, digits and `_`; `choices` are of a `choice`. A ticked checkbox is `yes`, a date ISO."""

    id: str
    label: str
    kind: Literal["text", "choice", "checkbox", "date"] = "text"
    required: bool = False
    choices: Sequence[str] = ()
    hint: str = ""

    @property
    def name(self) -> str:
        return f"field-{self.id}"


class BadField(Invalid):
    code = "invalid_field"

    def __init__(self, field: CheckoutField) -> None:
        super().__init__(f"This cannot be the answer to “{field.label}”; choose or write another.", field=field.name)


Finder = Callable[[Session], Sequence[CheckoutField]]
_finders: dict[str, Finder] = {}


def install_fields(name: str, finder: Finder) -> None:
    """Let `finder(session)` add fields to every checkout."""
    _finders[name] = finder


def fields_of(session: Session) -> list[CheckoutField]:
    """Return the shop's fields, the first of those that have one id."""
    found: dict[str, CheckoutField] = {}
    for finder in tuple(_finders.values()):
        for field in finder(session):
            found.setdefault(field.id, field)
    return list(found.values())[:MOST_FIELDS]


def clean_fields(session: Session, told: Mapping[str, Any]) -> dict[str, str]:
    """Return id -> answer for the shop's fields; others are left out. Raises BadField."""
    return {field.id: _clean(field, str(told.get(field.id) or "").strip()) for field in fields_of(session)}


def _clean(field: CheckoutField, answer: str) -> str:
    if not answer:
        return ""
    if field.kind == "choice" and answer not in field.choices:
        raise BadField(field)
    if field.kind == "date" and not _is_day(answer):
        raise BadField(field)
    if field.kind == "checkbox":
        return "yes"
    return answer.replace("\0", "")[:MOST_TEXT]


def _is_day(answer: str) -> bool:
    try:
        return date.fromisoformat(answer).isoformat() == answer
    except ValueError:
        return False


def unanswered(session: Session, answers: Mapping[str, str]) -> list[Requirement]:
    """Return a requirement for every field that has to be filled in."""
    return [
        Requirement("field_missing", field.name, f"Answer “{field.label}”.")
        for field in fields_of(session)
        if field.required and not answers.get(field.id)
    ]


def answered(session: Session, answers: Mapping[str, str]) -> list[dict[str, str]]:
    """Return [{id, label, value}] as an order keeps it, with the labels of today."""
    return [
        {"id": field.id, "label": field.label, "value": answers[field.id]}
        for field in fields_of(session)
        if answers.get(field.id)
    ]
