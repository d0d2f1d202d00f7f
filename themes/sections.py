"""Renders sections and blocks; a section that fails leaves an empty box and the page stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from markupsafe import Markup

from themes.app_blocks import app_block
from themes.apps import APP
from themes.drops.base import Drop
from themes.engine import Compiled
from themes.expect import declared_of
from themes.keeping import WatchedContext, keep, place_of, store_of
from themes.page import State, state
from themes.sandbox.access import exposes
from themes.sandbox.budget import BudgetExceeded, current, part_of
from themes.sandbox.output import join_output
from themes.schema import BlockDef, SectionDef
from themes.settings import SettingsDrop, references

log = structlog.get_logger(__name__)
TAGS = {"div", "section", "article", "aside", "header", "footer"}
MAX_SLOTS = 50
_NAME = re.compile(r"[^\w -]")


@exposes("id", "type", "settings", "attributes", "app")
class BlockDrop(Drop):
    """A block of a section; print `attributes` inside its first element, for the editor."""

    __slots__ = ("_block", "app", "attributes", "id", "settings", "type")

    def __init__(self, block: BlockDef, settings: SettingsDrop, attributes: Markup) -> None:
        self._block = block
        self.id = block.id
        self.type = block.type
        self.app = block.type.startswith(APP)
        self.settings = settings
        self.attributes = attributes

    @property
    def definition(self) -> BlockDef:
        return self._block


@exposes("id", "type", "settings", "blocks", "index")
class SectionDrop(Drop):
    """The section that is rendered."""

    __slots__ = ("blocks", "id", "index", "settings", "type")

    def __init__(self, section: SectionDef, settings: SettingsDrop, blocks: list[BlockDrop], index: int) -> None:
        self.id = section.id
        self.type = section.type
        self.settings = settings
        self.blocks = blocks
        self.index = index


def _settings(page: State, owner: str, part: str, declared: Any, given: Any) -> SettingsDrop:
    values = page.theme.typed(owner, part, declared, given)
    for reference in references(values):
        page.finders[reference.kind].expected.add(reference.handle)
    return SettingsDrop(values, page.finders)


def block_drop(block: BlockDef, section_type: str) -> BlockDrop:
    page = state()
    declared = declared_of(page, block.type, section_type)
    settings = _settings(page, section_type, block.type, declared, block.settings)
    mark = Markup(' data-block-id="{}"').format(block.id) if page.page.request.design_mode else Markup()
    return BlockDrop(block, settings, mark)


def render_block(block: BlockDef, parent: dict[str, Any]) -> Markup:
    """Render a theme block with the blocks inside it in reach of its own content_for."""
    if block.type.startswith(APP):
        return _of_app(block, parent)
    page = state()
    outer = page.blocks
    page.blocks = block.blocks
    page.block_depth += 1
    try:
        drop = block_drop(block, parent["section"].type)
        compiled = page.theme.file(f"blocks/{block.type}.html")
        with page.measured(compiled.path):
            return _rendered(page, compiled, {**parent, "block": drop})
    finally:
        page.blocks = outer
        page.block_depth -= 1


def _of_app(block: BlockDef, parent: dict[str, Any]) -> Markup:
    """Draw an app's block where the schema of what holds it takes them by `@app`."""
    page, section, around = state(), parent["section"], parent.get("block")
    holder = f"blocks/{around.type}.html" if page.block_depth and around else f"sections/{section.type}.html"
    if "@app" not in page.theme.file(holder).schema.blocks:
        return Markup()
    return app_block(block, block_drop(block, section.type), parent)


def fill_slot(place: str, values: Mapping[str, Any]) -> Markup:
    """Ask the plugins, a bounded number of times a page: each answer may cost a query."""
    page = state()
    page.scope.tainted = True
    page.slots += 1
    if page.slots > MAX_SLOTS:
        raise BudgetExceeded("slots")
    html = page.page.slots(place, values)
    current().charge_text(len(html))
    return html


def render_one(section: SectionDef, index: int) -> Markup:
    """Render a section in its wrapper and within its share of the budget."""
    page = state()
    tag, css = "div", ""
    try:
        with part_of(current(), page.page.limits.section()):
            schema = page.theme.file(f"sections/{section.type}.html").schema
            tag, css = (schema.tag if schema.tag in TAGS else "div"), schema.css_class
            body = _kept_body(page, section, index)
    except Exception as error:  # noqa: BLE001 - one section must not take the page down, whatever it did
        log.warning("section_failed", theme=page.theme.handle, section=section.id, type=section.type, error=str(error))
        page.failed.append(section.id)
        body = _box(error) if page.page.request.design_mode else Markup()
    classes = f"section {_NAME.sub('', css)}".strip()
    mark = Markup()
    if page.page.request.design_mode:
        mark = Markup(' data-section-id="{}" data-section-type="{}"').format(section.id, section.type)
    return Markup('<{0} id="section-{1}" class="{2}"{3}>{4}</{0}>').format(Markup(tag), section.id, classes, mark, body)


def _kept_body(page: State, section: SectionDef, index: int) -> Markup:
    """Return the section as another page had it, when all that it shows is the same here."""
    store = store_of(page)
    if store is None or not section.mark:
        return _body(page, section, index)
    key = (place_of(page), section.mark, index)
    return keep(page, store, key, lambda: _body(page, section, index), around=True)


def _body(page: State, section: SectionDef, index: int) -> Markup:
    compiled = page.theme.file(f"sections/{section.type}.html")
    settings = _settings(page, section.type, "", compiled.schema.settings, section.settings)
    outer = page.in_section, page.blocks, page.block_depth
    page.in_section, page.blocks, page.block_depth = True, section.blocks, 0
    try:
        blocks = [block_drop(block, section.type) for block in section.blocks]
        drop = SectionDrop(section, settings, blocks, index)
        with page.measured(compiled.path):
            html = _rendered(page, compiled, {**page.globals, "section": drop})
        current().charge_output(len(html))
        return html
    finally:
        page.in_section, page.blocks, page.block_depth = outer


def _rendered(page: State, compiled: Compiled, parent: dict[str, Any]) -> Markup:
    if store_of(page) is None:
        return Markup(compiled.render(parent, {}))
    return Markup(join_output(compiled.root(WatchedContext(page, parent, {}, compiled.path))))


def _box(error: Exception) -> Markup:
    return Markup('<div class="souk-section-error" role="alert"><strong>{}</strong><p>{}</p></div>').format(
        type(error).__name__, str(error)
    )


def render_all(sections: Sequence[SectionDef]) -> Markup:
    return Markup("\n").join([render_one(section, index) for index, section in enumerate(sections, 1)])


def render_group(name: str) -> Markup:
    return render_all(state().theme.group(name).sections)


def render_static(name: str) -> Markup:
    return render_one(state().theme.static(name), 1)
