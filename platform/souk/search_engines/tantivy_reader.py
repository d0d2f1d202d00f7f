"""One tenant's open index with what is derived from it; all of it is forgotten when the index changes."""

from __future__ import annotations

import time
from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tantivy import Index, Searcher

from souk.search.engine import SearchResults, Tuning
from souk.search_engines.tantivy_terms import plain_words, stems_of

Vocabulary = tuple[float, Mapping[str, int]]
VOCABULARY_SECONDS = 60.0
# About 6 KB each with the facets of a large shop.
KEPT_ANSWERS = 512
# Passed over in every shop unless a text has no other word.
COMMON_WORDS = frozenset("a an and for in of on or the to with".split())  # noqa: SIM905


@dataclass
class Reader:
    """`answers` holds what was asked of exactly this state of the index."""

    generation: str
    index: Index
    searcher: Searcher
    tuning: Tuning = field(default_factory=Tuning)
    answers: OrderedDict[Hashable, SearchResults] = field(default_factory=OrderedDict)
    older: Vocabulary | None = None
    vocabulary_read: Vocabulary | None = None

    @cached_property
    def vocabulary(self) -> Mapping[str, int]:
        """Every whole word of names, brands, categories and tags with its number of products.

        Reading it takes 15 ms for 20,000 products: one of a minute ago will do, since it only serves spellings.
        """
        now = time.monotonic()
        if self.older is None or self.older[0] < now - VOCABULARY_SECONDS:
            self.vocabulary_read = (now, dict(self.searcher.terms_with_prefix("words", "")))
        else:
            self.vocabulary_read = self.older
        return self.vocabulary_read[1]

    @cached_property
    def words_by_length(self) -> Mapping[int, Sequence[str]]:
        """Return the words of letters alone: comparing one with the whole vocabulary takes three times as long."""
        found: dict[int, list[str]] = defaultdict(list)
        for word in self.vocabulary:
            if word.isalpha():
                found[len(word)].append(word)
        return found

    @cached_property
    def stop_words(self) -> frozenset[str]:
        own = (word for text in self.tuning.stop_words for word in plain_words(text))
        return COMMON_WORDS | frozenset(own)

    @cached_property
    def _synonyms(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for group in self.tuning.synonyms:
            for text in group:
                key = _key(text)
                found[key] = (*found.get(key, ()), *(other for other in group if other != text))
        return found

    def synonyms_of(self, word: str) -> tuple[str, ...]:
        """Return what else finds the products of `word`, whatever its number or case."""
        return self._synonyms.get(_key(word), ()) if self._synonyms else ()

    def known(self, word: str) -> bool:
        """Tell whether any product has the word in any form."""
        if word in self.vocabulary:
            return True
        searcher = self.searcher
        if searcher.doc_freq("joined", word) or searcher.doc_freq("codes", word):
            return True
        return any(searcher.doc_freq(name, stem) for stem in stems_of(word) for name in ("title", "lead", "body"))

    def remember(self, key: Hashable, answer: SearchResults) -> None:
        self.answers[key] = answer
        if len(self.answers) > KEPT_ANSWERS:
            try:
                self.answers.popitem(last=False)
            except KeyError:
                # Another thread emptied it; there is nothing left to forget.
                return


def _key(text: str) -> str:
    return " ".join(stem for word in plain_words(text) for stem in stems_of(word))
