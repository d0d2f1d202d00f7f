"""Read the shop's front once a request: its settings and its theme with the merchant's layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import has_request_context, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.enablement import states, states_column
from plugins.loader import plugins
from souk.kernel.config import config
from souk.kernel.errors import NotFound
from souk.kernel.localized import THEME, every_text, keep_texts, shared_texts
from souk.kernel.models import Setting
from souk.kernel.money import currency_texts
from souk.kernel.statement import Statement
from souk.shipping.reached import reached_countries, reached_parts
from souk.web.language_prefix import NAMES, asked_language, asked_prefix, prefix_of, published_languages, visit_locale
from souk.web.page_cache.fragments import Fragments
from souk.web.storefront.chosen import Chosen
from souk.web.storefront.language import speak, speak_here
from souk.web.storefront.prices import Prices, visit_prices
from tenants.resolve import ResolvedHost
from themes import rows
from themes.apps import installed
from themes.fragments import FragmentStore
from themes.models import ThemeInstallation
from themes.stored import loaded
from themes.theme import DEFAULT_THEME, Theme, load_builtin
from themes.translatable import in_language, translated
from themes.work import read_theme

_RIGHT_TO_LEFT = frozenset(["ar", "fa", "he", "ur", "yi", "ps", "dv"])


@dataclass(frozen=True, slots=True)
class Front:
    shop: rows.ShopRow
    theme: Theme
    localization: rows.LocalizationRow
    prices: Prices
    fragments: FragmentStore | None = None
    # The settings of the apps that the shop uses and that have blocks, by the app's id.
    apps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


_FRONT = (
    select(
        Setting.value,
        ThemeInstallation.base_handle,
        ThemeInstallation.settings,
        ThemeInstallation.templates,
        ThemeInstallation.files,
        reached_parts().label("parts"),
        states_column().label("plugins"),
    )
    .select_from(Setting)
    .outerjoin(ThemeInstallation, ThemeInstallation.role == "main")
    .where(Setting.name == "shop")
)
_LIVE = Statement[Any](_FRONT)
# In a language that is not the shop's own: with the texts that many parts of a page say.
_LIVE_IN = Statement[Any](_FRONT.add_columns(every_text().label("texts")))


def read_front(session: Session, host: ResolvedHost, fragments: Fragments | None = None) -> Front:
    """One query: the settings group `shop` and the installation of the live theme. Raises ThemeNotLoaded.

    A second one asks who is signed in, in a shop where some customers have prices of their own.
    """
    language = asked_language()
    row = _LIVE_IN.one(session, locale=language) if language else _LIVE.one(session)
    values, handle, settings, templates, files, parts, chosen_plugins = row[:7]
    base = loaded.get(files) if files else load_builtin(handle or DEFAULT_THEME)
    theme = base.with_layer(settings, templates)
    if asked_prefix() and asked_prefix() != prefix_of(values):
        raise NotFound("This shop has no pages in this language.")
    _learn(session, values)
    if language:
        keep_texts(session, row.texts)
    prices = visit_prices(session, values)
    if fragments is not None:
        fragments.set_apart(prices.apart)
    own = fragments if prices.shared else None
    spoken, localization = _spoken(session, theme), _localization(values, prices, parts)
    return Front(_shop(values, host), spoken, localization, prices, own, apps_used(chosen_plugins or {}))


def _learn(session: Session, values: Mapping[str, Any]) -> None:
    """Let this request and its readers know the language of the visit."""
    speak(visit_locale(values), prefix_of(values))
    speak_here(session)


def _spoken(session: Session, theme: Theme, *, kept: bool = True) -> Theme:
    """Return the theme with the merchant's texts in the language of the visit."""
    texts = shared_texts(session, THEME)
    if not texts:
        return theme
    return in_language(theme, frozenset(texts.items())) if kept else translated(theme, texts)


def read_chosen_front(session: Session, host: ResolvedHost, chosen: Chosen) -> Front:
    """Read the front with the theme that a preview shows; nothing of it is kept. Raises ThemeNotLoaded."""
    work = read_theme(session, chosen.theme_id).work
    settings = work.settings if chosen.settings is None else chosen.settings
    theme = work.base().sketch(settings, {**work.templates, **chosen.templates})
    values = session.execute(select(Setting.value).where(Setting.name == "shop")).scalar_one()
    _learn(session, values)
    prices = visit_prices(session, values)
    spoken, localization = _spoken(session, theme, kept=False), _localization(values, prices)
    return Front(_shop(values, host), spoken, localization, prices, apps=apps_used(states(session)))


def apps_used(states: Mapping[str, Sequence[Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the settings of the apps with blocks that a shop uses; `states` maps ids to (enabled, settings)."""
    # The first page of a process installs them.
    plugins()
    chosen = {app.id: states.get(app.id, (app.used, {})) for app in installed()}
    return {app_id: settings for app_id, (enabled, settings) in chosen.items() if enabled}


def _shop(values: Mapping[str, Any], host: ResolvedHost) -> rows.ShopRow:
    return rows.ShopRow(
        name=values.get("name") or host.name,
        url=config().origin(host.primary_host),
        description=values.get("description", ""),
        currency=values["currency"],
        locale=values["locale"],
        country=values["country"],
        email=values.get("email", ""),
    )


def _localization(
    values: Mapping[str, Any], prices: Prices, parts: Sequence[str] | None = None
) -> rows.LocalizationRow:
    locale = visit_locale(values)
    direction = "rtl" if locale.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    return rows.LocalizationRow(
        locale,
        prices.currency,
        prices.market.country,
        direction,
        prefix_of(values),
        _languages(values, locale),
        _currencies(prices, locale),
        reached_countries(parts or ()),
    )


def _currencies(prices: Prices, locale: str) -> tuple[rows.CurrencyRow, ...]:
    return tuple(
        rows.CurrencyRow(code, *currency_texts(code, locale), current=code == prices.currency)
        for code in prices.rules.currencies
    )


def _languages(values: Mapping[str, Any], locale: str) -> tuple[rows.LanguageRow, ...]:
    path = request.path if has_request_context() else "/"
    own, *others = published_languages(values)
    found = [
        rows.LanguageRow(str(values["locale"]), NAMES.get(own, own), path, current=locale == values["locale"], own=True)
    ]
    found += [rows.LanguageRow(tag, NAMES[tag], f"/{tag}{path}".rstrip("/"), current=locale == tag) for tag in others]
    return tuple(found)
