"""The language in which the storefront itself speaks; themes bring their own texts."""

from __future__ import annotations

from flask import g, has_request_context
from sqlalchemy.orm import Session

from souk.kernel.localized import speak_in
from souk.kernel.translations import Translator
from souk.web.texts import translator


def speak(locale: str, prefix: str = "") -> None:
    """Let the rest of this request speak the language of the visit, whose pages stand below `prefix`."""
    g.locale, g.language_prefix = locale, prefix
    g.content_locale = locale if prefix else ""


def speak_here(session: Session) -> None:
    """Let a transaction of this request read what the merchant wrote in the language of the visit."""
    speak_in(session, content_locale())


def content_locale() -> str:
    """Return the language in which this request reads what the merchant wrote; nothing is the shop's own."""
    return str(g.get("content_locale", "")) if has_request_context() else ""


def here() -> Translator:
    return translator(g.get("locale", "en") if has_request_context() else "en")


def at(path: str) -> str:
    """Return the address of a page of this shop in the language of the visit."""
    return f"{g.get('language_prefix', '') if has_request_context() else ''}{path}"
