"""Draws all pictures of a shop on every processor core."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from cli.demo.catalog import Product, Shop
from cli.demo.gallery import Picture, draw, draw_banner, shots


@dataclass(frozen=True)
class Album:
    """The pictures of each product by its handle, and the banners in the order of the hero texts."""

    products: dict[str, list[Picture]]
    banners: list[Picture]


def develop(shop: Shop) -> Album:
    """Draw everything; no transaction may be open meanwhile, for it takes seconds."""
    # spawn and not fork: a forked copy would share this process's sockets to the stores.
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        banners = [pool.submit(draw_banner, shop, n) for n in range(len(shop.banners))]
        galleries = pool.map(_gallery, shop.products)
        products = {product.handle: pictures for product, pictures in zip(shop.products, galleries, strict=True)}
        return Album(products, [banner.result() for banner in banners])


def _gallery(product: Product) -> list[Picture]:
    return [draw(product, n) for n in range(len(shots(product)))]
