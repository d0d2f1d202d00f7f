"""The forms in which both engines compare labels and codes."""

from __future__ import annotations

import unicodedata

from souk.search.terms import folded

__all__ = ["OPTION_SEPARATOR", "category_paths", "code_key", "folded", "text_key"]

# A printable sign that nobody types, so that it passes through every filter language.
OPTION_SEPARATOR = "\N{SYMBOL FOR UNIT SEPARATOR}"


def category_paths(names: tuple[str, ...]) -> list[str]:
    """Return the path of each level: ("A", "B") gives "A" and "A > B"."""
    return [" > ".join(names[: depth + 1]) for depth in range(len(names))]


def text_key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def code_key(code: str) -> str:
    return text_key(code).replace(" ", "")
