"""Surface detail as grey tiles (255 leaves a surface as it is), drawn from seeded noise so that every run agrees."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

TILE = 600


@lru_cache(maxsize=64)
def tile(name: str) -> Image.Image:
    """Draw a tile of TILE x TILE pixels once: see `_TILES` for the names."""
    return _TILES[name]()


@lru_cache(maxsize=32)
def wall(name: str, size: tuple[int, int]) -> Image.Image:
    """Cover an area with a tile, mirrored at the joints so that none shows."""
    image = Image.new("L", size)
    source = tile(name)
    for left in range(0, size[0], TILE):
        for top in range(0, size[1], TILE):
            piece = source
            if left // TILE % 2:
                piece = piece.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            if top // TILE % 2:
                piece = piece.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
            image.paste(piece, (left, top))
    return image


def noise(size: tuple[int, int], seed: str) -> Image.Image:
    """White noise, the same for the same seed."""
    return Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))  # noqa: S311


def _levels(image: Image.Image, low: float, high: float) -> Image.Image:
    return image.point([round(low + (high - low) * value / 255) for value in range(256)])


def _contrast(image: Image.Image, by: float) -> Image.Image:
    return image.point([min(255, max(0, round(128 + (value - 128) * by))) for value in range(256)])


def _wood() -> Image.Image:
    broad = _contrast(noise((5, 64), "wood-broad").resize((TILE, TILE), Image.Resampling.BICUBIC), 1.3)
    fine = _contrast(noise((9, 300), "wood-fine").resize((TILE, TILE), Image.Resampling.BICUBIC), 0.7)
    mixed = Image.blend(broad, fine, 0.45)
    return _levels(_contrast(mixed, 1.5), 90, 255)


def _endgrain() -> Image.Image:
    return _levels(Image.blend(_wood(), noise((TILE, TILE), "end").filter(ImageFilter.BoxBlur(1)), 0.3), 120, 255)


def _linen() -> Image.Image:
    warp = noise((TILE // 2, 12), "warp").resize((TILE, TILE), Image.Resampling.BICUBIC)
    weft = noise((12, TILE // 2), "weft").resize((TILE, TILE), Image.Resampling.BICUBIC)
    return _levels(_contrast(Image.blend(warp, weft, 0.5), 1.4), 205, 255)


def _jersey() -> Image.Image:
    """Fine cotton: columns of tiny stitches."""
    return _levels(_tiled(_knit_stitch(4, 4)), 225, 255)


def _upright() -> Image.Image:
    return _wood().transpose(Image.Transpose.ROTATE_90)


def _canvas() -> Image.Image:
    grain = _linen()
    pattern = Image.new("L", (4, 4), 255)
    for x, y in ((0, 0), (1, 1), (2, 2), (3, 3), (0, 1), (2, 3)):
        pattern.putpixel((x, y), 205)
    return ImageChops.multiply(_levels(grain, 200, 255), _tiled(pattern))


def _tiled(pattern: Image.Image) -> Image.Image:
    """Repeat a pattern over a tile; each step doubles what is there, for small patterns come thousands of times."""
    image = Image.new("L", (TILE, TILE))
    image.paste(pattern, (0, 0))
    width, height = pattern.size
    while width < TILE:
        image.paste(image.crop((0, 0, width, height)), (width, 0))
        width *= 2
    while height < TILE:
        image.paste(image.crop((0, 0, TILE, height)), (0, height))
        height *= 2
    return image


def _knit_stitch(width: int, height: int) -> Image.Image:
    """One stocking stitch: two slanted strands that meet in a V."""
    scale = 4
    stitch = Image.new("L", (width * scale, height * scale), 70)
    pen = ImageDraw.Draw(stitch)
    for shift in (-height, 0, height):
        top, bottom = shift * scale, (shift + height) * scale
        middle = width * scale / 2
        for side in (-1, 1):
            line = [(middle + side * middle * 0.82, top), (middle + side * middle * 0.16, bottom)]
            pen.line(line, fill=225, width=round(width * scale * 0.36))
            pen.line(line, fill=255, width=round(width * scale * 0.16))
    return stitch.filter(ImageFilter.GaussianBlur(2)).resize((width, height), Image.Resampling.LANCZOS)


def _knit() -> Image.Image:
    return _levels(_tiled(_knit_stitch(12, 10)), 70, 255)


def _chunky() -> Image.Image:
    return _levels(_tiled(_knit_stitch(24, 20)), 50, 255)


def _rib() -> Image.Image:
    pattern = Image.new("L", (12, 4), 255)
    for x, level in enumerate((120, 175, 225, 250, 255, 255, 255, 255, 250, 225, 175, 130)):
        pattern.paste(level, (x, 0, x + 1, 4))
    return ImageChops.multiply(_tiled(pattern), _levels(_knit(), 190, 255))


def _speckle() -> Image.Image:
    """Iron spots in a glaze."""
    rng = random.Random("speckle")  # noqa: S311
    big = Image.new("L", (TILE * 2, TILE * 2), 255)
    pen = ImageDraw.Draw(big)
    for _ in range(900):
        x, y, radius = rng.random() * TILE * 2, rng.random() * TILE * 2, rng.choice((1.2, 1.5, 1.8, 2.4, 3.4))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius * 0.9), fill=rng.randint(40, 170))
    return big.filter(ImageFilter.GaussianBlur(0.8)).reduce(2)


def _leather() -> Image.Image:
    cells = noise((TILE // 3, TILE // 3), "leather").filter(ImageFilter.MedianFilter(5))
    grain = _contrast(cells.resize((TILE, TILE), Image.Resampling.BICUBIC), 1.6)
    cloud = noise((8, 8), "leather-cloud").resize((TILE, TILE), Image.Resampling.BICUBIC)
    return _levels(Image.blend(grain, cloud, 0.4), 165, 255)


def _stone() -> Image.Image:
    cloud = noise((40, 40), "stone").resize((TILE, TILE), Image.Resampling.BICUBIC)
    grit = noise((TILE, TILE), "grit").filter(ImageFilter.BoxBlur(1))
    return _levels(_contrast(Image.blend(cloud, grit, 0.65), 1.2), 196, 255)


def _sand() -> Image.Image:
    return _levels(noise((TILE, TILE), "sand").filter(ImageFilter.GaussianBlur(0.8)), 190, 255)


def _weave() -> Image.Image:
    """Plaited cane: over and under, three strands each way."""
    size = 30
    pattern = Image.new("L", (size, size), 60)
    pen = ImageDraw.Draw(pattern)
    for strand in range(3):
        at = strand * 5
        pen.rectangle((at, 0, at + 3, 14), fill=(235, 250, 225)[strand])
        pen.rectangle((15 + at, 15, 18 + at, 29), fill=(245, 225, 250)[strand])
        pen.rectangle((15, at, 29, at + 3), fill=(205, 225, 210)[strand])
        pen.rectangle((0, 15 + at, 14, 18 + at), fill=(215, 200, 225)[strand])
    return _tiled(pattern).filter(ImageFilter.GaussianBlur(0.6))


def _waffle() -> Image.Image:
    pattern = Image.new("L", (14, 14), 255)
    for inset, level in ((0, 255), (2, 225), (4, 190), (6, 170)):
        pattern.paste(level, (inset, inset, 14 - inset, 14 - inset))
    return _tiled(pattern).filter(ImageFilter.GaussianBlur(0.8))


def _check() -> Image.Image:
    pattern = Image.new("L", (120, 120), 255)
    pen = ImageDraw.Draw(pattern, "L")
    pen.rectangle((0, 0, 59, 119), fill=190)
    pen.rectangle((0, 0, 119, 59), fill=170)
    pen.rectangle((0, 0, 59, 59), fill=95)
    return ImageChops.multiply(_tiled(pattern), _levels(_linen(), 190, 255))


def _stripe() -> Image.Image:
    pattern = Image.new("L", (60, 60), 255)
    ImageDraw.Draw(pattern).rectangle((0, 0, 17, 59), fill=70)
    return ImageChops.multiply(_tiled(pattern), _levels(_linen(), 190, 255))


_TILES: dict[str, Callable[[], Image.Image]] = {
    "wood": _wood,
    "upright": _upright,
    "jersey": _jersey,
    "endgrain": _endgrain,
    "linen": _linen,
    "canvas": _canvas,
    "knit": _knit,
    "chunky": _chunky,
    "rib": _rib,
    "speckle": _speckle,
    "leather": _leather,
    "stone": _stone,
    "sand": _sand,
    "weave": _weave,
    "waffle": _waffle,
    "check": _check,
    "stripe": _stripe,
}
