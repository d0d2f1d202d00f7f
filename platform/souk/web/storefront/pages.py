"""Home, product and text pages."""

from __future__ import annotations

from flask import Response

from souk.catalog.rich_text import plain_text
from souk.content.pages import pages_by_handle
from souk.web.storefront import seo
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.goods import read_goods
from souk.web.storefront.respond import View, draw, opened
from souk.web.storefront.rows import product_row
from themes import rows

MAX_DESCRIPTION = 300


@blueprint.get("/")
def home() -> Response:
    with opened() as shop:
        front = shop.front.shop
        view = View(template="index", page_type="index", title=front.name, description=front.description, resource={},
                    head=seo.data(seo.organisation(shop.front), seo.website(shop.front)))  # fmt: skip
        return draw(shop.front, shop.run, view)


@blueprint.get("/products/<handle>")
def product(handle: str) -> Response:
    with opened() as shop:
        goods = read_goods(shop.session, handle)
        if goods is None:
            raise shop.missing()
        card, texts = shop.front.prices.cards(shop.session, [goods.card])[0], goods.texts
        suffix = f".{card.template_suffix}" if card.template_suffix else ""
        description = texts.seo_description or plain_text(texts.description_html)[:MAX_DESCRIPTION]
        way = [(texts.category[1], f"/collections/all?filter.category={texts.category[0]}")] if texts.category else []
        crumbs = seo.breadcrumbs(shop.front, [*way, (card.title, f"/products/{card.handle}")])
        view = View(
            template=f"product{suffix}",
            page_type="product",
            title=texts.seo_title or card.title,
            description=description,
            kind="product",
            image=card.picture.key if card.picture else "",
            head=seo.data(seo.organisation(shop.front), seo.product(shop.front, card, description), crumbs),
            resource={"product": product_row(card)},
        )
        return draw(shop.front, shop.run, view, goods=goods)


@blueprint.get("/pages/<handle>")
def page(handle: str) -> Response:
    with opened() as shop:
        found = pages_by_handle(shop.session, [handle]).get(handle)
        if found is None:
            raise shop.missing()
        view = View(
            template=f"page.{found.template_suffix}" if found.template_suffix else "page",
            page_type="page",
            title=found.seo_title or found.title,
            description=found.seo_description or plain_text(found.content_html)[:MAX_DESCRIPTION],
            resource={"page": rows.PageRow(found.id, found.handle, found.title, found.content_html)},
        )
        return draw(shop.front, shop.run, view)


@blueprint.get("/<path:address>")
def anything_else(address: str) -> Response:  # noqa: ARG001 - the request has it
    """Old addresses redirect; the rest is the theme's 404 page."""
    with opened() as shop:
        raise shop.missing()
