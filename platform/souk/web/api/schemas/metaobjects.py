"""Entries that the merchant defined: their kinds, and what each entry says."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from souk.web.api.schemas.common import Limit, Page, Shape
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

TypeName = Annotated[str, Field(pattern=r"^[a-z0-9_-]{2,64}$")]
Status = Literal["draft", "active"]
Name = Annotated[str, Field(min_length=1, max_length=100)]
MOST_FIELDS = 40


class MetaobjectField(Shape):
    """`type` is one of the metafields'; a reference to entries names their type as `metaobject`."""

    key: TypeName
    name: Name
    type: str = Field(min_length=1, max_length=60)
    description: str = Field(default="", max_length=500)
    required: bool = False
    choices: list[str] | None = Field(default=None, min_length=1, max_length=128)
    minimum: int | None = Field(default=None, ge=-(10**12), le=10**12)
    maximum: int | None = Field(default=None, ge=-(10**12), le=10**12)
    metaobject: TypeName | None = None


class NewMetaobjectDefinition(Shape):
    type: TypeName
    name: Name
    description: str = Field(default="", max_length=500)
    fields: list[MetaobjectField] = Field(default_factory=list, max_length=MOST_FIELDS)
    storefront: bool = True


class MetaobjectDefinitionChanges(Changes):
    """`fields` are all fields in their order: one that is left out is gone with its values; a type stays."""

    name: Name = "..."
    description: str = Field(default="", max_length=500)
    fields: list[MetaobjectField] = Field(default_factory=list, max_length=MOST_FIELDS)
    storefront: bool = True


class MetaobjectDefinitionView(Shape):
    id: str
    type: str
    name: str
    description: str
    fields: list[MetaobjectField]
    storefront: bool
    entries: int


class MetaobjectDefinitions(Shape):
    definitions: list[MetaobjectDefinitionView]


class MetaobjectParameters(CursorParameters):
    type: TypeName | None = None


class NewMetaobject(Shape):
    """`fields` are values by key, as metafields take them. Without a handle the title makes one."""

    type: TypeName
    title: str = Field(min_length=1, max_length=255)
    handle: str = Field(default="", max_length=120)
    status: Status = "active"
    fields: dict[str, Any] = Field(default_factory=dict, max_length=MOST_FIELDS)


class MetaobjectChanges(Changes):
    """Of `fields` null takes a value away, and what is left out stays."""

    title: str = Field(default="", min_length=1, max_length=255)
    handle: str = Field(default="", min_length=1, max_length=120)
    status: Status = "active"
    fields: dict[str, Any] = Field(default_factory=dict, max_length=MOST_FIELDS)


class MetaobjectView(Shape):
    id: str
    type: str
    handle: str
    title: str
    status: Status
    fields: dict[str, Any]
    updated_at: datetime


class Metaobjects(CursorPage):
    metaobjects: list[MetaobjectView]


class EntryParameters(Shape):
    page: Page = 1
    limit: Limit = 50


class ShownEntryView(Shape):
    """An active entry; references are ids such as `prod_7` and `metaobject_3`."""

    id: str
    type: str
    handle: str
    title: str
    fields: dict[str, Any]


class ShownEntries(Shape):
    metaobjects: list[ShownEntryView]
    total: int
    page: int
    limit: int
