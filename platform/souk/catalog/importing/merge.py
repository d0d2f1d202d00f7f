"""Make of a product as it is, and of what a file says, the product as it is to become."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import replace

from souk.catalog.drafts import MAX_HTML, MAX_TAGS, MAX_TEXT
from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.layout import Layout
from souk.catalog.importing.merge_variants import merge_variants
from souk.catalog.importing.patch import Patch
from souk.catalog.importing.snapshot import OWN
from souk.catalog.importing.state import ProductState, category_key
from souk.catalog.rich_text import clean_html

_TRIMMED = ("title", "vendor", "product_type")
_WHOLE = ("seo_title", "seo_description")
MAX_DEPTH = 8
_OWN_ADDRESS = re.compile(r"/media/(t\d+/[0-9a-f]{32})/\d+\.webp$")


def merge(before: ProductState | None, patch: Patch, layout: Layout) -> ProductState:
    """Return the new state; raises RowInvalid. `before` is left as it is."""
    after = replace(before) if before is not None else ProductState(handle=patch.handle)
    _texts(after, patch, layout)
    _lists(after, patch, layout, new=before is None)
    if patch.values.get("status"):
        after.status = patch.values["status"]
    for name in ("specifications", "template_suffix", "download_times", "download_days"):
        if name in patch.values:
            setattr(after, name, patch.values[name])
    merge_variants(after, before, patch, layout)
    _keep_files(after, before, patch, layout)
    after.pictures = _pictures(after.pictures, patch.pictures)
    shown = {url for url, _ in after.pictures} | {each.picture for each in (before.variants if before else ())}
    for variant in after.variants:
        variant.picture = own_picture(variant.picture, shown)
    return after


def _keep_files(after: ProductState, before: ProductState | None, patch: Patch, layout: Layout) -> None:
    """A table names the files that are sold and cannot hold them: say which ones somebody has to upload."""
    present = {variant.id: variant.files for variant in (before.variants if before is not None else ())}
    for variant in after.variants:
        own = present.get(variant.id, ())
        absent, variant.files = [name for name in variant.files if name not in own], own
        if absent:
            text = f"a file of this kind only names “{absent[0][:60]}”; upload it on the product's page."
            patch.notes.append({"line": patch.line, "column": layout.column("files"), "text": text})


def _texts(after: ProductState, patch: Patch, layout: Layout) -> None:
    for name in _TRIMMED + _WHOLE:
        if name in patch.values:
            setattr(after, name, _text(getattr(after, name), name, patch, layout))
    if not after.title:
        raise RowInvalid(patch.line, layout.column("title"), "a product needs a title.")
    html = patch.values.get("description_html")
    if html is not None and html.strip() != after.description_html.strip():
        after.description_html = clean_html(html)
    if len(after.description_html) > MAX_HTML:
        raise RowInvalid(patch.line, layout.column("description_html"), f"shorten it to {MAX_HTML:,} characters.")


def _text(present: str, name: str, patch: Patch, layout: Layout) -> str:
    given = str(patch.values[name])
    place = {"line": patch.line, "column": layout.column(name)}
    if name == "title" and len(given) > MAX_TEXT:
        given = given[:MAX_TEXT].rstrip()
        patch.notes.append({**place, "text": f"the title is too long and was cut at {MAX_TEXT} characters."})
    if len(given) > MAX_TEXT and name != "seo_description":
        raise RowInvalid(patch.line, layout.column(name), f"shorten it to {MAX_TEXT} characters.")
    # Blanks at the ends get lost in spreadsheets; a difference in them alone is no change.
    if given.strip() == present.strip():
        return present
    return given.strip() if name in _TRIMMED else given


def _lists(after: ProductState, patch: Patch, layout: Layout, *, new: bool) -> None:
    tags = patch.values.get("tags")
    if tags is not None and tags != after.tags and _cell_of(tags) != ", ".join(after.tags).strip():
        parts = tags.split(",") if isinstance(tags, str) else tags
        after.tags = tuple(dict.fromkeys(tag.strip() for tag in parts if tag.strip()))
        if len(after.tags) > MAX_TAGS or any(len(tag) > MAX_TEXT for tag in after.tags):
            reason = f"use at most {MAX_TAGS} tags of at most {MAX_TEXT} characters."
            raise RowInvalid(patch.line, layout.column("tags"), reason)
    category = patch.values.get("category")
    if category and not str(category).isdigit() and _cell_of(category) != " > ".join(after.category):
        names = _names(category.split(">") if isinstance(category, str) else category)
        # The tree keeps one category for names that differ in capitals or signs only.
        if category_key(names) != category_key(after.category):
            after.category = names
    if new and category is None:
        after.category = _names([after.product_type])


def _cell_of(value: str | tuple[str, ...]) -> str | None:
    """Return a table's cell, None for a list: what a cell cannot tell apart is no change."""
    return value.strip() if isinstance(value, str) else None


def _names(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.strip()[:MAX_TEXT] for part in parts if part.strip())[:MAX_DEPTH]


def own_picture(address: str, known: Container[str]) -> str:
    """Return the key of a picture that the shop has, where the address is the one that our export gave it."""
    found = _OWN_ADDRESS.search(address)
    return OWN + found[1] if found and OWN + found[1] in known else address


def _pictures(present: tuple[tuple[str, str], ...], given: list[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    """Pictures are added and described anew; none is taken away because a file does not name it."""
    after = dict(present)
    for address, alt in given:
        url = own_picture(address, after)
        after[url] = after.get(url, "") if alt is None else alt
    return tuple(after.items())
