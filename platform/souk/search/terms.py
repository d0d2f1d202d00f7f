"""One form for what shoppers type, so that rules, counts and tests of a query meet however it was written."""

from __future__ import annotations

import re
import unicodedata

MOST_LETTERS = 100
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return the text in lower case without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def terms_key(text: str) -> str:
    """Return the words in lower case without accents and signs, one blank between them, at most 100 letters."""
    return " ".join(_WORD.findall(folded(text[: 4 * MOST_LETTERS])))[:MOST_LETTERS].rstrip()
