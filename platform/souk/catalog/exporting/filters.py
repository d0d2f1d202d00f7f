"""Which products an export has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, any_, func, literal, or_, select

from souk.catalog.models import PRODUCT_STATUSES, CollectionProduct, Product, Variant
from souk.kernel.errors import Invalid

NAMES = ("status", "query", "vendor", "product_type", "tag", "collection_id")


class BadFilter(Invalid):
    code = "bad_filter"

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name}: {str(value)[:40]!r} cannot be filtered by; leave it out to export all products.")


def checked(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters that say something; raises BadFilter."""
    given = {name: value for name, value in filters.items() if value not in {None, ""}}
    for name, value in given.items():
        text = str(value)
        if name not in NAMES or "\x00" in text or len(text) > 255:  # noqa: PLR2004 - no field is longer
            raise BadFilter(name, value)
    if given.get("status", "draft") not in PRODUCT_STATUSES:
        raise BadFilter("status", given["status"])
    if "collection_id" in given:
        number = str(given["collection_id"])
        if not (number.isascii() and number.isdecimal() and len(number) < 16):  # noqa: PLR2004 - fits a bigint
            raise BadFilter("collection_id", number)
        given["collection_id"] = int(number)
    return given


def conditions(filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Return the SQL conditions of checked filters."""
    columns = {"status": Product.status, "vendor": Product.vendor, "product_type": Product.product_type}
    found: list[ColumnElement[bool]] = [column == filters[name] for name, column in columns.items() if name in filters]
    if "tag" in filters:
        found.append(literal(filters["tag"]) == any_(Product.tags))
    if "collection_id" in filters:
        members = select(CollectionProduct.product_id).where(
            CollectionProduct.collection_id == filters["collection_id"]
        )
        found.append(Product.id.in_(members))
    if "query" in filters:
        words = filters["query"].lower()
        with_sku = select(Variant.product_id).where(func.lower(Variant.sku).contains(words, autoescape=True))
        title = func.lower(Product.title).contains(words, autoescape=True)
        vendor = func.lower(Product.vendor).contains(words, autoescape=True)
        found.append(or_(title, vendor, Product.id.in_(with_sku)))
    return found
