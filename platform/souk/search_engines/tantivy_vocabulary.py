"""The words of a shop's products, which serve spellings only."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tantivy import Searcher

# Reading them takes 15 ms for 20,000 products: those of a minute ago will do.
OLDEST_SECONDS = 60.0
# Finding the neighbours of one word takes a millisecond, and the same words are mistyped again and again.
MOST_NEAR = 4_096


@dataclass
class Vocabulary:
    """`counts` is every whole word of names, brands, categories and tags with its number of products."""

    read_at: float
    counts: Mapping[str, int]
    _near: dict[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def by_length(self) -> Mapping[int, Sequence[str]]:
        """Return the words of letters alone: comparing one with the whole vocabulary takes three times as long."""
        found: dict[int, list[str]] = defaultdict(list)
        for word in self.counts:
            if word.isalpha():
                found[len(word)].append(word)
        return found

    def near(self, word: str, find: Callable[[], Sequence[str]]) -> Sequence[str]:
        """Return the neighbours of a word, by `find` only at the first time."""
        known = self._near.get(word)
        if known is None:
            known = find()
            if len(self._near) >= MOST_NEAR:
                self._near.clear()
            self._near[word] = known
        return known


def vocabulary(searcher: Searcher, older: Vocabulary | None) -> Vocabulary:
    """Return the words of the index; `older` ones if they are young enough."""
    now = time.monotonic()
    if older is not None and older.read_at >= now - OLDEST_SECONDS:
        return older
    return Vocabulary(now, dict(searcher.terms_with_prefix("words", "")))
