"""Add files to a product, and take them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import IO, Any

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from souk.catalog.bundles.models import BundleComponent
from souk.catalog.digital.errors import FileInvalid, FileUnknown
from souk.catalog.digital.models import DigitalFile
from souk.catalog.errors import ProductMissing
from souk.catalog.models import Product, Variant
from souk.catalog.update_product import touch_products
from souk.media.parts import PartedFile, delete_parts, new_key, put_parts
from souk.media.storage import MediaStorage

CHUNK = 1024 * 1024
MOST_BYTES = 2 * 1024 * 1024 * 1024
MOST_FILES = 50
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class SoldFile:
    """`variant_id` None: every variant of the product comes with it."""

    id: int
    variant_id: int | None
    filename: str
    byte_size: int
    created_at: datetime


def is_digital() -> ColumnElement[bool]:
    """Return the condition that whoever buys a query's `variants` gets files, be it as a part of a bundle."""
    part = aliased(Variant)
    own = exists().where(_comes_with(Variant)).correlate(Variant)
    inside = (
        exists()
        .where(BundleComponent.bundle_id == Variant.id, part.id == BundleComponent.component_id, _comes_with(part))
        .correlate(Variant)
    )
    return or_(own, inside)


def _comes_with(variant: Any) -> ColumnElement[bool]:
    file = DigitalFile
    whole = or_(file.variant_id.is_(None), file.variant_id == variant.id)
    return and_(file.active, file.product_id == variant.product_id, whole)


def store_file(storage: MediaStorage, tenant_id: int, stream: IO[bytes]) -> PartedFile:
    """Store a file of any kind as it comes, before any transaction; raises FileInvalid for an empty or endless one."""
    key = new_key(tenant_id, "sold")
    stored = put_parts(storage, key, _measured(stream))
    if not stored.size:
        raise FileInvalid("The file is empty; choose another one.")
    return stored


def _measured(stream: IO[bytes]) -> Iterator[bytes]:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise FileInvalid(f"The file is larger than {MOST_BYTES // 1024**3} GB; split it.")
        yield chunk


def add_file(
    session: Session, product_id: int, variant_id: int | None, filename: str, stored: PartedFile, *, ships: bool = False
) -> int:
    """Give a product a stored file and return its id; without `ships` nothing is sent to its buyers any more.

    Raises:
        ProductMissing, FileInvalid: nothing was changed; `forget` the stored file.

    """
    locked = select(Product.id).where(Product.id == product_id).with_for_update()
    if session.execute(locked).first() is None:
        raise ProductMissing
    mine = [Variant.product_id == product_id, *([Variant.id == variant_id] if variant_id is not None else [])]
    if session.scalar(select(func.count(Variant.id)).where(*mine)) == 0:
        raise FileInvalid("This variant is not one of the product; choose another one.")
    present = select(func.count(DigitalFile.id)).where(DigitalFile.product_id == product_id, DigitalFile.active)
    if (session.scalar(present) or 0) >= MOST_FILES:
        raise FileInvalid(f"A product has at most {MOST_FILES} files; pack several into one.")
    row = insert(DigitalFile).values(
        product_id=product_id, variant_id=variant_id, filename=clean_name(filename), storage_key=stored.key,
        parts=stored.parts, byte_size=stored.size,
    )  # fmt: skip
    file_id = session.execute(row.returning(DigitalFile.id)).scalar_one()
    if not ships:
        session.execute(update(Variant).where(*mine).values(requires_shipping=False))
    touch_products(session, [product_id])
    return file_id


def forget(storage: MediaStorage, stored: PartedFile) -> None:
    """Delete a stored file that no product took."""
    delete_parts(storage, stored.key, stored.parts)


def remove_file(session: Session, product_id: int, file_id: int) -> None:
    """Take a file out of its product; who bought it keeps it. Raises FileUnknown."""
    changed = (
        update(DigitalFile)
        .where(DigitalFile.id == file_id, DigitalFile.product_id == product_id, DigitalFile.active)
        .values(active=False)
    )
    if session.execute(changed.returning(DigitalFile.id)).first() is None:
        raise FileUnknown
    touch_products(session, [product_id])


def files_of(session: Session, product_id: int) -> list[SoldFile]:
    """Return the files that buyers of the product get now, oldest first."""
    file = DigitalFile
    rows = session.execute(
        select(file.id, file.variant_id, file.filename, file.byte_size, file.created_at)
        .where(file.product_id == product_id, file.active)
        .order_by(file.id)
    )
    return [SoldFile(*row) for row in rows]


def clean_name(filename: str) -> str:
    """Return a name that any system can save, without a folder."""
    name = PurePath(filename.replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable() and sign not in '"<>|:*?')[:_LONGEST_NAME] or "download"
