"""Ask others over the network before the transaction that needs their answer, and never inside it.

A transaction that misses an answer raises `Unanswered` and is rolled back; its edge asks everybody at once and runs it
again (`souk.kernel.answers`). A shop that asks nobody pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy.orm import Session

from souk.kernel import clock

_USED = "used_answers"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said, as it survives in JSON: `said` is plugin id -> plain values, `silent` are those without any.

    It holds until `until`, an ISO 8601 moment: as long nobody is asked the same again.
    """

    until: str
    said: Mapping[str, Any]
    silent: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return datetime.fromisoformat(self.until) > clock.now()

    def to_json(self) -> dict[str, Any]:
        return {"until": self.until, "said": dict(self.said), "silent": list(self.silent)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Answer:
        return cls(stored["until"], stored["said"], tuple(stored["silent"]))


@dataclass(frozen=True, slots=True)
class Question:
    """`key` stands for everything that was asked, of whom and with which settings.

    `calls` is plugin id -> a call for outside any transaction. It returns plain values and never raises; None is
    silence.
    """

    subject: str
    key: str
    calls: Mapping[str, Callable[[], Any]]


class Unanswered(Exception):
    """This transaction needs an answer that nobody has given yet; no edge shows it to anybody."""

    def __init__(self, question: Question) -> None:
        self.question = question
        super().__init__(f"{question.subject} must be asked for before the transaction; wrap it in `answered`.")


class AnswerRefused(Exception):
    """An answer that cannot be true; the sentence is for the merchant."""


class Panel(Protocol):
    """Those who can be asked about one subject."""

    def asks(self, session: Session) -> bool:
        """Tell whether the shop of the session asks anybody; it costs no statement of its own."""

    def question(
        self, session: Session, request: Any, read: Callable[[str, Any], Any], *, terms: Any = None, only: str = ""
    ) -> Question:
        """Return the question of `request`, a dataclass of plain values, to all whom the shop uses, or to `only` one.

        `read` makes plain values of a plugin's name and what it answered, by the `terms` of the shop; raises
        AnswerRefused.
        """


_panels: dict[str, Panel] = {}
_known: ContextVar[Mapping[str, Answer]] = ContextVar("known_answers")


def install_panel(subject: str, panel: Panel) -> None:
    """Let `panel` be asked about `subject`; a second one replaces the first."""
    _panels[subject] = panel


def panel_asked(session: Session, subject: str) -> Panel | None:
    """Return whom the shop of the session asks about `subject`, None when it asks nobody."""
    panel = _panels.get(subject)
    return panel if panel is not None and panel.asks(session) else None


def answer_to(session: Session, question: Question, held: Mapping[str, Any], *, silence: bool = True) -> Answer:
    """Return the answer that `held` (key -> JSON) keeps, or the one that was given before this transaction.

    Without `silence` a held answer counts only where everybody gave one. Raises Unanswered.
    """
    kept = held.get(question.key)
    found = Answer.from_json(kept) if kept else None
    if found is None or not found.holds or (found.silent and not silence):
        found = _known.get({}).get(question.key)
    if found is None:
        raise Unanswered(question)
    session.info.setdefault(_USED, {})[question.key] = found.to_json()
    return found


def answers_to(session: Session, questions: Sequence[Question], held: Mapping[str, Any]) -> list[Answer]:
    """Return the answers to questions of one subject that are asked at once; raises Unanswered."""
    if len(questions) == 1:
        return [answer_to(session, questions[0], held)]
    calls = {f"{index}:{name}": call for index, one in enumerate(questions) for name, call in one.calls.items()}
    whole = answer_to(session, Question(questions[0].subject, "+".join(one.key for one in questions), calls), held)
    return [_part_of(whole, f"{index}:") for index in range(len(questions))]


def _part_of(whole: Answer, mark: str) -> Answer:
    said = {name.removeprefix(mark): told for name, told in whole.said.items() if name.startswith(mark)}
    silent = tuple(name.removeprefix(mark) for name in whole.silent if name.startswith(mark))
    return Answer(whole.until, said, silent)


def used_answers(session: Session) -> dict[str, Any]:
    """Return key -> JSON of the answers by which this transaction has calculated, to be held with the result."""
    return dict(cast("dict[str, Any]", session.info.get(_USED, {})))


@contextmanager
def knowing(answers: Mapping[str, Answer]) -> Iterator[None]:
    """Let the transactions of the block find these answers."""
    token = _known.set({**_known.get({}), **answers})
    try:
        yield
    finally:
        _known.reset(token)
