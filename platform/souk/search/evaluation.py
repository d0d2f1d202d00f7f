"""How good search is, measured on judgments: NDCG@10 with linear gain, recall@100, queries without results."""

from __future__ import annotations

import math
import random
import statistics
import string
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from souk.catalog.models import Variant

T = TypeVar("T", int, str)
# Grades by product id, for each query.
Judgments = Mapping[str, Mapping[int, int]]
RANKED = 10
RECALLED = 100
SHORTEST_MISSPELT = 5


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`ndcg` and `recall` leave out queries without a relevant product; times are milliseconds of the search alone."""

    queries: int
    judged: int
    ndcg: float
    recall: float
    without_results: float
    p50: float
    p99: float


def products_by_code(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """Return the product of each SKU or barcode that the shop has."""
    wanted = any_(bindparam("codes", type_=ARRAY(Text)))
    query = select(Variant.sku, Variant.barcode, Variant.product_id).where(
        (Variant.sku == wanted) | (Variant.barcode == wanted)
    )
    found: dict[str, int] = {}
    for sku, barcode, product_id in session.execute(query, {"codes": list(codes)}):
        found |= {code: product_id for code in (barcode, sku) if code}
    return found


def evaluate(judgments: Judgments, search: Callable[[str], Sequence[int]]) -> Evaluation:
    """Ask every query; `search` returns at least the first 100 product ids."""
    ndcgs, recalls, taken, empty = list[float](), list[float](), list[float](), 0
    for query, grades in judgments.items():
        began = time.perf_counter()
        found = search(query)
        taken.append((time.perf_counter() - began) * 1000)
        empty += not found
        relevant = {product_id for product_id, grade in grades.items() if grade > 0}
        if relevant:
            ndcgs.append(ndcg(found, grades))
            recalls.append(len(relevant & set(found[:RECALLED])) / len(relevant))
    cuts = statistics.quantiles(taken, n=100) if len(taken) > 1 else taken * 99
    return Evaluation(
        queries=len(judgments),
        judged=len(ndcgs),
        ndcg=statistics.mean(ndcgs) if ndcgs else 0.0,
        recall=statistics.mean(recalls) if recalls else 0.0,
        without_results=empty / max(len(judgments), 1),
        p50=cuts[49],
        p99=cuts[98],
    )


def ndcg(found: Sequence[T], grades: Mapping[T, int]) -> float:
    """Return the discounted gain of the first ten against the best possible; what nobody judged gains nothing."""
    gained = sum(grades.get(key, 0) / math.log2(rank + 2) for rank, key in enumerate(found[:RANKED]))
    best = sorted(grades.values(), reverse=True)[:RANKED]
    return gained / sum(grade / math.log2(rank + 2) for rank, grade in enumerate(best))


def misspelt(query: str, seed: int = 1) -> str:
    """Return the query with one slip in its longest word: a letter lost, doubled, wrong or swapped with the next.

    Queries of fewer than five letters stay. The same query and seed always give the same slip.
    """
    if sum(letter.isalpha() for letter in query) < SHORTEST_MISSPELT:
        return query
    chance = random.Random(f"{seed} {query}")  # noqa: S311 - it has to repeat, not to be secret
    words = query.split()
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    words[longest] = _slip(words[longest], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    kinds = (
        before + after,
        before + letter + letter + after,
        before + chance.choice(string.ascii_lowercase) + after,
        before + after[0] + letter + after[1:],
    )
    return chance.choice(kinds)
