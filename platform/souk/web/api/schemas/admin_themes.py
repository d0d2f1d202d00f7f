"""Themes: what a shop has, what shoppers saw, and what they see next."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from souk.web.api.schemas.common import Shape
from souk.web.api.schemas.paging import CursorPage, CursorParameters


class ThemeView(Shape):
    """`role` is `main` for the live one. `has_draft`: shoppers do not see yet all that was worked on.

    `version` counts every change; `base_handle` names the built-in theme whose code it uses, or `own`.
    """

    id: str
    name: str
    role: Literal["main", "unpublished", "development"]
    version: int
    base_handle: str
    base_version: str
    has_draft: bool
    updated_at: datetime
    published_at: datetime | None
    publish_at: datetime | None


class Themes(Shape):
    """The live one first."""

    themes: list[ThemeView]


class PublicationParameters(CursorParameters):
    pass


class PublicationView(Shape):
    """`actor` is who did it, such as `staff:4`; `theme_id` is null once that theme was deleted."""

    id: str
    theme_id: str | None
    name: str
    kind: Literal["published", "scheduled", "rolled_back", "found"]
    actor: str
    created_at: datetime


class PublicationPage(CursorPage):
    """The first of the first page is what shoppers see now."""

    publications: list[PublicationView]
