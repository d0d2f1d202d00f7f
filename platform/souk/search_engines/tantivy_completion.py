"""Complete what is being typed."""

from __future__ import annotations

from souk.search_engines.tantivy_reader import Reader
from souk.search_engines.tantivy_spelling import corrected
from souk.search_engines.tantivy_terms import every, plain_words, term


def completions(reader: Reader, text: str, limit: int) -> tuple[str, ...]:
    """Complete the last word of `text` from products that have the earlier words, most frequent first."""
    words = plain_words(text)
    if not words or limit < 1:
        return ()
    *earlier, typed = words
    scope = every(term("words", word) for word in earlier) if earlier else None
    found = reader.searcher.terms_with_prefix("words", typed, scope, limit)
    lines = [" ".join((*earlier, word)) for word, _ in found]
    if not lines:
        other = corrected(reader, words)
        lines = [" ".join(other)] if other != words else []
    return tuple(lines)
