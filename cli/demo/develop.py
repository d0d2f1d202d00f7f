"""Draws the pictures of the shops on every processor core, while the caller fills the shops that are drawn."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from cli.demo.catalog import Product, Shop
from cli.demo.gallery import Picture, draw, draw_banner, shots


@dataclass(frozen=True)
class Album:
    """The pictures of each product by its handle, and the banners in the order of the hero texts."""

    products: dict[str, list[Picture]]
    banners: list[Picture]


Develop = Callable[[Shop], Album]


@contextmanager
def darkroom(shops: Sequence[Shop]) -> Iterator[Develop]:
    """Begin to draw for all `shops`, in their order; yields what waits for the album of one of them.

    No transaction may be open while it waits, for drawing takes seconds.
    """
    # spawn and not fork: a forked copy would share this process's sockets to the stores.
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        ordered = {shop.slug: _order(pool, shop) for shop in shops}
        try:
            yield lambda shop: _collect(shop, *ordered[shop.slug])
        finally:
            pool.shutdown(cancel_futures=True)


def _order(pool: ProcessPoolExecutor, shop: Shop) -> tuple[list[Future[list[Picture]]], list[Future[Picture]]]:
    galleries = [pool.submit(_gallery, product) for product in shop.products]
    return galleries, [pool.submit(draw_banner, shop, n) for n in range(len(shop.banners))]


def _collect(shop: Shop, galleries: list[Future[list[Picture]]], banners: list[Future[Picture]]) -> Album:
    products = {product.handle: pictures.result() for product, pictures in zip(shop.products, galleries, strict=True)}
    return Album(products, [banner.result() for banner in banners])


def _gallery(product: Product) -> list[Picture]:
    return [draw(product, n) for n in range(len(shots(product)))]
