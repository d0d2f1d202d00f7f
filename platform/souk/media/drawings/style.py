"""Keep of CSS in a drawing what paints it, and nothing that could load or run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import tinycss2

from souk.media.drawings.allowed import PAINT

# The library says that it is typed and has no types.
_css: Any = tinycss2
# A reference into the drawing itself, such as a gradient.
_OWN = re.compile(r"#[A-Za-z_][\w.-]{0,100}")
_FUNCTIONS = frozenset(
    ["rgb", "rgba", "hsl", "hsla", "matrix", "translate", "translatex", "translatey", "scale", "scalex", "scaley",
     "rotate", "skewx", "skewy", "url"]
)  # fmt: skip
_TOKENS = frozenset(
    ["ident", "number", "percentage", "dimension", "hash", "string", "literal", "whitespace", "comment", "url",
     "function"]
)  # fmt: skip
_SELECTORS = re.compile(r"[\w\s.#,>*:()-]{1,500}")


def is_harmless(value: str) -> bool:
    """Tell whether a value of an attribute names nothing outside the drawing and calls nothing unknown."""
    return _all_harmless(_css.parse_component_value_list(value))


def clean_declarations(text: str) -> str:
    """Return the declarations of a `style` attribute that paint."""
    return ";".join(_declarations(_css.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)))


def clean_sheet(text: str) -> str:
    """Return the rules of a style sheet that paint; rules that begin with @ load or nest others and are left out."""
    kept = []
    for rule in _css.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        selectors = _css.serialize(rule.prelude).strip() if rule.type == "qualified-rule" else ""
        if selectors and _SELECTORS.fullmatch(selectors):
            content = _css.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            kept.append(f"{selectors}{{{';'.join(_declarations(content))}}}")
    return "".join(kept)


def _declarations(found: Iterable[Any]) -> list[str]:
    return [
        f"{one.lower_name}:{_css.serialize(one.value).strip()}"
        for one in found
        if one.type == "declaration" and one.lower_name in PAINT and _all_harmless(one.value)
    ]


def _all_harmless(tokens: Iterable[Any]) -> bool:
    return all(_harmless(token) for token in tokens)


def _harmless(token: Any) -> bool:
    if token.type == "url":
        return _OWN.fullmatch(token.value) is not None
    if token.type == "function":
        if token.lower_name == "url":
            return _own_text(token.arguments)
        return token.lower_name in _FUNCTIONS and _all_harmless(token.arguments)
    if token.type in {"ident", "string"}:
        return "<" not in token.value and ":" not in token.value
    return token.type in _TOKENS


def _own_text(arguments: Iterable[Any]) -> bool:
    texts = [token.value for token in arguments if token.type != "whitespace"]
    return len(texts) == 1 and _OWN.fullmatch(str(texts[0])) is not None
