"""Fills a new shop with its demo catalogue through the same verbs that the dashboard uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cli.demo.catalog import Link, Product, Shop
from cli.demo.develop import Album
from cli.demo.entries import fill_entries
from cli.demo.front import install_front
from cli.demo.gallery import Picture
from cli.demo.german import speak_german
from cli.demo.journal import Post
from cli.demo.price_lists import install_prices
from cli.demo.promotions import install_promotions
from souk.catalog.categories import ensure_category
from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.models import Variant
from souk.catalog.save_product import save_product
from souk.content.articles import ArticleDraft, save_article
from souk.content.menus import save_menu
from souk.content.pages import PageDraft, save_page
from souk.customers.addresses import add_address
from souk.customers.register import register
from souk.inventory.adjust import set_on_hand
from souk.kernel import clock
from souk.kernel.settings import write_setting
from souk.media.storage import MediaStorage
from souk.media.store import KeptImage, keep_image, record_image
from souk.reviews.create import ReviewDraft, create_review
from souk.shipping.models import ShippingZone
from souk.tax.models import TaxRate

CUSTOMER_PASSWORD = "demo-customer"  # noqa: S105 - the invented customers of a demo on one's own machine
MARK = "demo"
# The goods came in before the first of the orders that are replayed took from them.
BEFORE_THE_SALES = timedelta(days=35)


@dataclass(frozen=True)
class Kept:
    """A picture whose file is stored and whose row is not written yet."""

    picture: Picture
    image: KeptImage


@dataclass(frozen=True)
class KeptAlbum:
    products: Mapping[str, list[Kept]]
    banners: list[Kept]


def keep_album(storage: MediaStorage, tenant_id: int, album: Album) -> KeptAlbum:
    """Store the files, before the transaction begins: the storage may be at the other end of a network."""

    def keep(picture: Picture) -> Kept:
        return Kept(picture, keep_image(storage, tenant_id, picture.data, picture.filename, drawn_by_us=True))

    products = {handle: [keep(picture) for picture in pictures] for handle, pictures in album.products.items()}
    return KeptAlbum(products, [keep(picture) for picture in album.banners])


def fill_shop(session: Session, shop: Shop, album: KeptAlbum) -> dict[str, int]:
    """Write the whole catalogue in one transaction, so that a killed start leaves an empty shop and no half one.

    Returns handle -> id of the products.
    """
    _prices_of_delivery(session, shop)
    products = {product.handle: _product(session, product, album.products[product.handle]) for product in shop.products}
    banners = [record_image(session, kept.image, kept.picture.alt, prepare=False).id for kept in album.banners]
    collections = _collections(session, shop, products, banners, album)
    pages = {
        page.handle: save_page(session, PageDraft(page.title, page.content_html, page.handle, page.kind))
        for page in shop.pages
    }
    for post in shop.posts:
        _post(session, post)
    for menu in shop.menus:
        save_menu(session, menu.handle, menu.title, [_item(link, collections, pages) for link in menu.links])
    for person in shop.customers:
        customer_id = register(session, person.name, person.email, CUSTOMER_PASSWORD)
        add_address(session, customer_id, dict(person.address), is_default=True)
    install_promotions(session, shop)
    install_prices(session, shop)
    install_front(session, shop, [kept.image.storage_key for kept in album.banners])
    fill_entries(session, shop)
    speak_german(session, shop)
    write_setting(session, MARK, {"filled_at": clock.now().isoformat(), "replayed": False})
    return products


def _post(session: Session, post: Post) -> None:
    draft = ArticleDraft(
        post.title,
        post.content_html,
        excerpt=post.excerpt,
        author=post.author,
        tags=post.tags,
        published_at=clock.now() - timedelta(days=post.days_ago),
    )
    save_article(session, draft)


def _prices_of_delivery(session: Session, shop: Shop) -> None:
    session.execute(
        insert(TaxRate),
        [
            {"country": rate.country, "province": rate.province, "name": rate.name, "rate": Decimal(rate.rate)}
            for rate in shop.tax_rates
        ],
    )
    for position, zone in enumerate(shop.zones, 1):
        lighter = max((heaviest for _, _, _, heaviest, _, _ in zone.rates if heaviest), default=None)
        rates = [
            {
                "code": code,
                "title": title,
                "provider": "flat_rate",
                "price": price,
                "min_weight_grams": lighter + 1 if lighter and not heaviest else None,
                "max_weight_grams": heaviest,
                "delivery_days": [first, last],
            }
            for code, title, price, heaviest, first, last in zone.rates
        ]
        rates = [{name: value for name, value in rate.items() if value is not None} for rate in rates]
        values = {"name": zone.name, "countries": list(zone.countries), "rates": rates, "position": position}
        session.execute(insert(ShippingZone).values(values))


def _product(session: Session, product: Product, pictures: list[Kept]) -> int:
    media = [(record_image(session, kept.image, kept.picture.alt, prepare=False).id, kept.picture) for kept in pictures]
    shown: dict[str, int] = {}
    for media_id, picture in media:
        shown.setdefault(picture.color, media_id)
    draft = ProductDraft(
        title=product.title,
        handle=product.handle,
        description_html=product.description_html,
        vendor=product.vendor,
        product_type=product.product_type,
        category_id=ensure_category(session, product.category),
        tags=product.tags,
        published_at=clock.now() - timedelta(days=product.days_old),
        options=tuple(option.name for option in product.options),
        specifications=product.specifications,
        media=tuple((media_id, picture.alt) for media_id, picture in media),
        variants=tuple(
            VariantDraft(
                price=variant.price,
                options=variant.values,
                sku=variant.sku,
                barcode=variant.barcode,
                compare_at_price=variant.compare_at_price,
                # What they cost the shop: discounts warn of going below it.
                cost=variant.price * 45 // 100,
                weight_grams=variant.weight_grams,
                unit_measure=variant.measure,
                media_id=next((shown[value] for value in variant.values if value in shown), None),
            )
            for variant in product.variants
        ),
    )
    product_id = save_product(session, draft)
    _stock(session, product_id, product)
    _reviews(session, product_id, product)
    return product_id


def _stock(session: Session, product_id: int, product: Product) -> None:
    rows = session.execute(select(Variant.sku, Variant.id).where(Variant.product_id == product_id))
    ids = {row.sku: row.id for row in rows}
    with clock.frozen(clock.now() - BEFORE_THE_SALES):
        for variant in product.variants:
            set_on_hand(session, ids[variant.sku], None, variant.stock, "received", "system")


def _reviews(session: Session, product_id: int, product: Product) -> None:
    now = clock.now()
    for review in product.reviews:
        with clock.frozen(now - timedelta(days=review.days_ago)):
            draft = ReviewDraft(
                product_id, None, review.author, review.rating, review.title, review.body, verified=True
            )
            create_review(session, draft)


def _collections(
    session: Session, shop: Shop, products: Mapping[str, int], banners: list[int], album: KeptAlbum
) -> dict[str, int]:
    """A collection that a hero text leads to has its banner, the others the picture of a product."""
    covers = {hero.collection: banner for hero, banner in zip(shop.heroes, banners, strict=True)}
    made: dict[str, int] = {}
    for position, collection in enumerate(shop.collections, 1):
        first = album.products[collection.cover or collection.products[0]][0]
        cover = covers.get(collection.handle) or record_image(session, first.image, first.picture.alt).id
        draft = CollectionDraft(
            title=collection.title,
            handle=collection.handle,
            description_html=collection.description_html,
            media_id=cover,
            position=position,
            product_ids=tuple(products[handle] for handle in collection.products),
        )
        made[collection.handle] = save_collection(session, draft)
    return made


def _item(link: Link, collections: Mapping[str, int], pages: Mapping[str, int]) -> dict[str, Any]:
    targets: Mapping[str, Any] = {"collection": collections, "page": pages, "policy": pages}
    item: dict[str, Any] = {"title": link.title, "type": link.type}
    if link.type in targets:
        item["target"] = targets[link.type][link.target]
    elif link.target:
        item["target"] = link.target
    if link.links:
        item["items"] = [_item(child, collections, pages) for child in link.links]
    return item
