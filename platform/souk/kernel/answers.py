"""Give transactions the answers that they miss: from Redis, or from those who know, all asked at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from typing import TypeVar, cast

import redis

from souk.kernel import clock
from souk.kernel.asking import Answer, Question, Unanswered, knowing
from souk.kernel.connections import redis_of
from souk.kernel.db import refuse_inside_transaction
from souk.kernel.errors import Unavailable
from souk.kernel.tenancy import Scope

T = TypeVar("T")

# As long as what was said holds for the checkout that asked, and for others with the same question.
HOLDS_FOR = timedelta(minutes=15)
# Others ask again soon where somebody was silent.
SILENCE_FOR = timedelta(minutes=1)
# A rate, a tax that depends on it, and each once more where the buyer changed something meanwhile.
ROUNDS = 4


class AnswersChange(Unavailable):
    code = "answers_change"

    def __init__(self) -> None:
        super().__init__("The checkout kept changing while its prices were asked for; nothing was changed. Try again.")


def answered(scope: Scope, work: Callable[[], T]) -> T:
    """Return what `work` returns; it opens its transactions itself and runs again for each answer that it missed.

    Call it outside any transaction. Whatever `work` does before an answer is missed must be rolled back or repeatable.
    """
    known: dict[str, Answer] = {}
    for _ in range(ROUNDS):
        with knowing(known):
            try:
                return work()
            except Unanswered as missed:
                question = missed.question
        known[question.key] = find(scope, question)
    raise AnswersChange


def find(scope: Scope, question: Question) -> Answer:
    """Return the kept answer, or ask and keep what is said; nobody's silence is an error."""
    refuse_inside_transaction(question.subject)
    kept = _kept(scope, question.key)
    if kept is not None:
        return kept
    said = _ask(question)
    silent = tuple(name for name in question.calls if name not in said)
    answer = Answer((clock.now() + HOLDS_FOR).isoformat(), said, silent)
    _keep(scope, question.key, answer, SILENCE_FOR if silent else HOLDS_FOR)
    return answer


def _ask(question: Question) -> dict[str, object]:
    with ThreadPoolExecutor(max(1, len(question.calls))) as pool:
        started = {name: pool.submit(copy_context().run, call) for name, call in question.calls.items()}
        results = {name: future.result() for name, future in started.items()}
    return {name: result for name, result in results.items() if result is not None}


def _name(scope: Scope, key: str) -> str:
    return f"asked:{scope.tenant_id}:{key}"


def _kept(scope: Scope, key: str) -> Answer | None:
    try:
        kept = cast("bytes | None", redis_of(scope.pod).get(_name(scope, key)))
    except redis.RedisError:
        return None
    answer = Answer.from_json(json.loads(kept)) if kept else None
    return answer if answer is not None and answer.holds else None


def _keep(scope: Scope, key: str, answer: Answer, lasts: timedelta) -> None:
    try:
        redis_of(scope.pod).set(_name(scope, key), json.dumps(answer.to_json()), ex=lasts)
    except redis.RedisError:
        # The checkout holds it; another one asks anew.
        return
