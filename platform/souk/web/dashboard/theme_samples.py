"""An address for each kind of page, so that the editor can show its template."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from souk.catalog.filters import visible
from souk.catalog.models import Collection, Product
from souk.content.models import Article, Page

_FIXED = {
    "index": "/", "list-collections": "/collections", "search": "/search?q=a", "cart": "/cart",
    "password": "/password", "blog": "/blog", "contact": "/contact",
    "newsletter": "/newsletter", "quick-order": "/quick-order", "404": "/no-page-has-this-address",
}  # fmt: skip
MAX_ALTERNATES = 100


def sample_paths(session: Session) -> dict[str, str]:
    """Return an address by template name; a template whose kind of thing the shop lacks has none."""
    found = dict(_FIXED)
    product = session.execute(select(Product.handle).where(visible()).order_by(Product.id).limit(1)).scalar()
    if product:
        found["product"] = f"/products/{product}"
    found["collection"] = f"/collections/{_first(session, Collection) or 'all'}"
    for name, folder, model in (("page", "pages", Page), ("article", "blog", Article)):
        written = _first(session, model)
        if written:
            found[name] = f"/{folder}/{written}"
    return found | _of_alternates(session)


def _of_alternates(session: Session) -> dict[str, str]:
    """Return an address by alternate template, such as product.gift, where something is shown by it."""
    found: dict[str, str] = {}
    for name, folder, model, shown in (
        ("product", "products", Product, visible()),
        ("collection", "collections", Collection, Collection.published_at.is_not(None)),
        ("page", "pages", Page, Page.published_at.is_not(None)),
    ):
        query = select(model.template_suffix, func.min(model.handle)).where(shown, model.template_suffix != "")
        for suffix, handle in session.execute(query.group_by(model.template_suffix).limit(MAX_ALTERNATES)):
            found[f"{name}.{suffix}"] = f"/{folder}/{handle}"
    return found


def _first(session: Session, model: Any) -> str | None:
    query = select(model.handle).where(model.published_at.is_not(None)).order_by(model.id).limit(1)
    handle: str | None = session.execute(query).scalar()
    return handle
