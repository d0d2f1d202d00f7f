"""robots.txt and the sitemap."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from flask import Response
from sqlalchemy import select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import literal

from souk.catalog.filters import visible
from souk.catalog.models import Collection, Product
from souk.content.models import Page
from souk.kernel import clock
from souk.kernel.config import config
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.respond import opened, this_shop

# The protocol allows 50,000 addresses a file.
MAX_ADDRESSES = 49_000
_ROBOTS = """User-agent: *
Disallow: /cart
Disallow: /checkout
Disallow: /account
Disallow: /search
Disallow: /*?*filter.
Sitemap: {origin}/sitemap.xml
"""


@blueprint.get("/robots.txt")
def robots() -> Response:
    text = _ROBOTS.format(origin=config().origin(this_shop().primary_host))
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    with opened() as shop:
        found = list(_addresses(shop.session))
    origin = config().origin(this_shop().primary_host)
    lines = "".join(f"<url><loc>{escape(origin + address)}</loc></url>\n" for address in ["/", *found])
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'
    )
    return Response(body, content_type="application/xml; charset=utf-8")


def _addresses(session: Session) -> Iterable[str]:
    now = clock.now()
    arms = (
        select(literal("/collections/"), Collection.handle).where(Collection.published_at <= now),
        select(literal("/pages/"), Page.handle).where(Page.published_at <= now),
        select(literal("/products/"), Product.handle).where(visible()),
    )
    for row in session.execute(union_all(*arms).limit(MAX_ADDRESSES)):
        yield f"{row[0]}{row[1]}"
