"""Sections are kept where the theme, the shop and what they read of the request decide what they print."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.themes.test_snippets import Store
from themes import rows
from themes.fixtures import FixtureReader
from themes.fragments import Fragment
from themes.page import PageContext
from themes.render import render_page
from themes.theme import Theme

MENU = rows.MenuRow("main", "Main", (rows.LinkRow("Chairs", "/collections/chairs"), rows.LinkRow("News", "/blog")))
LINK = "<a{% if link.active %} aria-current{% endif %}>{{ link.title }}</a>"
NAV = "{% for link in menus['main'].links %}" + LINK + "{% endfor %}"


def theme(bar: str, *more: str, word: str = "Hi") -> Theme:
    sections = {"bar": {"type": "bar", "settings": {"word": word}}, "main": {"type": "main"}}
    schema = '{% schema %}{"settings": [{"type": "text", "id": "word"}]}{% endschema %}'
    files = {
        "layout/theme.html": "{{ content_for_layout }}",
        "snippets/part.html": more[0] if more else "{{ section.settings.word }}",
        "sections/bar.html": bar + schema,
        "sections/main.html": "{{ request.path }}:{{ customer.name }}",
        "templates/page.json": json.dumps({"sections": sections, "order": ["bar", "main"]}),
        "locales/en.default.json": "{}",
    }
    return Theme("test", {path: text.encode() for path, text in files.items()})


def page(store: Store | None, path: str = "/blog", **changed: object) -> PageContext:
    query = changed.pop("query", ())
    made = PageContext(
        shop=rows.ShopRow("Shop", "https://shop.test"),
        request=rows.RequestRow("shop.test", path, "page", query=query),  # type: ignore[arg-type]
        localization=rows.LocalizationRow("en", "USD"),
        reader=FixtureReader(menu_rows=(MENU,)),
        fragments=store,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def kept(store: Store) -> list[Fragment]:
    return [each for each in store.kept.values() if isinstance(each, Fragment)]


def test_a_header_is_rendered_once_for_all_pages_and_its_menu_asked_for_once() -> None:
    store, made = Store(), theme("{{ shop.name }} {{ section.settings.word }} {{ menus['main'].links | length }}")

    first = render_page(made, "page", page(store))
    again = render_page(made, "page", page(store, "/pages/about"))

    assert (first.stats.queries - again.stats.queries, store.hits) == (1, 1)
    assert "Shop Hi 2" in again.html
    assert [part.keys for part in kept(store)] == [frozenset(["menu-main", "settings"])]
    assert "menu-main" in again.surrogate_keys


def test_what_it_reads_of_the_request_keeps_it_once_a_value() -> None:
    store, made = Store(), theme(NAV)

    shown = [render_page(made, "page", page(store, path)).html for path in ("/blog", "/collections/chairs", "/blog")]

    assert [html.count("aria-current") for html in shown] == [1, 1, 1]
    assert "<a aria-current>Chairs" in shown[1]
    assert "<a aria-current>News" in shown[2]
    assert (len(kept(store)), store.hits) == (2, 1)


def test_the_second_section_with_the_menu_leaves_with_it_too() -> None:
    store = Store()
    made = theme(
        "{{ menus['main'].title }}{% for n in [1] %}{% render 'part' %}{% endfor %}", "{{ menus['main'].title }}"
    )

    render_page(made, "page", page(store))

    assert len(kept(store)) == 2
    assert {part.keys for part in kept(store)} == {frozenset(["menu-main", "settings"])}


def test_a_section_is_kept_with_the_snippet_that_reads_it_and_the_snippet_alone_is_not() -> None:
    store = Store()

    first = render_page(theme("{% render 'part' %}"), "page", page(store))
    other = render_page(theme("{% render 'part' %}", word="Bye"), "page", page(store))

    assert ("Hi" in first.html, "Bye" in other.html) == (True, True)
    assert sorted(part.html for part in kept(store)) == ["Bye", "Hi"]


@pytest.mark.parametrize(
    "changed",
    [
        {"shop": rows.ShopRow("Other", "https://shop.test")},
        {"localization": rows.LocalizationRow("en", "EUR")},
        {"localization": rows.LocalizationRow("de", "USD", prefix="/de")},
    ],
)
def test_another_shop_name_currency_or_language_makes_another_section(changed: dict[str, object]) -> None:
    store, made = Store(), theme("{{ shop.name }} {{ localization.currency }} {{ localization.locale }}")

    first = render_page(made, "page", page(store)).html
    other = render_page(made, "page", replace(page(store), **changed)).html  # type: ignore[arg-type]

    assert (store.hits, first == other) == (0, False)


def test_the_addresses_of_this_page_in_other_languages_are_its_own() -> None:
    def localized(path: str) -> rows.LocalizationRow:
        return rows.LocalizationRow("en", "USD", languages=(rows.LanguageRow("de", "Deutsch", "/de" + path),))

    store, made = Store(), theme("{% for each in localization.available_languages %}{{ each.url }}{% endfor %}")

    shown = [
        render_page(made, "page", page(store, path, localization=localized(path))).html for path in ("/a", "/b", "/a")
    ]

    assert ["/de/a" in html for html in shown] == [True, False, True]
    assert store.hits == 1


def test_a_form_that_was_sent_is_answered_to_its_sender_alone() -> None:
    store = Store()
    made = theme("{% form 'newsletter' %}{{ form.error }}{% if form.posted %}thanks{% endif %}{% endform %}")

    plain = render_page(made, "page", page(store)).html
    refused = render_page(made, "page", page(store, form_errors={"newsletter": "That is no address."})).html
    sent = render_page(made, "page", page(store, query=(("sent", "newsletter"),))).html
    last = render_page(made, "page", page(store)).html

    assert ["no address" in html for html in (plain, refused, sent, last)] == [False, True, False, False]
    assert ["thanks" in html for html in (plain, refused, sent, last)] == [False, False, True, False]


@pytest.mark.parametrize(
    "bar",
    [
        "{{ customer.name }}", "{{ cart.item_count }}", "{{ now | date }}", "{{ page_title }}", "{{ canonical_url }}",
        "{{ products['p1'].title }}", "{{ collections['all'].title }}", "{{ template.name }}", "{% slot 'bar' %}",
        "{{ plugins.x.y }}", "{% if shop.name == 'never' %}{{ cart.note }}{% endif %}",
    ],
)  # fmt: skip
def test_a_section_that_shows_more_is_never_kept(bar: str) -> None:
    store = Store()

    result = render_page(theme(bar), "page", page(store))

    assert result.failed_sections == ()
    assert store.kept == {}
