"""Turn what a shopper typed into a query that ranks.

A word counts with its best field alone, so that a name of few words is not beaten by a text that repeats it.
The weights were measured on graded judgments of 57 queries over 19,406 products (`souk search evaluate`,
`tests/benchmarks/search_relevance.py`); change them only with that command.
"""

from __future__ import annotations

from dataclasses import dataclass

from tantivy import Occur, Query

from souk.search_engines.keys import code_key
from souk.search_engines.tantivy_reader import Reader, units
from souk.search_engines.tantivy_schema import schema
from souk.search_engines.tantivy_spelling import corrected, joined_pairs, one_replaced, parts_of
from souk.search_engines.tantivy_terms import boosted, count, either, every, plain_words, stems_of, term

MOST_WORDS = 12
# The description holds the lead too: below 1 it only adds what the lead has not.
WEIGHTS = {"title": 1.0, "lead": 1.0, "body": 0.85, "about": 0.5}
SYNONYM_WEIGHT = 0.8
JOINED_WEIGHT = 0.9
EVERY_WORD_BONUS = 3.0
PHRASE_WEIGHT = 0.05
PHRASE_SLOP = 2
CODE_TIER = 1_000.0
# With fewer hits than this, one word less is asked for.
ENOUGH_HITS = 5


@dataclass(frozen=True, slots=True)
class TextPlan:
    """`spelling` is what was searched for instead of the shopper's words, empty when they were known."""

    query: Query
    spelling: str = ""


def plan_text(reader: Reader, text: str) -> TextPlan:
    if not text.strip():
        return TextPlan(Query.all_query())
    typed = plain_words(text)[:MOST_WORDS]
    code = code_key(text)
    if reader.searcher.doc_freq("codes", code):
        exact = Query.const_score_query(term("codes", code), CODE_TIER)
        return TextPlan(either([exact, _every_word(reader, typed)]) if typed else exact)
    if not typed:
        return TextPlan(Query.empty_query())
    words = [word for word in typed if word not in reader.stop_words] or typed
    spelt = corrected(reader, words)
    core = _all(reader, spelt)
    if len(spelt) > 1:
        core, spelt = _enough(reader, core, spelt)
    return TextPlan(_with_bonuses(core, spelt), "" if spelt == words else " ".join(spelt))


def _enough(reader: Reader, core: Query, words: list[str]) -> tuple[Query, list[str]]:
    """Return a query that finds something, and its words: other ones, or fewer of them, where all find too little."""
    hits = count(reader.searcher, core)
    if not hits:
        other = one_replaced(reader, words)
        if other != words:
            words, core = other, _all(reader, other)
            hits = count(reader.searcher, core)
    return (core if hits >= ENOUGH_HITS else _relaxed(reader, words)), words


def _all(reader: Reader, words: list[str]) -> Query:
    """Return the query for all words."""
    core = every(_unit(reader, unit) for unit in units(reader, words))
    pairs = joined_pairs(reader, words)
    return either([core, *(_with_pair(reader, words, place) for place in pairs)]) if pairs else core


def _relaxed(reader: Reader, words: list[str]) -> Query:
    """Ask for one word less as long as too few products have so many."""
    parts = [_unit(reader, unit) for unit in dict.fromkeys(units(reader, words))]
    for wanted in range(len(parts) - 1, 0, -1):
        core = Query.boolean_query([(Occur.Should, part) for part in parts], wanted)
        if count(reader.searcher, core) >= ENOUGH_HITS:
            return core
    return either(
        [*parts, *(_unit(reader, (words[place] + words[place + 1],)) for place in joined_pairs(reader, words))]
    )


def _with_pair(reader: Reader, words: list[str], place: int) -> Query:
    """Return the query for words of which two neighbours are one word to the shop."""
    others = [*words[:place], *words[place + 2 :]]
    pair = words[place] + words[place + 1]
    return every([_unit(reader, (pair,)), *(_unit(reader, (word,)) for word in others)])


def _every_word(reader: Reader, words: list[str]) -> Query:
    return _with_bonuses(every(_unit(reader, unit) for unit in units(reader, words)), words)


def _with_bonuses(core: Query, words: list[str]) -> Query:
    stems = list(dict.fromkeys(stem for word in words for stem in stems_of(word)))
    parts = [(Occur.Must, core), (Occur.Should, _all_in_front(stems))]
    if len(stems) > 1:
        phrase = Query.phrase_query(schema(), "title", list(stems), PHRASE_SLOP)
        parts.append((Occur.Should, Query.boost_query(phrase, PHRASE_WEIGHT)))
    return Query.boolean_query(parts)


def _all_in_front(stems: list[str]) -> Query:
    each = (either(term(field, stem) for field in ("title", "lead", "about")) for stem in stems)
    return Query.const_score_query(every(each), EVERY_WORD_BONUS)


def _unit(reader: Reader, unit: tuple[str, ...]) -> Query:
    others = reader.synonyms_of(" ".join(unit))
    if not others:
        return _all_of(reader, unit)
    forms = (boosted(_all_of(reader, tuple(plain_words(other))), SYNONYM_WEIGHT) for other in others)
    return Query.disjunction_max_query([_all_of(reader, unit), *forms], 0.0)


def _all_of(reader: Reader, words: tuple[str, ...]) -> Query:
    return _form(reader, words[0]) if len(words) == 1 else every(_form(reader, word) for word in words)


def _form(reader: Reader, word: str) -> Query:
    fields = [boosted(term(name, stem), weight) for stem in stems_of(word) for name, weight in WEIGHTS.items()]
    if reader.searcher.doc_freq("joined", word):
        fields.append(boosted(term("joined", word), JOINED_WEIGHT))
    if any(letter.isdigit() for letter in word) and reader.searcher.doc_freq("codes", word):
        fields.append(term("codes", word))
    parts = parts_of(reader, word)
    if parts:
        fields.append(boosted(every(_form(reader, part) for part in parts), JOINED_WEIGHT))
    return Query.disjunction_max_query(fields, 0.0)
