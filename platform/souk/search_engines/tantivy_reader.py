"""One tenant's open index with what is derived from it; all of it is forgotten when the index changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tantivy import Index, Searcher

from souk.search.engine import SearchResults, Tuning
from souk.search_engines.tantivy_terms import plain_words, stems_of
from souk.search_engines.tantivy_vocabulary import Vocabulary, vocabulary

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
    words_read: Vocabulary | None = None

    @cached_property
    def words(self) -> Vocabulary:
        self.words_read = vocabulary(self.searcher, self.older)
        return self.words_read

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Every whole word of names, brands, categories and tags with its number of products."""
        return self.words.counts

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


def units(reader: Reader, words: list[str]) -> list[tuple[str, ...]]:
    """Return the words, those together that have a synonym together ("flash drive")."""
    found: list[tuple[str, ...]] = []
    place = 0
    while place < len(words):
        longest = next((n for n in (3, 2) if reader.synonyms_of(" ".join(words[place : place + n]))), 1)
        found.append(tuple(words[place : place + longest]))
        place += longest
    return found


def _key(text: str) -> str:
    return " ".join(stem for word in plain_words(text) for stem in stems_of(word))
