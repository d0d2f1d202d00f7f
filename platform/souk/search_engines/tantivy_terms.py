"""The smallest queries, from which all others are made."""

from __future__ import annotations

from collections.abc import Iterable

from tantivy import Occur, Query, Searcher

from souk.search_engines.tantivy_schema import analyzer, schema


def term(field: str, value: object) -> Query:
    return Query.term_query(schema(), field, value)


def either(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def every(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def boosted(query: Query, weight: float) -> Query:
    return query if weight == 1 else Query.boost_query(query, weight)


def count(searcher: Searcher, query: Query) -> int:
    """Return how many documents match; the library's type stub lacks the attribute."""
    return int(searcher.search(query, 1).count)  # type: ignore[attr-defined]


def plain_words(text: str) -> list[str]:
    return analyzer(stemmed=False).analyze(text)


def stems_of(word: str) -> list[str]:
    return analyzer(stemmed=True).analyze(word)
