"""A new version of a theme under a merchant's changes: nothing of either side is lost silently."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from themes.changes import difference
from themes.update import merge_update, without_dropped

BASE = {"a.html": b"one\ntwo\nthree\nfour\nfive\n", "b.css": b"b\n", "gone.js": b"x\n", "p.png": b"\xff\x00"}


def merged(mine: Mapping[str, bytes | None], theirs: Mapping[str, bytes | None]) -> dict[str, tuple[str, bytes | None]]:
    """Return {path: (kind, content)} of the files that one side changed."""
    sides = [{**BASE, **side} for side in (mine, theirs)]
    files = [{path: text for path, text in side.items() if text is not None} for side in sides]
    update = merge_update(BASE, files[0], files[1])
    return {each.path: (each.kind, each.content) for each in update.files if each.path in {**mine, **theirs}}


@pytest.mark.parametrize(
    ("mine", "theirs", "kind", "content"),
    [
        ({}, {"b.css": b"new\n"}, "taken", b"new\n"),
        ({"b.css": b"mine\n"}, {}, "yours", b"mine\n"),
        ({"b.css": b"same\n"}, {"b.css": b"same\n"}, "merged", b"same\n"),
        ({"b.css": b"mine\n"}, {"b.css": b"theirs\n"}, "conflict", b"mine\n"),
        ({"b.css": b"mine\n"}, {"b.css": None}, "conflict", b"mine\n"),
        ({"b.css": None}, {"b.css": b"theirs\n"}, "conflict", None),
        ({"b.css": None}, {}, "yours", None),
        ({}, {"b.css": None}, "removed", None),
        ({"n.html": b"mine\n"}, {"n.html": b"theirs\n"}, "conflict", b"mine\n"),
        ({}, {"n.html": b"theirs\n"}, "new", b"theirs\n"),
        ({"p.png": b"\xff\x01"}, {"p.png": b"\xff\x02"}, "conflict", b"\xff\x01"),
    ],
)
def test_what_becomes_of_a_file(
    mine: dict[str, bytes | None], theirs: dict[str, bytes | None], kind: str, content: bytes | None
) -> None:
    (found,) = merged(mine, theirs).values()

    assert found == (kind, content)


def test_changes_in_different_places_of_a_file_are_merged() -> None:
    mine = {"a.html": b"ONE\ntwo\nthree\nfour\nfive\n"}
    theirs = {"a.html": b"one\ntwo\nthree\nfour\nFIVE\n"}

    assert merged(mine, theirs) == {"a.html": ("merged", b"ONE\ntwo\nthree\nfour\nFIVE\n")}


def test_a_conflict_shows_both_and_is_decided_by_the_merchant() -> None:
    update = merge_update(BASE, {**BASE, "b.css": b"mine\n"}, {**BASE, "b.css": b"theirs\n"})
    (conflict,) = update.conflicts

    assert "mine\n=======\ntheirs\n" in conflict.marked
    assert update.result()["b.css"] == b"mine\n"
    assert update.result(frozenset(["b.css"]))["b.css"] == b"theirs\n"


def test_settings_that_the_new_version_knows_are_kept_and_the_others_told() -> None:
    schema = [{"name": "Colours", "settings": [{"type": "color", "id": "ink", "label": "Ink"}]}]
    theirs = {**BASE, "config/settings_schema.json": json.dumps(schema).encode()}
    settings = {"ink": "#111111", "paper": "#eeeeee"}

    update = merge_update(BASE, BASE, theirs, settings)

    assert update.dropped == ["paper"]
    assert without_dropped(settings, update) == {"ink": "#111111"}


def page(heading: str, order: list[str], **entry: object) -> bytes:
    hero = {"type": "hero", "settings": {"heading": heading}, **entry}
    return json.dumps({"sections": {"hero": hero, "text": {"type": "text"}}, "order": order}).encode()


def test_a_difference_is_told_by_labels_and_lines() -> None:
    schema = {"name": "Hero", "settings": [{"type": "text", "id": "heading", "label": "Heading"}]}
    section = f"{{% schema %}}{json.dumps(schema)}{{% endschema %}}"
    common = {"sections/hero.html": section.encode(), "layout/theme.html": b"a\nb\n"}
    before = {**common, "templates/index.json": page("Old", ["hero", "text"])}
    after = {**common, "layout/theme.html": b"a\nc\n"}
    after["templates/index.json"] = page("New", ["text", "hero"], disabled=True)

    found = difference(before, after)

    assert [(each.what, each.before, each.after) for each in found.pages[0].changes] == [
        ("Hero was hidden", "", ""),
        ("Hero · Heading", "Old", "New"),
        ("The order was changed", "", ""),
    ]
    assert [line for line in found.files[0].lines if line[0] in "+-"] == ["-b", "+c"]
    assert not difference(before, before)
