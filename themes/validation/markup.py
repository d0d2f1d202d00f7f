"""Warnings on the HTML of templates: what makes pages slow, jumpy or dependent on strangers."""

from __future__ import annotations

import re

from themes.engine import environment
from themes.validation.code import Codes
from themes.validation.finding import Inspection

_BLANK = "\N{REPLACEMENT CHARACTER}"
_TAG = re.compile(r"<(script|link|img)\b([^<>]{0,2000})>", re.IGNORECASE)
_REMOTE = re.compile(r"\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE)
_ROUTES = re.compile(r"\b(?:href|action)\s*=\s*[\"'](/cart|/search|/account|/checkout|/collections/all)[\"'/?]")


def check_markup(theme: Inspection, codes: Codes) -> None:
    for path, code in codes.by_path.items():
        plain = _without_expressions(code.parts.markup)
        for match in _TAG.finditer(plain):
            _check_tag(theme, path, plain.count("\n", 0, match.start()) + 1, match[1].lower(), match[2])
        for match in _ROUTES.finditer(plain):
            line = plain.count("\n", 0, match.start()) + 1
            theme.warn(path, line, "hardcoded-route", f"The address {match[1]} may move; use the object routes.")


def _without_expressions(markup: str) -> str:
    """Return the HTML with a blank for each piece of code, whose quotes would end attributes; lines stay."""
    pieces = []
    for _, kind, text in environment().lex(markup):
        pieces.append(text if kind == "data" else _BLANK + "\n" * text.count("\n"))
    return "".join(pieces)


def _check_tag(theme: Inspection, path: str, line: int, tag: str, attributes: str) -> None:
    lower = attributes.lower()
    if tag == "img" and not ("width" in lower and "height" in lower) and _BLANK not in attributes:
        theme.warn(
            path, line, "image-size", "The img has no width and height, so the page jumps; add them or use image_tag."
        )
    if tag in ("script", "link") and _REMOTE.search(attributes) and "preconnect" not in lower:
        theme.warn(
            path,
            line,
            "remote-asset",
            "The file comes from another host, which can fail or follow shoppers; put it into assets.",
        )
    blocking = tag == "script" and "src" in lower and not re.search(r"\b(?:async|defer|module)\b", lower)
    if blocking:
        theme.warn(
            path, line, "blocking-script", 'The script stops the page while it loads; add defer or type="module".'
        )
