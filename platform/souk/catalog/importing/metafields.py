"""Metafields in files: a column for each definition of the shop, in the text that its type reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.patch import Patch
from souk.catalog.importing.state import ProductState
from souk.catalog.metafields.define import Definition
from souk.catalog.metafields.types import REFERENCES, Unreadable, read_value, write_text

# Owner type and full key.
Definitions = Mapping[tuple[str, str], Definition]
Texts = Mapping[str, tuple[str, str]]


def merge_metafields(after: ProductState, patch: Patch, definitions: Definitions) -> None:
    """Give the product and its variants what the file says; raises RowInvalid. Keys it does not name stay."""
    after.metafields = _merged("product", after.metafields, patch.metafields, definitions, patch.line)
    for variant, given in zip(after.variants, patch.variants, strict=False):
        if given.metafields:
            variant.metafields = _merged("variant", variant.metafields, given.metafields, definitions, given.line)


def _merged(
    owner: str, present: Mapping[str, Any], texts: Texts, definitions: Definitions, line: int
) -> dict[str, Any]:
    values = dict(present)
    for key, (column, text) in texts.items():
        if text.strip() == text_of(values.get(key)).strip():
            continue
        value = _read(definitions.get((owner, key)), key, text, (line, column))
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
    return values


def text_of(value: Any) -> str:
    """Return a stored value as a cell, empty for none."""
    return "" if value is None else write_text(value)


def _read(definition: Definition | None, key: str, text: str, place: tuple[int, str]) -> Any:
    if definition is None:
        raise RowInvalid(*place, f"the shop has no metafield {key}; define it first, or leave the column out.")
    if definition.type.removeprefix("list.") in REFERENCES:
        raise RowInvalid(*place, "a reference to something in the shop is chosen in the editor; leave the column out.")
    try:
        return read_value(definition.type, text, definition.validations)
    except Unreadable as error:
        raise RowInvalid(*place, str(error)) from None
