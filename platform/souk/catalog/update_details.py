"""Change a product without touching its variants: a title of 2,048 variants is saved as fast as one of one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.collections import join_collections, leave_collections
from souk.catalog.drafts import ProductDetails, check_details
from souk.catalog.errors import ProductMissing
from souk.catalog.handles import free_handle, slugify
from souk.catalog.models import Product
from souk.catalog.moved import lead_on
from souk.catalog.save_product import detail_values, replace_media
from souk.catalog.update_product import touch_products
from souk.kernel import clock


def update_details(session: Session, product_id: int, details: ProductDetails) -> None:
    """Store `details`; raises ProductMissing, ProductInvalid. A renamed product is found at its old address."""
    check_details(details)
    columns = select(Product.handle, Product.published_at).where(Product.id == product_id).with_for_update()
    found = session.execute(columns).first()
    if found is None:
        raise ProductMissing
    values = detail_values(details) | _publication(details, found.published_at)
    wanted = slugify(details.handle) if details.handle else found.handle
    values["handle"] = free_handle(session, Product.handle, wanted, key=Product.id, own=product_id)
    session.execute(update(Product).where(Product.id == product_id).values(**values, updated_at=clock.now()))
    lead_on(session, f"/products/{found.handle}", f"/products/{values['handle']}")
    if details.media is not None:
        replace_media(session, product_id, details.media)
    if details.collection_ids is not None:
        leave_collections(session, product_id, keep=details.collection_ids)
        join_collections(session, product_id, details.collection_ids)
    touch_products(session, [product_id])


def _publication(details: ProductDetails, before: Any) -> dict[str, Any]:
    """Keep the day a product first went on sale; a time ahead that was taken out of the form means now."""
    if details.published_at is not None or before is None or before > clock.now():
        return {}
    return {"published_at": before, "scheduled": False}
