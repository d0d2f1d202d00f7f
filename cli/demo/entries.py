"""Entries that the demo's merchants defined: whose hands a piece comes from, and how big a size is."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.catalog import Shop
from souk.catalog.metafields.define import DefinitionDraft, define_metafield, read_definition
from souk.catalog.metafields.write import write_metafields
from souk.catalog.metaobjects.define import EntryField, EntryTypeDraft, define_metaobject, read_entry_type
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.catalog.models import Product

_LINE, _RICH = "single_line_text_field", "rich_text_field"


@dataclass(frozen=True)
class Kind:
    """`entries` by the value of `column` that the products which show them have."""

    draft: EntryTypeDraft
    column: str
    entries: Mapping[str, EntryDraft]


def _chart(title: str, *lines: tuple[str, str, str, str]) -> EntryDraft:
    head = "<tr><th>Size</th><th>Chest</th><th>Length</th><th>Sleeve</th></tr>"
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    text = f"<table><thead>{head}</thead><tbody>{body}</tbody></table><p>In centimetres, laid flat.</p>"
    return EntryDraft(title, values={"text": text})


def _maker(name: str, place: str, since: str, text: str) -> EntryDraft:
    return EntryDraft(name, values={"text": f"<p>{text}</p>", "place": place, "since": since})


_SHIRTS = _chart(
    "Sizes of shirts",
    ("S", "52", "70", "20"),
    ("M", "55", "72", "21"),
    ("L", "58", "74", "22"),
    ("XL", "61", "76", "23"),
)
_KNITS = _chart(
    "Sizes of knitwear",
    ("S", "51", "66", "63"),
    ("M", "54", "68", "65"),
    ("L", "57", "70", "67"),
    ("XL", "61", "72", "68"),
)
KINDS: Mapping[str, Kind] = {
    "ember": Kind(
        EntryTypeDraft("maker", "Makers", "The workshops whose pieces we sell.", (
            EntryField("text", "Text", _RICH, required=True), EntryField("place", "Place", _LINE),
            EntryField("since", "Working since", "number_integer", validations={"min": "1700", "max": "2100"}),
        )),
        "vendor",
        {
            "Ridgeline Pottery": _maker("About Ridgeline Pottery", "Asheville, North Carolina", "2009", "Two potters and a kiln built from the bricks of an old school. Every glaze is mixed in the shed behind the house, in batches of forty."),
            "Halden Ironworks": _maker("About Halden Ironworks", "Pennsylvania", "1978", "The third generation casts what the first one drew. Each pan is ground by hand, seasoned three times and signed below the handle."),
            "Timber & Tine": _maker("About Timber & Tine", "Vermont", "2014", "Six people, one saw and only wood that a storm has felled. What is too small for a board becomes a spoon."),
        },
    ),
    "lumen": Kind(
        EntryTypeDraft("size_chart", "Size charts", "What S to XL measure.", (EntryField("text", "Table", _RICH, required=True),)),
        "product_type",
        {"T-Shirts": _SHIRTS, "Shirts": _SHIRTS, "Knitwear": _KNITS},
    ),
}  # fmt: skip


def fill_entries(session: Session, shop: Shop) -> None:
    """Define the shop's entries, write them, and let its products show them."""
    wanted = KINDS.get(shop.slug)
    if wanted is None:
        return
    kind = read_entry_type(session, define_metaobject(session, wanted.draft))
    reference = DefinitionDraft(
        "product", wanted.draft.name.removesuffix("s"), kind.type, "metaobject_reference",
        validations={"metaobject": kind.type},
    )  # fmt: skip
    definition = read_definition(session, define_metafield(session, reference))
    made: dict[str, int] = {}
    column = getattr(Product, wanted.column)
    for value, draft in wanted.entries.items():
        if draft.title not in made:
            made[draft.title] = save_entry(session, kind, draft)
        for product_id in session.scalars(select(Product.id).where(column == value)).all():
            typed = {definition.full_key: (definition, str(made[draft.title]))}
            write_metafields(session, "product", product_id, typed)
