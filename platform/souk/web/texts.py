"""The texts of our own shopper pages: checkout, order status, account, and what a refused cart says."""

from __future__ import annotations

from pathlib import Path

from souk.kernel.errors import SoukError
from souk.kernel.translations import Translator, read_catalogue

TEXTS = read_catalogue(Path(__file__).parent / "locales")


def translator(locale: str) -> Translator:
    return TEXTS.translator(locale)


def explain(error: SoukError, translate: Translator) -> str:
    """Return what is wrong in the shopper's language; an error that no catalogue knows speaks for itself."""
    field = str(error.extra.get("field", ""))
    for key in (f"errors.{error.code}.{field}", f"errors.{error.code}.other", f"errors.{error.code}"):
        text = translate(key, **error.extra)
        if text != key:
            return text
    return error.detail
