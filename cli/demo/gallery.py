"""Takes the pictures of a product as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from cli.demo.catalog import Product, Shop
from cli.demo.pictures.shots import company, photograph
from cli.demo.pictures.studio import jpeg

MOST = 3
_VIEWS = {"front": "", "angle": ", from another side", "close": ", close up"}
BANNER = (1600, 1200)


@dataclass(frozen=True)
class Picture:
    """An encoded picture; `color` is the colour it shows, to be matched with a variant."""

    data: bytes
    content_type: str
    width: int
    height: int
    alt: str
    filename: str
    color: str


@dataclass(frozen=True)
class Shot:
    color: str
    view: str
    scenery: str


def shots(product: Product) -> tuple[Shot, ...]:
    """Plan two or three pictures: two colours from the front, then another view, of the third colour if it exists.

    So the first three colours each have a picture that their variants can show.
    """
    colors, sceneries = product.look.colors, product.look.sceneries
    fronts = [Shot(color, "front", sceneries[0]) for color in colors[: MOST - 1]]
    last = colors[MOST - 1] if len(colors) >= MOST else colors[0]
    closing = Shot(last, "close" if len(product.handle) % 3 == 0 else "angle", sceneries[1])
    return (*fronts, closing)


def draw(product: Product, n: int) -> Picture:
    """Draw picture `n` of a product, counted from 0; the same bytes on every run."""
    shot = shots(product)[n]
    image = photograph(product.look.subject, shot.color, shot.view, shot.scenery)
    kind = f" in {shot.color.lower()}" if len(product.look.colors) > 1 else ""
    alt = f"{product.title}{kind}{_VIEWS[shot.view]}"
    name = f"{product.handle}-{n + 1}.jpg"
    return Picture(jpeg(image), "image/jpeg", image.width, image.height, alt, name, shot.color)


def draw_banner(shop: Shop, n: int) -> Picture:
    """Draw the wide picture that goes with the shop's hero text `n`."""
    scenery, names = shop.banners[n]
    image = company(names, scenery, BANNER)
    hero = shop.heroes[n]
    return Picture(jpeg(image), "image/jpeg", *BANNER, hero.text, f"{shop.slug}-banner-{n + 1}.jpg", "")
