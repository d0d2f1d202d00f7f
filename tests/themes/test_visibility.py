"""`visible_if` compares settings with constants and does nothing else."""

from __future__ import annotations

import pytest

from themes.visibility import VisibilityInvalid, parse_visibility

VALUES: dict[str, dict[str, object]] = {
    "section": {"layout": "grid", "columns": 3, "show": True, "text": ""},
    "block": {"kind": "a"},
    "settings": {"wide": False},
}


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        ('{{ section.settings.layout == "grid" }}', True),
        ("{{ section.settings.layout != 'grid' }}", False),
        ("section.settings.columns > 2 and section.settings.show", True),
        ("section.settings.columns >= 4 or block.settings.kind == 'a'", True),
        ("not section.settings.show", False),
        ("settings.wide", False),
        ("section.settings.show == true", True),
        ("section.settings.text == blank", True),
        ("section.settings.layout != blank", True),
        ("section.settings.nope", False),
        ("section.settings.layout > 3", False),
        ('section.settings.layout == "this and that"', False),
    ],
)
def test_a_condition_holds(condition: str, shown: bool) -> None:  # noqa: FBT001 - a table's column
    assert parse_visibility(condition).holds(VALUES) is shown


@pytest.mark.parametrize(
    "condition",
    [
        "", "1 == 1", "section.settings.a == b", "section.settings.__class__", "section.settings.a | upper",
        "section.settings.a() ", "cart.item_count > 1",
        "section.settings.a and section.settings.b or section.settings.c",
        "{% if section.settings.a %}", "section.settings.a ==", "x" * 501, 7, None, {"a": 1},
    ],
)  # fmt: skip
def test_all_else_is_refused(condition: object) -> None:
    with pytest.raises(VisibilityInvalid):
        parse_visibility(condition)
