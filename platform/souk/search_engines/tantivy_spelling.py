"""Other spellings of what was typed: the nearest known word, two words for one, one word for two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from souk.search_engines.tantivy_reader import Reader, units
from souk.search_engines.tantivy_terms import count, either, every, stems_of, term

SHORTEST_CORRECTED = 3
# From this length on so many wrong letters are allowed.
LONG_WORD = 8
MOST_SLIPS = 2
SHORTEST_PART = 3
# How many letters are missing, added, wrong or swapped with their neighbour.
distance = OSA.distance
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
# So many spellings of a word are tried together with its neighbours.
MOST_CANDIDATES = 6
# A known word that few products have gives way to a near one that so many times more have.
RARE_BY = 20


def corrected(reader: Reader, words: list[str]) -> list[str]:
    """Replace each word that no product has by a near one that some product has, best together with the others."""
    found = list(words)
    # Of a synonym such as "air fryer" no product need have a single word: its words stay as the merchant wrote them.
    kept = [len(unit) > 1 for unit in units(reader, words) for _ in unit]
    for place, word in enumerate(words):
        if not (kept[place] or reader.known(word) or reader.synonyms_of(word) or parts_of(reader, word)):
            found[place] = _best(reader, found, place, _near(reader, word)) or word
    return found


def _best(reader: Reader, words: list[str], place: int, candidates: Sequence[str]) -> str:
    """Return the candidate that the most products have beside the other words, the most frequent otherwise."""
    if len(words) == 1 or len(candidates) < 2:  # noqa: PLR2004 - nothing to choose from
        return candidates[0] if candidates else ""
    together = [_together(reader, [*words[:place], each, *words[place + 1 :]]) for each in candidates]
    return candidates[max(range(len(candidates)), key=lambda one: (together[one], -one))]


def one_replaced(reader: Reader, words: list[str]) -> list[str]:
    """Return the words with the one replaced that most products then have together; for known words that none has."""
    best, most = words, 0
    for place, word in enumerate(words):
        frequent = reader.vocabulary.get(word, 0) * RARE_BY
        for other in _near(reader, word):
            if reader.vocabulary[other] <= frequent:
                continue
            tried = [*words[:place], other, *words[place + 1 :]]
            hits = _together(reader, tried)
            if hits > most:
                best, most = tried, hits
    return best


def _together(reader: Reader, words: list[str]) -> int:
    each = (either(term(name, stem) for name in ("title", "lead", "body")) for word in words for stem in stems_of(word))
    return count(reader.searcher, every(each))


def _near(reader: Reader, word: str) -> Sequence[str]:
    """Return known words with the fewest slips, the most frequent first."""
    # A word with digits is a model number: its neighbour is another product, not another spelling.
    if len(word) < SHORTEST_CORRECTED or not word.isalpha():
        return ()
    return reader.words.near(word, lambda: _nearest(reader, word))


def _nearest(reader: Reader, word: str) -> list[str]:
    near = [other for other in set(one_slip(word)) if other in reader.vocabulary and len(other) > 1]
    if not near and len(word) >= LONG_WORD:
        near = _two_slips(reader, word)
    near.sort(key=lambda other: (-reader.vocabulary[other], other))
    return near[:MOST_CANDIDATES]


def one_slip(word: str) -> Iterator[str]:
    """Yield every text that differs by one letter missing, added, wrong or swapped with its neighbour."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in _LETTERS if letter != after[0])
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in _LETTERS)


def _two_slips(reader: Reader, word: str) -> list[str]:
    lengths = range(len(word) - MOST_SLIPS, len(word) + MOST_SLIPS + 1)
    alike = [other for length in lengths for other in reader.words.by_length.get(length, ())]
    return [found[0] for found in process.extract(word, alike, scorer=distance, score_cutoff=MOST_SLIPS, limit=None)]


def parts_of(reader: Reader, word: str) -> tuple[str, str] | None:
    """Return the two words that an unknown word is made of: "mousepad" gives "mouse" and "pad"."""
    if len(word) < 2 * SHORTEST_PART or not word.isalpha() or reader.known(word):
        return None
    vocabulary = reader.vocabulary
    cuts = ((word[:place], word[place:]) for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1))
    known = [cut for cut in cuts if cut[0] in vocabulary and cut[1] in vocabulary]
    best = max(known, key=lambda cut: min(vocabulary[cut[0]], vocabulary[cut[1]]), default=None)
    return best if best is not None and _together(reader, list(best)) else None


def joined_pairs(reader: Reader, words: list[str]) -> list[int]:
    """Return the places of words that are one word with the next: "head phones" are headphones."""
    pairs = enumerate(pairwise(words))
    return [place for place, (one, other) in pairs if one + other in reader.vocabulary][:2]
