"""Turn a SearchQuery into Tantivy's queries.

The weights were measured on graded judgments of 57 queries over 19,406 products
(`tests/benchmarks/search_relevance.py`); change them only with that script.
"""

from __future__ import annotations

from dataclasses import dataclass

from tantivy import FieldType, Occur, Query, Searcher

from souk.search.engine import SearchQuery
from souk.search_engines.keys import OPTION_SEPARATOR, code_key, text_key
from souk.search_engines.tantivy_schema import analyzer, schema
from souk.search_engines.tantivy_store import Reader
from souk.search_engines.tantivy_words import corrected

MOST_WORDS = 12
BODY_WEIGHT = 0.3
ABOUT_WEIGHT = 0.1
PHRASE_WEIGHT = 0.3
PHRASE_SLOP = 2
EVERY_WORD_BONUS = 3.0
# Far above what words can score, so that a name beats a description and that beats brand and category.
TITLE_TIER = 100.0
DESCRIPTION_TIER = 50.0
CODE_TIER = 1_000.0
LARGEST_NUMBER = 2**63 - 1
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
    plain = analyzer(stemmed=False).analyze(text)[:MOST_WORDS]
    code = Query.const_score_query(_term("codes", code_key(text)), CODE_TIER)
    if not plain:
        return TextPlan(code)
    if count(reader.searcher, code):
        return TextPlan(_either(code, _every_word(plain)))
    spelt = corrected(reader, plain)
    return TextPlan(_relaxed(reader, spelt), "" if spelt == plain else " ".join(spelt))


def _relaxed(reader: Reader, plain: list[str]) -> Query:
    stems = _stems(plain)
    for wanted in range(len(stems), 0, -1):
        core = Query.boolean_query([(Occur.Should, _word(stem)) for stem in stems], wanted)
        if wanted == 1 or count(reader.searcher, core) >= ENOUGH_HITS:
            break
    return _with_bonuses(core, stems)


def _every_word(plain: list[str]) -> Query:
    stems = _stems(plain)
    return _with_bonuses(Query.boolean_query([(Occur.Must, _word(stem)) for stem in stems]), stems)


def _stems(plain: list[str]) -> list[str]:
    return list(dict.fromkeys(stem for word in plain for stem in analyzer(stemmed=True).analyze(word)))


def _with_bonuses(core: Query, stems: list[str]) -> Query:
    parts = [(Occur.Must, core), (Occur.Should, _all_in(stems, ("title",), TITLE_TIER))]
    parts.append((Occur.Should, _all_in(stems, ("lead", "body"), DESCRIPTION_TIER)))
    if len(stems) > 1:
        parts.append((Occur.Should, _all_in(stems, ("lead", "about"), EVERY_WORD_BONUS)))
        phrase = Query.phrase_query(schema(), "lead", list(stems), PHRASE_SLOP)
        parts.append((Occur.Should, Query.boost_query(phrase, PHRASE_WEIGHT)))
    return Query.boolean_query(parts)


def _all_in(stems: list[str], fields: tuple[str, ...], score: float) -> Query:
    each = [(Occur.Must, _either(*(_term(field, stem) for field in fields))) for stem in stems]
    return Query.const_score_query(Query.boolean_query(each), score)


def _word(stem: str) -> Query:
    body = Query.boost_query(_term("body", stem), BODY_WEIGHT)
    return _either(_term("lead", stem), body, Query.boost_query(_term("about", stem), ABOUT_WEIGHT))


def filters(query: SearchQuery, *, without: str = "") -> list[Query]:
    """Return the chosen filters but the one of the facet `without` ("brand", "option.Color", ...)."""
    chosen = _choices(query)
    return [condition for name, condition in chosen.items() if name != without]


def _choices(query: SearchQuery) -> dict[str, Query]:
    chosen = _option_choices(query)
    if query.category:
        chosen["category"] = _term("category_keys", text_key(query.category))
    if query.brands:
        chosen["brand"] = _either(*(_term("brand_key", text_key(brand)) for brand in query.brands))
    if query.in_stock is not None:
        chosen["in_stock"] = _term("in_stock", int(query.in_stock))
    if query.rating_min is not None:
        chosen["rating"] = _range("rating", query.rating_min, None)
    if (query.price_from, query.price_to) != (None, None):
        chosen["price"] = _range("price", query.price_from, query.price_to)
    if query.collection_id is not None:
        chosen["collection"] = _term("collection", query.collection_id)
    return chosen


def _option_choices(query: SearchQuery) -> dict[str, Query]:
    return {
        f"option.{name}": _either(*(_term("option", f"{name}{OPTION_SEPARATOR}{value}") for value in values))
        for name, values in query.options.items()
        if values
    }


def count(searcher: Searcher, query: Query) -> int:
    """Return how many documents match; the library's type stub lacks the attribute."""
    return int(searcher.search(query, 1).count)  # type: ignore[attr-defined]


def narrowed(text: Query, conditions: list[Query]) -> Query:
    """Return `text` under `conditions`, which filter and do not score."""
    silent = [(Occur.Must, Query.const_score_query(condition, 0.0)) for condition in conditions]
    return Query.boolean_query([(Occur.Must, text), *silent])


def _term(field: str, value: object) -> Query:
    return Query.term_query(schema(), field, value)


def _either(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _range(field: str, low: int | None, high: int | None) -> Query:
    return Query.range_query(schema(), field, FieldType.Integer, _storable(low), _storable(high))


def _storable(number: int | None) -> int | None:
    # Tantivy's numbers have 64 bits; beyond them a bound is as good as the largest number.
    return None if number is None else max(-LARGEST_NUMBER, min(number, LARGEST_NUMBER))
