"""Translations of what a merchant wrote."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from souk.web.api.schemas.common import Shape

Kind = Literal["product", "collection", "page", "article", "metaobject", "menu", "label", "theme"]
_LOCALE = Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
_ID = Field(default="", max_length=40)


class TranslationParameters(Shape):
    """`resource_id` looks like prod_1, collection_1, page_1, article_1, metaobject_1 or menu_1.

    It is left out for `label` (the words of options, categories and specifications) and for `theme`.
    """

    resource_type: Kind
    resource_id: str = _ID
    locale: str = _LOCALE


class TranslationEntry(Shape):
    """`outdated`: the source was changed since the translation was written."""

    field: str
    source: str
    value: str | None
    status: Literal["missing", "outdated", "translated"]


class TranslationList(Shape):
    resource_type: Kind
    resource_id: str
    locale: str
    title: str
    translations: list[TranslationEntry]


class TranslationValue(Shape):
    """An empty `value` takes the translation back."""

    field: str = Field(min_length=1, max_length=500)
    value: str = Field(max_length=200_000)


class TranslationWrite(Shape):
    """Texts that are not named stay as they are."""

    resource_type: Kind
    resource_id: str = _ID
    locale: str = _LOCALE
    translations: list[TranslationValue] = Field(min_length=1, max_length=500)
