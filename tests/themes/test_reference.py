"""The published reference says what the engine enforces, completely and nothing else."""

from __future__ import annotations

from tests.themes.attacks.cell import page_of, theme_of
from themes import described
from themes.declared import GLOBALS, RESOURCES, members, object_name
from themes.drops.base import Drop
from themes.engine import environment
from themes.reference import PATH, reference
from themes.render import _page
from themes.sandbox.access import EXPOSED
from themes.tags.language import LanguageExtension

DROPS = [cls for cls in EXPOSED if issubclass(cls, Drop) and cls.__module__.startswith("themes.")]


def test_the_file_is_current() -> None:
    assert PATH.read_text("utf-8") == reference(), "run `make docs`"


def test_every_member_has_a_type_and_a_meaning() -> None:
    lacking = []
    for cls in DROPS:
        for member in members(cls):
            name = f"{object_name(cls)}.{member.name}"
            kind, doc = described.MEMBERS.get(name, (member.type, ""))
            if kind == "any" or not (doc or member.doc):
                lacking.append(name)

    assert lacking == []


def test_the_table_describes_only_what_exists() -> None:
    exposed = {f"{object_name(cls)}.{name}" for cls in DROPS for name in EXPOSED[cls]}

    assert described.MEMBERS.keys() <= exposed


def test_the_declared_names_are_those_of_a_page() -> None:
    with _page(theme_of({}), "index", page_of()) as (state, _):
        given = {name for name, value in state.globals.items() if name not in environment().globals}

    assert given - set(RESOURCES) == set(GLOBALS)
    assert described.GLOBALS.keys() == GLOBALS.keys()
    assert described.RESOURCES.keys() == RESOURCES.keys()


def test_every_tag_and_filter_is_described() -> None:
    described_tags = {tag.split()[1] for tag in described.TAGS}
    filters = {name: made for name, made in environment().filters.items() if " " not in name}

    assert described_tags == LanguageExtension.tags | {"schema", "stylesheet", "javascript"}
    assert [name for name, made in filters.items() if not made.__doc__] == []
    assert [name for name in filters if f"`{name}" not in reference()] == []
