"""Hostile stored JSON and whole pages: the shop stays open, within its budgets."""

# ruff: noqa: E501 - a hostile value is read in one line

from __future__ import annotations

import json
from time import thread_time
from typing import Any

import pytest

from tests.themes.attacks.cell import page_of
from tests.themes.small import small_theme
from themes.errors import ThemeFileInvalid
from themes.page import Rendered
from themes.render import render_page
from themes.sandbox.budget import Limits
from themes.theme import Theme
from themes.validate import check

DEEP = "[" * 100_000
NUMBERS: list[Any] = [None, True, 7, -1.5, "", "x", [], {}, [[]], {"a": 1}, {"type": 1}, {"type": "main"}, "\ud800"]


def drawn(**changed: str | bytes | None) -> Rendered:
    return render_page(Theme("small", small_theme(**changed)), "index", page_of())


def template(**sections: Any) -> dict[str, str]:
    return {"templates/index.json": json.dumps({"sections": sections, "order": list(sections)})}


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
@pytest.mark.parametrize(
    "shape",
    [
        '{"sections": VALUE}', '{"sections": {"main": VALUE}}', '{"sections": {"main": {"type": VALUE}}}',
        '{"sections": {"main": {"type": "main", "settings": VALUE}}}',
        '{"sections": {"main": {"type": "main", "settings": {"heading": VALUE, "columns": VALUE}}}}',
        '{"sections": {"main": {"type": "main", "blocks": VALUE}}}',
        '{"sections": {"main": {"type": "main", "blocks": {"n": VALUE}}}}',
        '{"sections": {"main": {"type": "main"}}, "order": VALUE}', '{"sections": {}, "layout": VALUE}', "VALUE",
    ],
)  # fmt: skip
def test_a_template_of_any_shape_leaves_the_page_standing(shape: str, value: Any) -> None:
    files = {"templates/index.json": shape.replace("VALUE", json.dumps(value))}

    result = drawn(**files)

    assert result.html.endswith("</html>")
    result.html.encode()
    check(small_theme(**files))


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
@pytest.mark.parametrize("path", ["config/settings_schema.json", "config/settings_data.json"])
def test_settings_of_any_shape_leave_the_page_standing(path: str, value: Any) -> None:
    shapes = [value, {"current": value, "presets": value}, [{"settings": value}], [{"settings": [value]}]]
    declared = [{"settings": [{"id": "text_color", "type": "range", "min": value, "max": value, "default": value}]}]
    for data in (*shapes, declared, [{"settings": [{"id": value, "type": value, "options": value}]}]):
        files = {path: json.dumps(data)}

        assert "</html>" in drawn(**files).html
        check(small_theme(**files))


@pytest.mark.parametrize(
    "path", ["config/settings_data.json", "locales/en.default.json", "config/settings_schema.json"]
)
def test_json_that_is_nested_for_ever_is_refused_at_upload(path: str) -> None:
    with pytest.raises(ThemeFileInvalid, match="nested too deep"):
        Theme("small", small_theme(**{path: DEEP}))


def test_a_broken_template_is_an_empty_page_in_its_layout() -> None:
    result = drawn(**{"templates/index.json": DEEP})

    assert result.failed_sections == ("templates/index",)
    assert "</html>" in result.html


def test_a_million_sections_are_cut_at_the_limit() -> None:
    entries = {f"s{n}": {"type": "main"} for n in range(20_000)}

    result = drawn(**template(**entries))

    assert result.html.count('id="section-') == 25


def test_blocks_that_multiply_are_stopped() -> None:
    nested: dict[str, Any] = {"type": "fork"}
    for _ in range(12):
        nested = (
            {"type": "fork", "blocks": {"a": nested, "b": nested}}
            if _ < 8
            else {"type": "fork", "blocks": {"a": nested}}
        )
    fork = "{% content_for 'blocks' %}" * 12 + '{% schema %}{"name": "F"}{% endschema %}'
    files = {
        "blocks/fork.html": fork,
        "sections/main.html": "{% content_for 'blocks' %}"
        '{% schema %}{"name": "M", "blocks": [{"type": "@theme"}]}{% endschema %}',
        **template(main={"type": "main", "blocks": {"a": nested}}),
    }
    started = thread_time()

    result = drawn(**files)

    assert thread_time() - started < 1.5
    assert result.failed_sections == ("main",)


def test_every_section_being_a_bomb_costs_no_more_than_a_page() -> None:
    bomb = "{% for a in range(999) %}{% for b in range(999) %}{{ b }}{% endfor %}{% endfor %}"
    started = thread_time()

    result = drawn(**{"sections/main.html": bomb, **template(**{f"s{n}": {"type": "main"} for n in range(25)})})

    assert thread_time() - started < 1.5
    assert result.stats.ops <= Limits().ops + 25 * 60_000
    assert len([name for name in result.failed_sections if name.startswith("s")]) == 25
    assert "</html>" in result.html


def test_output_is_bounded_a_page() -> None:
    wide = "{% for a in range(400) %}" + "x" * 3_000 + "{% endfor %}"

    result = drawn(**{"sections/main.html": wide, **template(a={"type": "main"}, b={"type": "main"})})

    assert len(result.html) < Limits().chars
    assert result.failed_sections == ("b",)


def test_a_lone_surrogate_cannot_break_the_response() -> None:
    result = drawn(**{"sections/main.html": "{{ '\\ud83d' }}é"})

    assert "?é" in result.html
    result.html.encode()


def test_a_failing_layout_is_replaced_and_the_sections_stay() -> None:
    result = drawn(**{"layout/theme.html": "{{ 1 / 0 }}{{ content_for_layout }}"})

    assert "layout/theme" in result.failed_sections
    assert "Hello" in result.html


@pytest.mark.parametrize(
    "value",
    ["javascript:alert(1)", "data:text/html,x", "vbscript:x", " javascript:x", "java\nscript:x", "JAVASCRIPT:x"],
)
def test_an_address_in_a_setting_runs_no_script(value: str) -> None:
    section = '<a href="{{ section.settings.link }}">x</a>{% schema %}{"name": "M", "settings": [{"type": "url", "id": "link", "label": "L"}]}{% endschema %}'
    result = drawn(**{"sections/main.html": section, **template(main={"type": "main", "settings": {"link": value}})})

    assert '<a href="">' in result.html


@pytest.mark.parametrize(
    "value", ["red;}body{display:none", "url(//evil.test)", "expression(1)", "</style><script>", "#12"]
)
def test_a_colour_in_a_setting_is_a_colour(value: str) -> None:
    result = drawn(**{"config/settings_data.json": json.dumps({"current": {"text_color": value}})})

    assert '<body style="color: ">' in result.html
