"""The blog and its posts; a page hands them over whole, so that they load nothing."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from themes import rows
from themes.drops.base import Drop, row_value
from themes.drops.image import ImageDrop, image
from themes.sandbox.access import exposes


@exposes("name", "url", "active")
class TagDrop(Drop):
    """A tag of posts."""

    __slots__ = ("active", "name", "url")
    docs = {"name": "The tag.", "url": "Address of its posts.", "active": "True when its posts are shown."}  # noqa: RUF012
    types = {"name": str, "url": str, "active": bool}  # noqa: RUF012

    def __init__(self, name: str, prefix: str, *, active: bool = False) -> None:
        self.name = name
        self.url = f"{prefix}/blog/tagged/{quote(name)}"
        self.active = active


@exposes("title", "handle", "url", "content", "excerpt", "author", "tags", "image", "published_at")
class ArticleDrop(Drop):
    """A post of the blog."""

    __slots__ = ("_prefix", "_row")

    def __init__(self, row: rows.ArticleRow, prefix: str) -> None:
        self._row = row
        self._prefix = prefix

    title = row_value("title", "Title of the post.")
    handle = row_value("handle", "Name in the address.")
    excerpt = row_value("excerpt", "A few sentences of plain text.")
    author = row_value("author", "Who wrote it, or empty text.")
    published_at = row_value("published_at", "When it was published.")
    url = property(lambda self: f"{self._prefix}/blog/{self._row.handle}", doc="Address of the post.")
    content = property(lambda self: Markup(self._row.content), doc="Sanitised HTML.")

    @property
    def tags(self) -> list[TagDrop]:
        """Its tags."""
        return [TagDrop(tag, self._prefix) for tag in self._row.tags]

    @property
    def image(self) -> ImageDrop | None:
        """Its picture."""
        return image(self._row.image)


@exposes("title", "url", "articles", "tags", "tag", "page", "pages", "previous_url", "next_url")
class BlogDrop(Drop):
    """A page of the blog."""

    __slots__ = ("_prefix", "_row")

    def __init__(self, row: rows.BlogRow, prefix: str) -> None:
        self._row = row
        self._prefix = prefix

    title = row_value("title", "Title of the blog.")
    tag = row_value("tag", "The tag whose posts are shown, or empty text.")
    page = row_value("page", "Number of the page.")
    pages = row_value("pages", "How many pages there are.")
    url = property(lambda self: f"{self._prefix}/blog", doc="Address of the blog.")

    @property
    def articles(self) -> list[ArticleDrop]:
        """The posts of this page, newest first."""
        return [ArticleDrop(row, self._prefix) for row in self._row.articles]

    @property
    def tags(self) -> list[TagDrop]:
        """The tags in use, the most used first."""
        return [TagDrop(tag, self._prefix, active=tag == self._row.tag) for tag in self._row.tags]

    def _at(self, number: int) -> str:
        path = self._prefix + self._row.path
        return f"{path}?page={number}" if number > 1 else path

    @property
    def previous_url(self) -> str | None:
        """Address of the newer posts, or nothing."""
        return self._at(self._row.page - 1) if self._row.page > 1 else None

    @property
    def next_url(self) -> str | None:
        """Address of the older posts, or nothing."""
        return self._at(self._row.page + 1) if self._row.page < self._row.pages else None
