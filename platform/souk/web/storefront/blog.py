"""The blog: its list, its tags, its posts and its feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Response, request
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.rich_text import plain_text
from souk.content.blog import (
    PER_PAGE,
    StoredArticle,
    count_articles,
    published_article,
    published_articles,
    tags_in_use,
)
from souk.media.models import Media
from souk.web.storefront import seo
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.language import at, here
from souk.web.storefront.pages import MAX_DESCRIPTION
from souk.web.storefront.queries import images_by_key
from souk.web.storefront.respond import Opened, View, draw, opened
from themes import rows

FEED_SIZE = 20
_KEYS = frozenset(["articles"])


@blueprint.get("/blog")
@blueprint.get("/blog/tagged/<path:tag>")
def blog(tag: str = "") -> Response:
    """Show a page of posts; those of one tag below /blog/tagged/."""
    with opened() as shop:
        row = _blog_row(shop, tag)
        if not shop.front.theme.has_template("blog") or (tag and not row.articles):
            raise shop.missing()
        title = f"{row.title}: {tag}" if tag else row.title
        head = _feed_link(row.title) + seo.data(seo.breadcrumbs(shop.front, [(row.title, "/blog")]))
        view = View(template="blog", page_type="blog", title=title, resource={"blog": row}, keys=_KEYS, head=head)
        return draw(shop.front, shop.run, view, status=404 if row.page > max(row.pages, 1) else 200)


def _blog_row(shop: Opened, tag: str) -> rows.BlogRow:
    given = request.args.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 6 else 1  # noqa: PLR2004 - beyond any blog
    found = published_articles(shop.session, tag=tag, page=max(number, 1))
    total = count_articles(shop.session, tag)
    return rows.BlogRow(
        title=here()("titles.blog"),
        articles=_article_rows(shop.session, found),
        tags=tuple(tags_in_use(shop.session)),
        tag=tag,
        page=max(number, 1),
        pages=max(-(-total // PER_PAGE), 1),
        path=f"/blog/tagged/{quote(tag)}" if tag else "/blog",
    )


def _article_rows(session: Session, found: Sequence[StoredArticle]) -> tuple[rows.ArticleRow, ...]:
    images = _images(session, [each.media_id for each in found if each.media_id])
    return tuple(
        rows.ArticleRow(
            id=each.id,
            handle=each.handle,
            title=each.title,
            content=each.content_html,
            excerpt=each.excerpt or plain_text(each.content_html)[:MAX_DESCRIPTION],
            author=each.author,
            tags=each.tags,
            image=images.get(each.media_id or 0),
            published_at=each.published_at,
        )
        for each in found
    )


def _images(session: Session, ids: Sequence[int]) -> Mapping[int, rows.ImageRow]:
    if not ids:
        return {}
    query = select(Media.storage_key, Media.id).where(Media.id.in_(ids))
    keys = {row.storage_key: row.id for row in session.execute(query)}
    return {keys[key]: image for key, image in images_by_key(session, list(keys)).items()}


def _feed_link(title: str) -> Markup:
    return Markup('<link rel="alternate" type="application/atom+xml" title="{}" href="{}">\n').format(
        title, at("/blog.atom")
    )


@blueprint.get("/blog/<handle>")
def article(handle: str) -> Response:
    with opened() as shop:
        found = published_article(shop.session, handle)
        if found is None or not shop.front.theme.has_template("article"):
            raise shop.missing()
        (row,) = _article_rows(shop.session, [found])
        image = row.image.key if row.image else ""
        path = f"/blog/{found.handle}"
        post = seo.article(shop.front, title=found.title, path=path, author=found.author, image=image,
                           dates=(found.published_at, found.updated_at))  # fmt: skip
        way = seo.breadcrumbs(shop.front, [(here()("titles.blog"), "/blog"), (found.title, path)])
        view = View(
            template="article",
            page_type="article",
            title=found.seo_title or found.title,
            description=found.seo_description or row.excerpt,
            kind="article",
            image=image,
            resource={"article": row},
            keys=_KEYS,
            head=_feed_link(here()("titles.blog")) + seo.data(seo.organisation(shop.front), post, way),
        )
        return draw(shop.front, shop.run, view)


@blueprint.get("/blog.atom")
def feed() -> Response:
    """Answer the newest posts as Atom (RFC 4287)."""
    with opened() as shop:
        found = published_articles(shop.session, size=FEED_SIZE)
        origin, name = shop.front.shop.url, shop.front.shop.name
    changed = max((each.updated_at for each in found), default=None)
    entries = "".join(_entry(each, origin) for each in found)
    address = escape(origin + at("/blog"))
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<title>{escape(name)}</title>\n'
        f'<id>{address}</id>\n<link href="{address}"/>\n<link rel="self" href="{escape(origin + at("/blog.atom"))}"/>\n'
        f"<author><name>{escape(name)}</name></author>\n"
        f"<updated>{changed.isoformat() if changed else '1970-01-01T00:00:00+00:00'}</updated>\n{entries}</feed>\n"
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _entry(post: StoredArticle, origin: str) -> str:
    address = escape(origin + at(f"/blog/{post.handle}"))
    published = post.published_at.isoformat() if post.published_at else ""
    tags = "".join(f"<category term={_quoted(tag)}/>" for tag in post.tags)
    author = f"<author><name>{escape(post.author)}</name></author>" if post.author else ""
    return (
        f'<entry><title>{escape(post.title)}</title><id>{address}</id><link href="{address}"/>{author}'
        f"<published>{published}</published><updated>{post.updated_at.isoformat()}</updated>{tags}"
        f'<content type="html">{escape(post.content_html)}</content></entry>\n'
    )


def _quoted(text: str) -> str:
    escaped = escape(text, {'"': "&quot;"})
    return f'"{escaped}"'
