"""What is no plain product: a set that is sold from the stock of its parts, and a book that is a file."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

import io
from collections.abc import Mapping

from fpdf import FPDF
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.bundles.compose import set_components
from souk.catalog.digital.files import add_file, store_file
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import ProductMedia, Variant
from souk.catalog.save_product import save_product
from souk.inventory.models import InventoryLevel
from souk.media.parts import PartedFile
from souk.media.storage import MediaStorage

SET_SHOP, BOOK_SHOP = "ember", "lumen"
SET = (("orchard-teapot", 1), ("hearth-mug", 2), ("creamline-pitcher", 1))
_PAGES = (
    (
        "Light the task, not the room",
        "A room needs three kinds of light: one to see by, one to work by and one to feel at home by. Begin with the table at which you read. The lamp stands on the side of the hand that does not write, its lower edge at the height of your eyes.",
    ),
    (
        "Warmth has a number",
        "Between 2,200 and 2,700 kelvin evening begins; above 4,000 kelvin it is noon in an office. In one room keep to one colour, or the walls will quarrel. A dimmer that also warms is worth its price.",
    ),
    (
        "Pendants hang lower than you think",
        "Over a dining table the lower edge hangs 60 to 70 centimetres above the top: faces are lit, nobody is dazzled. Over a counter add ten. Two small pendants need half a table between them.",
    ),
)


def keep_book(storage: MediaStorage, tenant_id: int) -> PartedFile:
    """Print the book and store it, before any transaction."""
    return store_file(storage, tenant_id, io.BytesIO(_printed()))


def _printed() -> bytes:
    book = FPDF(format=(148, 210))
    book.set_margin(18)
    for title, prose in (("Notes on Light", "A small guide by Lumen Studio"), *_PAGES):
        book.add_page()
        book.set_font("Helvetica", "B", 20)
        book.multi_cell(0, 10, title, new_x="LMARGIN", new_y="NEXT")
        book.ln(4)
        book.set_font("Helvetica", "", 12)
        book.multi_cell(0, 7, prose, new_x="LMARGIN", new_y="NEXT")
    return bytes(book.output())


def add_set(session: Session, products: Mapping[str, int]) -> None:
    """Put the set together from the best-stocked variant of each of its products: it is there to be bought."""
    parts = {_best_stocked(session, products[handle]): units for handle, units in SET}
    draft = ProductDraft(
        title="Slow Morning Set",
        description_html="<p>A teapot, two mugs and a pitcher for the milk: everything that a slow morning needs, for"
        " less than the four cost alone. Packed together, from the shelf they all stand on.</p>",
        vendor="Ridgeline Pottery",
        product_type="Sets",
        tags=("gift", "set"),
        media=_pictures(session, [products[handle] for handle, _ in SET]),
        variants=(VariantDraft(16_900, sku="EMB-SET-MORNING", weight_grams=2_600),),
    )
    product_id = save_product(session, draft)
    set_components(session, _first_variant(session, product_id), parts)


def add_book(session: Session, stored: PartedFile, pictured_by: int) -> None:
    """Sell the book, five downloads within thirty days."""
    draft = ProductDraft(
        title="Notes on Light (PDF)",
        description_html="<p>How high a pendant hangs, how warm an evening is, and why one lamp is never enough. A"
        " small guide to light at home, to download as soon as it is paid.</p>",
        vendor="Lumen Studio",
        product_type="Guides",
        tags=("guide", "digital"),
        media=_pictures(session, [pictured_by]),
        variants=(VariantDraft(900, sku="LUM-PDF-LIGHT", inventory_tracked=False, requires_shipping=False),),
    )
    add_file(session, save_product(session, draft), None, "Notes on Light.pdf", stored)


def _first_variant(session: Session, product_id: int) -> int:
    first = select(Variant.id).where(Variant.product_id == product_id).order_by(Variant.position).limit(1)
    return session.execute(first).scalar_one()


def _best_stocked(session: Session, product_id: int) -> int:
    stocked = select(Variant.id).join(InventoryLevel, InventoryLevel.variant_id == Variant.id)
    most = stocked.where(Variant.product_id == product_id).order_by(InventoryLevel.on_hand.desc(), Variant.position)
    return session.execute(most.limit(1)).scalar_one()


def _pictures(session: Session, product_ids: list[int]) -> tuple[tuple[int, str], ...]:
    rows = session.execute(
        select(ProductMedia.product_id, ProductMedia.media_id, ProductMedia.alt)
        .where(ProductMedia.product_id.in_(product_ids))
        .order_by(ProductMedia.position)
    )
    first: dict[int, tuple[int, str]] = {}
    for row in rows:
        first.setdefault(row.product_id, (row.media_id, row.alt))
    return tuple(first[product_id] for product_id in product_ids if product_id in first)
