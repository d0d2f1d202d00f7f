"""Learn what all sections of a page name in their settings, so that header and footer share one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from themes.apps import APP, App, apps_of, schema_of_app_block
from themes.errors import ThemeError, ThemeFileInvalid
from themes.page import State
from themes.schema import BlockDef, SectionDef
from themes.settings import references


def expect(page: State, sections: Iterable[SectionDef]) -> None:
    """Tell the finders what `sections` and the theme's groups name; a broken section is met when it is rendered."""
    for section in [*_of_groups(page), *sections]:
        try:
            for values in _values(page, section):
                for reference in references(values):
                    page.finders[reference.kind].expected.add(reference.handle)
        except (ThemeError, ThemeFileInvalid):
            continue


def declared_of(page: State, block_type: str, section_type: str) -> Mapping[str, Any]:
    """Return the settings that a block may have: those of its section's schema, of its own file, or of its app's."""
    if block_type.startswith(APP):
        own = schema_of_app_block(block_type)
        return own.settings if own else {}
    declared = page.theme.file(f"sections/{section_type}.html").schema.blocks.get(block_type)
    if not declared and page.theme.has(f"blocks/{block_type}.html"):
        declared = page.theme.file(f"blocks/{block_type}.html").schema.settings
    return declared or {}


def apps_shown(page: State, sections: Iterable[SectionDef]) -> list[App]:
    """Return the apps in use whose blocks stand on the page, whose style sheets and scripts it needs."""
    every = [*_of_groups(page), *sections]
    return apps_of((block.type for section in every for block in _nested(section.blocks)), page.page.apps)


def _of_groups(page: State) -> list[SectionDef]:
    try:
        return [section for group in page.theme.groups() for section in group.sections]
    except (ThemeError, ThemeFileInvalid):
        return []


def _values(page: State, section: SectionDef) -> Iterator[Mapping[str, Any]]:
    schema = page.theme.file(f"sections/{section.type}.html").schema
    yield page.theme.typed(section.type, "", schema.settings, section.settings)
    for block in _nested(section.blocks):
        yield page.theme.typed(section.type, block.type, declared_of(page, block.type, section.type), block.settings)


def _nested(blocks: Iterable[BlockDef]) -> Iterator[BlockDef]:
    for block in blocks:
        yield block
        yield from _nested(block.blocks)
