"""Pages, posts, menus and redirects as an app reads and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from souk.web.api.schemas.admin_collections import Suffix
from souk.web.api.schemas.admin_products import MediaId, Text
from souk.web.api.schemas.common import Shape, Time
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

Title = Annotated[str, Field(min_length=1, max_length=255)]
Html = Annotated[str, Field(max_length=200_000)]
Excerpt = Annotated[str, Field(max_length=500)]
Tags = Annotated[list[Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^,]+$")]], Field(max_length=20)]
PageKind = Literal["page", "policy"]
Address = Annotated[str, Field(min_length=1, max_length=500)]


class ContentParameters(CursorParameters):
    handle: str = Field(default="", max_length=255)


class NewPage(Shape):
    """A `policy` is linked by the checkout."""

    title: Title
    content_html: Html = ""
    handle: Text = ""
    kind: PageKind = "page"
    seo_title: Text = ""
    seo_description: Excerpt = ""
    template_suffix: Suffix = ""
    published: bool = True


class PageChanges(Changes):
    title: Title = ""
    content_html: Html = ""
    handle: Title = ""
    kind: PageKind = "page"
    seo_title: Text = ""
    seo_description: Excerpt = ""
    template_suffix: Suffix = ""
    published: bool = True


class AdminPage(Shape):
    """`published_at` is null for a page that shoppers do not see."""

    id: str
    handle: str
    kind: str
    title: str
    content_html: str
    seo_title: str
    seo_description: str
    template_suffix: str
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AdminPages(CursorPage):
    pages: list[AdminPage]


class NewArticle(Shape):
    """`published_at` may lie ahead: the post shows from then on. Without one it stays hidden."""

    title: Title
    content_html: Html = ""
    handle: Text = ""
    excerpt: Excerpt = ""
    author: Text = ""
    tags: Tags = Field(default_factory=list)
    media_id: MediaId | None = None
    seo_title: Text = ""
    seo_description: Excerpt = ""
    published_at: Time | None = None


class ArticleChanges(Changes):
    title: Title = ""
    content_html: Html = ""
    handle: Title = ""
    excerpt: Excerpt = ""
    author: Text = ""
    tags: Tags = Field(default_factory=list)
    media_id: MediaId | None = None
    seo_title: Text = ""
    seo_description: Excerpt = ""
    published_at: Time | None = None


class AdminArticle(Shape):
    id: str
    handle: str
    title: str
    content_html: str
    excerpt: str
    author: str
    tags: list[str]
    media_id: str | None
    seo_title: str
    seo_description: str
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AdminArticlePage(CursorPage):
    articles: list[AdminArticle]


class MenuLink(Shape):
    """`target` is the id of a collection, product, page or policy, so that a new name does not break the link; an
    address for `url`; null for the others.
    """

    title: str = Field(min_length=1, max_length=100)
    type: Literal["home", "collections", "search", "blog", "collection", "product", "page", "policy", "url"]
    target: Address | None = None


class MenuBranch(MenuLink):
    items: list[MenuLink] = Field(default_factory=list, max_length=100)


class MenuItem(MenuLink):
    items: list[MenuBranch] = Field(default_factory=list, max_length=100)


class NewMenu(Shape):
    """Themes call a menu by its `handle`, which stays."""

    title: str = Field(min_length=1, max_length=100)
    handle: Annotated[str, Field(max_length=100)] = ""
    items: list[MenuItem] = Field(default_factory=list, max_length=100)


class MenuChanges(Changes):
    """`items` replaces all links."""

    title: str = Field(default="", min_length=1, max_length=100)
    items: list[MenuItem] = Field(default_factory=list, max_length=100)


class ShownLink(Shape):
    """`address` is where the link leads now; empty when its target is gone, and then themes leave it out."""

    title: str
    type: str
    target: str | None
    address: str
    items: list[ShownLink]


class AdminMenu(Shape):
    id: str
    handle: str
    title: str
    items: list[ShownLink]
    updated_at: datetime


class AdminMenuPage(CursorPage):
    menus: list[AdminMenu]


class RedirectParameters(CursorParameters):
    path: str = Field(default="", max_length=500)


class NewRedirect(Shape):
    """`path` is an old path of this shop; `target` is a path or an https address."""

    path: Address
    target: Address


class AdminRedirect(Shape):
    id: str
    path: str
    target: str
    created_at: datetime


class AdminRedirectPage(CursorPage):
    redirects: list[AdminRedirect]
