"""Collections as an app reads and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from souk.web.api.schemas.admin_products import MediaId, Text
from souk.web.api.schemas.common import Shape
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

ProductId = Annotated[str, Field(pattern=r"^prod_[1-9][0-9]{0,17}$")]
CollectionSort = Literal[
    "manual", "price-ascending", "price-descending", "title-ascending", "created-descending", "rating", "best-selling",
    "updated-descending",
]  # fmt: skip
# What stands after the dot in the name of a template: `sale` for templates/collection.sale.json.
Suffix = Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9_-]{0,49})?$")]
MOST_PRODUCTS = 5_000


class CollectionParameters(CursorParameters):
    handle: str = Field(default="", max_length=255)


class NewCollection(Shape):
    """`product_ids` are its products in their order."""

    title: str = Field(min_length=1, max_length=255)
    handle: Text = ""
    description_html: str = Field(default="", max_length=200_000)
    media_id: MediaId | None = None
    sort_order: CollectionSort = "manual"
    published: bool = True
    template_suffix: Suffix = ""
    product_ids: list[ProductId] = Field(default_factory=list, max_length=MOST_PRODUCTS)


class CollectionChanges(Changes):
    """`product_ids` replaces what is in it; a collection that is kept by rules takes none."""

    title: str = Field(default="", min_length=1, max_length=255)
    handle: str = Field(default="", min_length=1, max_length=255)
    description_html: str = Field(default="", max_length=200_000)
    media_id: MediaId | None = None
    sort_order: CollectionSort = "manual"
    published: bool = True
    template_suffix: Suffix = ""
    product_ids: list[ProductId] = Field(default_factory=list, max_length=MOST_PRODUCTS)


class AdminCollection(Shape):
    """`rules` is null for a collection that is arranged by hand."""

    id: str
    handle: str
    title: str
    description_html: str
    media_id: str | None
    sort_order: str
    template_suffix: str
    published_at: datetime | None
    rules: dict[str, Any] | None
    metafields: dict[str, Any]
    products_count: int
    created_at: datetime
    updated_at: datetime


class AdminCollectionPage(CursorPage):
    collections: list[AdminCollection]
