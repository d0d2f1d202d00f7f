"""Metafields in files: a column for each definition of the shop, in the text that its type reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.patch import Patch
from souk.catalog.importing.references import Definitions, References, refers
from souk.catalog.importing.state import ProductState
from souk.catalog.metafields.define import Definition
from souk.catalog.metafields.types import Unreadable, read_value, write_text

Texts = Mapping[str, tuple[str, str]]
# What may come with a later row of the same file.
_COMING = frozenset(["product_reference", "variant_reference"])


@dataclass(frozen=True, slots=True)
class Known:
    """What the metafields of one batch are read by."""

    definitions: Definitions
    references: References


def merge_metafields(after: ProductState, patch: Patch, known: Known) -> None:
    """Give the product and its variants what the file says; raises RowInvalid. Keys it does not name stay."""
    after.metafields = _merged("product", after.metafields, patch.metafields, known=known, patch=patch, line=patch.line)
    for variant, given in zip(after.variants, patch.variants, strict=False):
        if given.metafields:
            variant.metafields = _merged(
                "variant", variant.metafields, given.metafields, known=known, patch=patch, line=given.line
            )


def _merged(
    owner: str, present: Mapping[str, Any], texts: Texts, *, known: Known, patch: Patch, line: int
) -> dict[str, Any]:
    values = dict(present)
    for key, (column, text) in texts.items():
        definition = known.definitions.get((owner, key))
        if _says(known, definition, values.get(key), text):
            continue
        try:
            value = _read(known, definition, key, text)
        except Unreadable as error:
            if definition is None or definition.type.removeprefix("list.") not in _COMING:
                raise RowInvalid(line, column, str(error)) from None
            note = f"{error} The field was left as it is; import the file again once that is in the shop."
            patch.notes.append({"line": line, "column": column, "text": note})
            continue
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
    return values


def _says(known: Known, definition: Definition | None, value: Any, text: str) -> bool:
    """Tell whether the text means what is stored; a reference may be written by its number as well."""
    written = text.strip()
    if written == text_of(value).strip():
        return True
    return definition is not None and refers(definition) and (
        written == text_of(known.references.named(definition, value)).strip()
    )  # fmt: skip


def text_of(value: Any) -> str:
    """Return a stored value as a cell, empty for none."""
    return "" if value is None else write_text(value)


def _read(known: Known, definition: Definition | None, key: str, text: str) -> Any:
    if definition is None:
        raise Unreadable(f"the shop has no metafield {key}; define it first, or leave the column out.")
    if refers(definition):
        return known.references.read(definition, text)
    return read_value(definition.type, text, definition.validations)
