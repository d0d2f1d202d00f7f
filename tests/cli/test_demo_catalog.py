"""The demo catalogue is complete, consistent, and every picture it asks for can be drawn."""

from __future__ import annotations

import io
from math import prod

import pytest
from PIL import Image

from cli.demo.build import ean13
from cli.demo.catalog import Link, Product, Shop
from cli.demo.ember import EMBER
from cli.demo.gallery import BANNER, draw, draw_banner, shots
from cli.demo.lumen import LUMEN
from cli.demo.pictures.bodies import Subject
from cli.demo.pictures.camera import Camera
from cli.demo.pictures.layers import rasterize
from cli.demo.pictures.palette import COLORS
from cli.demo.pictures.relief import place
from cli.demo.pictures.studio import BACKDROPS, SIDE
from cli.demo.pictures.subjects import UnknownSubject, subject

SHOPS = pytest.mark.parametrize("shop", [EMBER, LUMEN], ids=lambda shop: shop.slug)
PRODUCTS = [*EMBER.products, *LUMEN.products]


@SHOPS
def test_a_shop_has_the_size_a_demo_needs(shop: Shop) -> None:
    assert 40 <= len(shop.products) <= 48
    assert 6 <= len(shop.collections) <= 8
    assert 6 <= len({product.vendor for product in shop.products}) <= 8
    assert 0.3 < sum(bool(product.reviews) for product in shop.products) / len(shop.products) < 0.7
    assert {page.handle for page in shop.pages} == {"about", "contact", "shipping-returns", "privacy", "terms"}
    assert len(shop.heroes) == len(shop.banners) == 3


@SHOPS
def test_handles_skus_and_barcodes_are_unique(shop: Shop) -> None:
    variants = [variant for product in shop.products for variant in product.variants]

    assert len({product.handle for product in shop.products}) == len(shop.products)
    assert len({variant.sku for variant in variants}) == len(variants)
    assert len({variant.barcode for variant in variants}) == len(variants)


@SHOPS
def test_some_variants_are_sold_out_and_some_are_scarce(shop: Shop) -> None:
    stock = [variant.stock for product in shop.products for variant in product.variants]

    assert 1 <= stock.count(0) <= len(stock) // 8
    assert any(0 < quantity < 5 for quantity in stock)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.handle)
def test_a_product_is_consistent(product: Product) -> None:
    assert len(product.variants) == prod(len(option.values) for option in product.options)
    assert len({variant.values for variant in product.variants}) == len(product.variants)
    assert all(variant.barcode == ean13(variant.barcode[:12]) for variant in product.variants)
    assert all(100 < variant.price < 100_000 for variant in product.variants)
    assert all(v.compare_at_price is None or v.compare_at_price > v.price for v in product.variants)
    assert all(name and value for name, value in product.specifications)
    assert product.description_html.count("<p>") == 2
    assert subject(product.look.subject)
    assert set(product.look.colors) <= set(COLORS)
    assert set(product.look.sceneries) <= set(BACKDROPS)
    assert 2 <= len(shots(product)) <= 3


@SHOPS
def test_collections_and_menus_lead_somewhere(shop: Shop) -> None:
    handles = {product.handle for product in shop.products}
    places = {"collection": {c.handle for c in shop.collections}}
    places["page"] = {page.handle for page in shop.pages if page.kind == "page"}
    places["policy"] = {page.handle for page in shop.pages if page.kind == "policy"}

    def leads_nowhere(links: tuple[Link, ...]) -> list[str]:
        lost = [link.title for link in links if link.type in places and link.target not in places[link.type]]
        return lost + [title for link in links for title in leads_nowhere(link.links)]

    assert [c.handle for c in shop.collections if not c.products or not set(c.products) <= handles] == []
    assert [title for menu in shop.menus for title in leads_nowhere(menu.links)] == []
    assert {hero.collection for hero in shop.heroes} <= places["collection"]


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert ean13("400638133393") == "4006381333931"


def test_a_picture_is_a_square_photograph_and_the_same_every_time() -> None:
    product = EMBER.products[0]

    picture = draw(product, 0)

    image = Image.open(io.BytesIO(picture.data))
    assert (image.format, image.size) == ("JPEG", (SIDE, SIDE))
    assert picture.alt == "Hearth Mug in sage"
    assert draw(product, 0).data == picture.data


def test_another_colour_gives_another_picture() -> None:
    product = EMBER.products[0]

    assert draw(product, 0).data != draw(product, 1).data


@pytest.mark.parametrize("name", sorted({product.look.subject for product in PRODUCTS}))
def test_a_body_shows_its_outside(name: str) -> None:
    """A body that is wound inside out or misplaced leaves an empty picture."""
    what, size = subject(name), (240, 240)
    if isinstance(what, Subject):
        vertices = [vertex for part in what.parts for vertex in part.mesh.vertices]
        camera = Camera(abs(what.pitch), what.yaw).framed(vertices, size, (0.8, 0.8), (0.5, 0.5))
        layers = [rasterize(part, camera, size) for part in what.parts]
    else:
        layers = [place(cut, 2.4, (0.0, 0.0), size) for cut in what.cuts]

    covered = Image.new("L", size)
    for layer in filter(None, layers):
        covered.paste(255, layer.box, layer.mask)

    assert covered.histogram()[255] > 240 * 240 // 40


def test_a_banner_has_its_wide_format() -> None:
    image = Image.open(io.BytesIO(draw_banner(LUMEN, 0).data))

    assert image.size == BANNER


def test_an_unknown_subject_is_named() -> None:
    with pytest.raises(UnknownSubject, match="submarine"):
        subject("submarine")
