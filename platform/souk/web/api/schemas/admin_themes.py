"""Themes: what a shop has, what shoppers saw, and what they see next."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

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


# A ZIP of 50 MB as base64, and some room for the JSON around it.
MOST_ARCHIVE_TEXT = 70_000_000
# A file of 1.5 MB as base64.
MOST_FILE_TEXT = 2_100_000
_PATH = Field(min_length=1, max_length=200)


class NewTheme(Shape):
    """One of `archive` (a ZIP as base64), `base_handle` (a built-in theme) and `copy_of` (a theme of the shop)."""

    archive: str | None = Field(default=None, max_length=MOST_ARCHIVE_TEXT)
    base_handle: str | None = Field(default=None, max_length=60)
    copy_of: str | None = Field(default=None, max_length=40)
    name: str = Field(default="", max_length=200)


class ThemeArchive(Shape):
    """`version` is the one that was read last: with it, nobody's change in between is overwritten.

    Without it, code that was changed in the shop is overwritten with `force` only.
    """

    archive: str = Field(min_length=1, max_length=MOST_ARCHIVE_TEXT)
    version: int | None = None
    force: bool = False


class ThemeFileEntry(Shape):
    path: str
    sha256: str
    byte_size: int


class ThemeFileList(Shape):
    """`version` is the theme's, to be sent with a change."""

    version: int
    files: list[ThemeFileEntry]


class ThemeFileParameters(Shape):
    """`path` as the list of files has it, such as sections/header.html."""

    path: str = Field(default="", max_length=200)


class ThemeFileContent(Shape):
    """`text` holds a text file, `content` any other as base64."""

    path: str
    sha256: str
    version: int
    text: str | None
    content: str | None


class ThemeFileWrite(Shape):
    """One of `text` and `content` (base64). `version`: as in ThemeArchive."""

    path: str = _PATH
    text: str | None = Field(default=None, max_length=MOST_FILE_TEXT)
    content: str | None = Field(default=None, max_length=MOST_FILE_TEXT)
    version: int | None = None


class ThemeWritten(Shape):
    """`findings` are remarks of the validator that keep nothing from being published."""

    theme: ThemeView
    findings: list[str]
