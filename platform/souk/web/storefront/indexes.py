"""robots.txt and the sitemap: an index of parts, each small enough to be written in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from flask import Response
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from souk.catalog.filters import visible
from souk.catalog.models import Collection, Product
from souk.content.models import Article, Page
from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.errors import NotFound
from souk.kernel.settings import read_setting
from souk.web.language_prefix import published_languages
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.respond import Opened, opened, this_shop

# The protocol allows 50,000 addresses a file; smaller parts are fetched again sooner.
PART = 10_000
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ROBOTS = """User-agent: *
Disallow: /cart
Disallow: /checkout
Disallow: /account
Disallow: /orders/
Disallow: /search
Disallow: /*/cart
Disallow: /*/search
Disallow: /*?*filter.
Disallow: /*?*sort_by=
Sitemap: {origin}/sitemap.xml
"""
Found = tuple[str, datetime | None]


def _origin() -> str:
    return config().origin(this_shop().primary_host)


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response(_ROBOTS.format(origin=_origin()), content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the parts; a part that would be empty is left out."""
    with opened() as shop:
        counts = {kind: _count(shop.session, query) for kind, query in _kinds().items()}
    parts = [f"{kind}-{number}" for kind, total in counts.items() for number in range(1, -(-total // PART) + 1)]
    lines = (f"<sitemap><loc>{_origin()}/sitemaps/{name}.xml</loc></sitemap>\n" for name in ["home-1", *parts])
    return _xml("sitemapindex", lines)


@blueprint.get("/sitemaps/<kind>-<int:number>.xml")
def sitemap_part(kind: str, number: int) -> Response:
    with opened() as shop:
        found = _addresses(shop, kind, number)
        prefixes = ["", *(f"/{tag}" for tag in published_languages(read_setting(shop.session, "shop"))[1:])]
    if not found:
        raise NotFound("There is no such part of the sitemap.")
    origin = _origin()
    lines = (_line(origin + prefix + path, changed) for path, changed in found for prefix in prefixes)
    return _xml("urlset", lines)


def _addresses(shop: Opened, kind: str, number: int) -> list[Found]:
    if kind == "home" and number == 1:
        return [("/", None), ("/collections", None)]
    query = _kinds().get(kind)
    if query is None or not 0 < number < 10_000:  # noqa: PLR2004 - beyond any catalogue
        return []
    rows = shop.session.execute(query.limit(PART).offset((number - 1) * PART))
    return [(f"/{_FOLDERS[kind]}/{row.handle}", row.updated_at) for row in rows]


_FOLDERS = {"collections": "collections", "pages": "pages", "products": "products", "articles": "blog"}


def _kinds() -> Mapping[str, Select[Any]]:
    now = clock.now()
    return {
        "collections": _select(Collection).where(Collection.published_at <= now),
        "pages": _select(Page).where(Page.published_at <= now),
        "products": _select(Product).where(visible()),
        "articles": _select(Article).where(Article.published_at <= now),
    }


def _select(model: Any) -> Select[Any]:
    return select(model.id, model.handle, model.updated_at).order_by(model.id)


def _count(session: Session, query: Select[Any]) -> int:
    return session.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def _line(address: str, changed: datetime | None) -> str:
    moment = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{moment}</url>\n"


def _xml(root: str, lines: Iterable[str]) -> Response:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    body = f'{head}<{root} xmlns="{_SCHEMA}">\n{"".join(lines)}</{root}>\n'
    return Response(body, content_type="application/xml; charset=utf-8")
