"""The languages that a shop can speak: those in which our own pages and mails are complete."""

from __future__ import annotations

from babel.core import Locale, UnknownLocaleError

LANGUAGES = ("en", "en-GB", "en-US", "de", "de-AT", "de-CH", "de-DE", "fr", "fr-CA", "es", "es-MX", "ja", "ar")


def language_choices(present: str) -> list[tuple[str, str]]:
    """Return (tag, name); a language that the shop has from elsewhere stays among them."""
    tags = LANGUAGES if present in LANGUAGES or not present else (*LANGUAGES, present)
    return [(tag, _name(tag)) for tag in tags]


def _name(tag: str) -> str:
    try:
        return str(Locale.parse(tag, sep="-").get_display_name())
    except (UnknownLocaleError, ValueError):
        return tag
