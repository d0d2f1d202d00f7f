"""The theme that shoppers see, as a thing to be translated."""

from __future__ import annotations

from collections.abc import Mapping

from souk.kernel.db import transaction
from souk.kernel.errors import Invalid
from souk.kernel.localized import THEME
from souk.kernel.tenancy import TenantScope
from souk.translating.errors import UnknownLanguage, UnknownResource
from souk.translating.sources import KINDS, Resource, Text, read_resources
from souk.web.language_prefix import published_languages
from souk.web.own_themes import load_missing
from themes.stored import ThemeNotLoaded
from themes.theme import DEFAULT_THEME
from themes.translatable import texts_of
from themes.work import Work, live_work


def theme_resource(scope: TenantScope) -> Resource:
    """Return the texts of the live theme; no transaction may be open, since its files may lie elsewhere."""
    with transaction(scope, read_only=True) as session:
        work = live_work(session) or Work(DEFAULT_THEME)
    try:
        theme = work.theme()
    except ThemeNotLoaded as missing:
        load_missing(missing)
        theme = work.theme()
    texts = [Text(digest, source, html) for digest, (source, html) in texts_of(theme).items()]
    return Resource(THEME, 0, "Texts of the theme", texts)


def one_resource(scope: TenantScope, kind: str, resource_id: int) -> Resource:
    """Return one thing to translate; raises UnknownResource."""
    if kind not in KINDS:
        raise UnknownResource
    if kind == THEME:
        return theme_resource(scope)
    with transaction(scope, read_only=True) as session:
        found = read_resources(session, kind, ids=[resource_id], limit=1)
    if not found:
        raise UnknownResource
    return found[0]


def known_language(shop: Mapping[str, object], locale: str) -> str:
    """Return `locale` when it is one of the shop's other languages; raises UnknownLanguage."""
    if locale not in published_languages(shop)[1:]:
        raise UnknownLanguage(locale)
    return locale


class NoTranslationFile(Invalid):
    code = "no_translation_file"

    def __init__(self) -> None:
        super().__init__("Choose the CSV file first.", field="file")
