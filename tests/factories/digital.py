"""Files for sale."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import select

from souk.catalog.digital.files import add_file, store_file
from souk.catalog.models import Variant
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from tests.factories.catalog import make_product

CONTENT = b"the whole book"


def sell_file(scope: TenantScope, variant_id: int, name: str = "book.pdf", content: bytes = CONTENT, **own: Any) -> int:
    """Give the product of a variant a file and return the file's id; `own`: `only` this variant, `ships`."""
    stored = store_file(media_storage(config()), scope.tenant_id, io.BytesIO(content))
    with transaction(scope) as session:
        product_id = session.execute(select(Variant.product_id).where(Variant.id == variant_id)).scalar_one()
        only = variant_id if own.get("only") else None
        return add_file(session, product_id, only, name, stored, ships=bool(own.get("ships")))


def digital_variant(scope: TenantScope, **values: Any) -> int:
    """Make a product that is a file and return its variant."""
    with transaction(scope) as session:
        (variant_id,) = make_product(session, **{"title": "E-book", "stock": None} | values)
    sell_file(scope, variant_id)
    return variant_id
