"""The language in which the storefront itself speaks; themes bring their own texts."""

from __future__ import annotations

from flask import g, has_request_context

from souk.kernel.translations import Translator
from souk.web.texts import translator


def speak(locale: str) -> None:
    """Let the rest of this request speak the shop's language."""
    g.locale = locale


def here() -> Translator:
    return translator(g.get("locale", "en") if has_request_context() else "en")
