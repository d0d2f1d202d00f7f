"""Read what the search pages of the dashboard show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session

from souk.catalog.metafields.models import MetafieldDefinition
from souk.catalog.models import Product, Variant
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.engine import SearchQuery
from souk.search.errors import RuleMissing, SearchInvalid
from souk.search.find import ask, find_rows
from souk.search.models import SearchRule, SearchRuleProduct, SearchTest
from souk.search.settings import FacetChoice
from souk.web.dashboard.order_reads import Rows
from souk.web.dashboard.product_reads import FIRST_PICTURE
from souk.web.searching import engine

SHOWN = 12
MOST_FOUND = 10
# Names of options and specifications are gathered from so many of the newest products.
SAMPLE = 500
FIELDS = (("category", "Category"), ("brand", "Brand"), ("price", "Price"), ("in_stock", "Availability"),
          ("rating", "Rating"), ("option.*", "Every option"))  # fmt: skip
_ROW = (Product.id, Product.title, Product.handle, Product.status, FIRST_PICTURE.label("picture"))


def results(scope: TenantScope, query: SearchQuery) -> Rows:
    """Return the first products that a shopper would see; no transaction may be open."""
    answer = ask(engine(), scope, query)
    with transaction(scope, read_only=True) as session:
        return find_rows(session, query, answer, products_by_id)[1]


def products_by_id(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    found = session.execute(select(*_ROW).where(Product.id.in_(ids)))
    return {row.id: row for row in found}


def find_products(session: Session, text: str) -> Rows:
    """Return at most ten products with the text in their title, or as SKU or barcode."""
    code = select(Variant.product_id).where(or_(Variant.sku == text, Variant.barcode == text))
    wanted = or_(Product.title.icontains(text, autoescape=True), Product.id.in_(code))
    return session.execute(select(*_ROW).where(wanted).order_by(Product.title, Product.id).limit(MOST_FOUND)).all()


def product_of(session: Session, code: str) -> int:
    """Return the product of a SKU, barcode or handle; raises SearchInvalid."""
    variants = select(Variant.product_id).where(or_(Variant.sku == code, Variant.barcode == code))
    query = select(Product.id).where(or_(Product.handle == code, Product.id.in_(variants))).order_by(Product.id)
    found = session.scalars(query.limit(1)).first() if code else None
    if found is None:
        raise SearchInvalid("product", f"no product has the SKU, barcode or handle {code[:60]!r}.")
    return found


def list_rules(session: Session) -> Rows:
    counted = [
        func.count(SearchRuleProduct.id).filter(SearchRuleProduct.action == action).label(action)
        for action in ("pinned", "boosted", "hidden")
    ]
    query = (
        select(SearchRule.id, SearchRule.terms, SearchRule.redirect, SearchRule.updated_at, *counted)
        .outerjoin(SearchRuleProduct, SearchRuleProduct.rule_id == SearchRule.id)
        .group_by(SearchRule.id)
        .order_by(SearchRule.terms)
    )
    return session.execute(query).all()


def rule_terms(session: Session, rule_id: int) -> str:
    """Return the query of a rule; raises RuleMissing."""
    terms = session.scalar(select(SearchRule.terms).where(SearchRule.id == rule_id))
    if terms is None:
        raise RuleMissing
    return terms


def list_tests(session: Session) -> Rows:
    columns = (
        SearchTest.id, SearchTest.terms, SearchTest.within, SearchTest.found_at, SearchTest.checked_at,
        SearchTest.product_id, Product.title, Product.status,
    )  # fmt: skip
    query = select(*columns).join(Product, Product.id == SearchTest.product_id)
    return session.execute(query.order_by(SearchTest.terms, SearchTest.id)).all()


def facet_sources(session: Session, chosen: Sequence[FacetChoice]) -> list[tuple[str, str]]:
    """Return (source, name) of everything that may be a facet, what is chosen first and in its order."""
    found = dict(FIELDS) | _names(session, "option", "options") | _names(session, "specification", "specifications")
    fields = select(MetafieldDefinition.namespace, MetafieldDefinition.key, MetafieldDefinition.name)
    for row in session.execute(fields.where(MetafieldDefinition.owner_type == "product")):
        found[f"metafield.{row.namespace}.{row.key}"] = row.name
    first = {facet.source: found.get(facet.source, facet.source) for facet in chosen}
    return list((first | found).items())


def _names(session: Session, family: str, column: str) -> dict[str, str]:
    newest = select(getattr(Product, column).label("each")).order_by(Product.id.desc()).limit(SAMPLE).subquery()
    item = func.jsonb_array_elements(newest.c.each).table_valued("value").render_derived()
    name = func.jsonb_extract_path_text(item.c.value, "name")
    query = select(name).select_from(newest).join(item, true()).group_by(name)
    names = session.scalars(query.order_by(func.count().desc(), name).limit(60))
    return {f"{family}.{name}": name for name in names if name}
