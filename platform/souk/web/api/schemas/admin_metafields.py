"""Metafields: definitions, and the values that products, variants and collections have."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from souk.web.api.schemas.common import Shape
from souk.web.api.schemas.paging import Changes

OwnerType = Literal["product", "variant", "collection"]
MOST_VALUES = 200


class DefinitionParameters(Shape):
    owner_type: OwnerType | None = None


class NewDefinition(Shape):
    """`type` is one of Shopify's, such as `single_line_text_field` or `list.product_reference`. `validations` are
    `min` and `max` for numbers, `choices` for texts; a reference to entries names their type as `metaobject`.
    `filterable` makes a product's field a facet of the search.
    """

    owner_type: OwnerType
    namespace: str = Field(default="custom", pattern=r"^[a-z0-9_-]{2,64}$")
    key: str = Field(pattern=r"^[a-z0-9_-]{2,64}$")
    name: str = Field(min_length=1, max_length=100)
    description: str = Field(default="", max_length=500)
    type: str = Field(min_length=1, max_length=60)
    choices: list[str] | None = Field(default=None, min_length=1, max_length=128)
    minimum: int | None = Field(default=None, ge=-(10**12), le=10**12)
    maximum: int | None = Field(default=None, ge=-(10**12), le=10**12)
    metaobject: str | None = Field(default=None, pattern=r"^[a-z0-9_-]{2,64}$")
    storefront: bool = True
    filterable: bool = False


class DefinitionChanges(Changes):
    """Owner, key and type of a definition stay; null takes a limit away."""

    name: str = Field(default="", min_length=1, max_length=100)
    description: str = Field(default="", max_length=500)
    choices: list[str] | None = Field(default=None, min_length=1, max_length=128)
    minimum: int | None = Field(default=None, ge=-(10**12), le=10**12)
    maximum: int | None = Field(default=None, ge=-(10**12), le=10**12)
    storefront: bool = True
    filterable: bool = False


class MetafieldDefinitionView(Shape):
    id: str
    owner_type: OwnerType
    namespace: str
    key: str
    name: str
    description: str
    type: str
    validations: dict[str, Any]
    storefront: bool
    filterable: bool


class MetafieldDefinitions(Shape):
    definitions: list[MetafieldDefinitionView]


class MetafieldChanges(Shape):
    """Values by `namespace.key`; null takes one away, what is left out stays."""

    metafields: dict[str, Any] = Field(min_length=1, max_length=MOST_VALUES)


class Metafields(Shape):
    metafields: dict[str, Any]
