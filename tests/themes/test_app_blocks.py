"""Blocks of apps: drawn from the app's own files, within budgets of their own, never at the section's cost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.themes.attacks.cell import page_of
from tests.themes.small import small_theme
from themes import apps
from themes.apps import AppFilesRefused
from themes.errors import ThemeFileInvalid
from themes.page import PageContext, Rendered
from themes.render import render_page
from themes.theme import Theme
from themes.translatable import texts_of, translated
from themes.validate import check, errors

SECTION = """Before {% content_for 'blocks' %} after
{% schema %}{"name": "Main", "blocks": [ACCEPTED, {"type": "note", "name": "Note"}]}{% endschema %}"""
STARS = """<p>{{ block.settings.label }} {{ 'stars.of' | t }} {{ app.settings.scale }} {% render 'star', n=1 %}</p>
{% stylesheet %}.stars{color:gold}{% endstylesheet %}
{% schema %}{"name": "Stars", "settings": [{"type": "text", "id": "label", "label": "Label", "default": "Best"},
{"type": "product", "id": "product", "label": "Product"}]}{% endschema %}"""
FILES = {
    "blocks/stars.html": STARS,
    "blocks/endless.html": "{% for a in range(1000) %}{% for b in range(1000) %}{{ a * b }}{% endfor %}{% endfor %}",
    "blocks/wide.html": "{% for a in range(900) %}{{ 'wide wide wide wide wide wide wide wide' }}{% endfor %}",
    "snippets/star.html": "<b>{{ n }}</b>",
    "locales/en.default.json": '{"stars": {"of": "of"}}',
    "locales/de.json": '{"stars": {"of": "von"}}',
}
SCALE = [{"type": "range", "id": "scale", "label": "Scale", "min": 1, "max": 10, "default": 5}]


@pytest.fixture(autouse=True)
def reviews() -> Iterator[None]:
    apps.install("reviews", "Reviews", {path: text.encode() for path, text in FILES.items()}, SCALE)
    yield
    apps.uninstall("reviews")


def theme_with(*blocks: Mapping[str, Any], accepted: str = '{"type": "@app"}') -> Theme:
    named = {f"b{number}": dict(block) for number, block in enumerate(blocks)}
    files = small_theme(
        **{
            "sections/main.html": SECTION.replace("ACCEPTED", accepted),
            "blocks/note.html": '<p>{{ block.type }}</p>{% schema %}{"name": "Note"}{% endschema %}',
            "templates/index.json": json.dumps({"sections": {"main": {"type": "main", "blocks": named}}}),
        }
    )
    return Theme("small", files)


def page(*, on: bool = True, design: bool = False, locale: str = "en") -> PageContext:
    made = page_of()
    return replace(
        made, apps={"reviews": {"scale": 7}} if on else {}, request=replace(made.request, design_mode=design),
        localization=replace(made.localization, locale=locale),
    )  # fmt: skip


def shown(*types: str, **how: Any) -> Rendered:
    return render_page(theme_with(*({"type": f"@app/{name}"} for name in types)), "index", page(**how))


def test_a_block_is_drawn_from_the_apps_files_with_its_settings_and_the_shops() -> None:
    theme = theme_with({"type": "@app/reviews/stars", "settings": {"label": "<Fine>"}}, {"type": "note"})

    result = render_page(theme, "index", page(locale="de"))

    assert '<div class="app-block app-block--reviews-stars"><p>&lt;Fine&gt; von 7 <b>1</b></p></div>' in result.html
    assert "<p>note</p>" in result.html
    assert result.html.count('<link rel="stylesheet" href="/theme/apps/reviews/') == 1
    assert result.failed_sections == ()


def test_a_section_that_takes_no_app_blocks_shows_none() -> None:
    theme = theme_with({"type": "@app/reviews/stars"}, accepted='{"type": "other", "name": "O"}')

    assert "Best" not in render_page(theme, "index", page()).html


@pytest.mark.parametrize(
    ("block", "why", "on"),
    [
        ("reviews/stars", "Reviews is switched off", False),
        ("reviews/gone", "Reviews has no block &#39;gone&#39; any more", True),
        ("other/stars", "The app &#39;other&#39; is not installed", True),
        ("reviews/endless", "budget of operations", True),
        ("reviews/wide", "budget of output", True),
    ],
)
def test_what_cannot_be_drawn_is_nothing_to_shoppers_and_explained_in_the_editor(
    block: str, why: str, *, on: bool
) -> None:
    live, edited = shown(block, on=on), shown(block, on=on, design=True)

    assert "app-block" not in live.html.partition("<main")[2]
    assert "Before" in live.html
    assert "after" in live.html
    assert why in edited.html
    assert 'data-block-id="b0"' in edited.html


def test_blocks_that_eat_everything_leave_their_section_its_share() -> None:
    result = shown(*["reviews/endless"] * 12, "reviews/stars")

    assert "Before" in result.html
    assert "after" in result.html
    assert set(result.failed_sections) == {"@app/reviews/endless", "@app/reviews/stars"}


def test_a_page_shows_thirty_blocks_of_apps_at_most() -> None:
    assert shown(*["reviews/stars"] * 40).html.count("app-block--reviews-stars") == 30


def test_texts_of_blocks_are_translated_and_their_values_checked() -> None:
    theme = theme_with({"type": "@app/reviews/stars", "settings": {"label": "Best"}})
    known = next(digest for digest, (text, _) in texts_of(theme).items() if text == "Best")
    wrong = theme_with({"type": "@app/reviews/stars", "settings": {"labelled": "Best"}})

    assert "<p>Beste" in render_page(translated(theme, {known: "Beste"}), "index", page()).html
    assert [one.rule for one in errors(check(wrong.files)) if "labelled" in one.message] == ["unknown-setting"]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"sections/a.html": b"x"}, "move sections/a.html"),
        ({"snippets/a.html": b"x"}, "it has 0"),
        ({f"blocks/b{n}.html": b"x" for n in range(31)}, "it has 31"),
        ({"blocks/a.html": b"x" * 110_000}, "at most 100 KB"),
        ({"blocks/a.html": b"{{ app._settings }}"}, "are private"),
    ],
)
def test_files_that_no_app_may_have_are_refused(files: dict[str, bytes], why: str) -> None:
    with pytest.raises((AppFilesRefused, ThemeFileInvalid), match=why):
        apps.install("new", "New", files)

    assert [app.id for app in apps.installed() if app.id == "new"] == []
