"""Collections, one and all."""

from __future__ import annotations

from flask import Response

from souk.catalog.rich_text import plain_text
from souk.web.storefront import seo
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.kept_facets import look
from souk.web.storefront.language import here
from souk.web.storefront.pages import MAX_DESCRIPTION
from souk.web.storefront.reader import Main, SqlReader
from souk.web.storefront.respond import View, draw, opened, this_shop
from souk.web.storefront.visitor import NoVisitor


@blueprint.get("/collections")
def collections() -> Response:
    with opened() as shop:
        view = View(
            template="list-collections",
            page_type="list-collections",
            title=here()("titles.collections"),
            resource={},
            keys=frozenset(["collections"]),
        )
        return draw(shop.front, shop.run, view)


@blueprint.get("/collections/<handle>")
def collection(handle: str) -> Response:
    kept = look(this_shop().scope, handle)
    with opened() as shop:
        prices = shop.front.prices
        reader = SqlReader(shop.run, prices, NoVisitor(prices.currency))
        row = reader.collections_by_handle([handle]).get(handle)
        if row is None:
            raise shop.missing()
        view = View(
            template=f"collection.{row.template_suffix}" if row.template_suffix else "collection",
            page_type="collection",
            title=row.title,
            description=plain_text(row.description)[:MAX_DESCRIPTION],
            image=row.image.key if row.image else "",
            head=seo.data(seo.breadcrumbs(shop.front, [(row.title, f"/collections/{handle}")])),
            resource={"collection": row},
        )
        response = draw(shop.front, shop.run, view, main=Main(row, kept))
    kept.store(row.id)
    return response
