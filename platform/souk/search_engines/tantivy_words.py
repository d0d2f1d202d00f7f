"""Spellings: the nearest known word for a misspelt one, and words that complete what is being typed."""

from __future__ import annotations

from tantivy import Occur, Query

from souk.search_engines.tantivy_schema import TEXT_FIELDS, analyzer, schema
from souk.search_engines.tantivy_store import Reader

SHORTEST_CORRECTED = 4
# From this length on two wrong letters are allowed.
LONG_WORD = 8


def corrected(reader: Reader, words: list[str]) -> list[str]:
    """Replace each word that no product has by the nearest one that some product has."""
    return [word if _known(reader, word) else _nearest(reader, word) for word in words]


def _known(reader: Reader, word: str) -> bool:
    stems = analyzer(stemmed=True).analyze(word)
    return any(reader.searcher.doc_freq(field, stem) for stem in stems for field in TEXT_FIELDS)


def _nearest(reader: Reader, word: str) -> str:
    # A word with digits is a model number: its neighbour is another product, not another spelling.
    if len(word) < SHORTEST_CORRECTED or not word.isalpha():
        return word
    if not reader.vocabulary:
        reader.vocabulary = tuple(reader.searcher.terms_with_prefix("words", ""))
    allowed = 2 if len(word) >= LONG_WORD else 1
    best = (allowed + 1, 0, word)
    for known, count in reader.vocabulary:
        if not _may_be(word, known, allowed):
            continue
        gap = distance(word, known)
        if gap <= allowed:
            best = min(best, (gap, -count, known))
    return best[2]


def _may_be(word: str, known: str, allowed: int) -> bool:
    if abs(len(known) - len(word)) > allowed or not known.isalpha():
        return False
    # Measuring every word would take 100 ms; nearly all slips keep the first letter or the two after it.
    return known[0] == word[0] or known[1:3] == word[1:3] or known[-3:] == word[-3:]


def distance(one: str, other: str) -> int:
    """Return how many letters are missing, added, wrong or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, counterpart in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != counterpart))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == counterpart:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def completions(reader: Reader, text: str, limit: int) -> tuple[str, ...]:
    """Complete the last word of `text` from products that have the earlier words, most frequent first."""
    words = analyzer(stemmed=False).analyze(text)
    if not words or limit < 1:
        return ()
    *earlier, typed = words
    scope = _having(earlier) if earlier else None
    found = reader.searcher.terms_with_prefix("words", typed, scope)
    ranked = sorted(found, key=lambda term: (-term[1], term[0]))
    lines = [" ".join((*earlier, word)) for word, _ in ranked[:limit]]
    if not lines:
        other = corrected(reader, words)
        lines = [" ".join(other)] if other != words else []
    return tuple(lines)


def _having(words: list[str]) -> Query:
    return Query.boolean_query([(Occur.Must, Query.term_query(schema(), "words", word)) for word in words])
