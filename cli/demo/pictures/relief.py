"""Soft goods seen from the front: outlines puffed up, folded and stitched, lit like every other body."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cli.demo.pictures.geometry import Point, spline
from cli.demo.pictures.layers import Layer
from cli.demo.pictures.textures import wall

_COARSE = 3  # folds are soft: heights are modelled at a third of the size
_PAD = 24


@dataclass(frozen=True)
class Fold:
    """A ridge (positive depth) or a dent (negative) along a path in the units of the outline."""

    path: tuple[Point, ...]
    width: float
    depth: int


@dataclass(frozen=True)
class Cut:
    """A piece of cloth or leather; the outline lives on a square of 100 x 100, y down."""

    outline: tuple[Point, ...]
    slot: str = "body"
    finish: str = "cloth"
    texture: str | None = "linen"
    puff: float = 3.0
    folds: tuple[Fold, ...] = ()
    seams: tuple[tuple[Point, ...], ...] = ()
    shade: float = 0.0  # darkens the whole piece: the inside of a collar
    casts: bool = True
    smooth: bool = True


@dataclass(frozen=True)
class Garment:
    """Cuts from back to front; `stands` puts them on a floor instead of laying them flat."""

    cuts: tuple[Cut, ...]
    stands: bool = False


def mirrored(points: Sequence[Point]) -> tuple[Point, ...]:
    """Complete the left half of an outline, listed from its top to its bottom, by its mirror image."""
    return (*points, *((100 - x, y) for x, y in reversed(points)))


def place(cut: Cut, scale: float, origin: Point, size: tuple[int, int]) -> Layer | None:
    """Draw a cut with `scale` pixels a unit."""
    outline = spline([*cut.outline, cut.outline[0]], 6) if cut.smooth else list(cut.outline)
    points = _at(outline, scale, origin)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = (
        max(0, int(min(xs)) - 2),
        max(0, int(min(ys)) - 2),
        min(size[0], int(max(xs)) + 3),
        min(size[1], int(max(ys)) + 3),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    area = (box[2] - box[0], box[3] - box[1])
    mask = Image.new("L", (area[0] * 2, area[1] * 2))
    ImageDraw.Draw(mask).polygon([((x - box[0]) * 2, (y - box[1]) * 2) for x, y in points], fill=255)
    x, y = _slopes(cut, points, scale, origin, box)
    tone = _tone(cut, scale, origin, box)
    return Layer(Image.merge("RGB", (x, y, tone)), mask.reduce(2), box, cut.slot, cut.finish, cut.casts)


def _at(points: Sequence[Point], scale: float, origin: Point) -> list[Point]:
    return [(origin[0] + x * scale, origin[1] + y * scale) for x, y in points]


def _slopes(
    cut: Cut, points: list[Point], scale: float, origin: Point, box: tuple[int, int, int, int]
) -> tuple[Image.Image, Image.Image]:
    """Model heights, then take the slope along x and along y as the normal."""
    width, height = (box[2] - box[0]) // _COARSE + 2 * _PAD, (box[3] - box[1]) // _COARSE + 2 * _PAD

    def small(path: Sequence[Point]) -> list[Point]:
        return [((x - box[0]) / _COARSE + _PAD, (y - box[1]) / _COARSE + _PAD) for x, y in path]

    body = Image.new("L", (width, height))
    ImageDraw.Draw(body).polygon(small(points), fill=150)
    body = body.filter(ImageFilter.GaussianBlur(cut.puff * scale / _COARSE))
    for fold in cut.folds:
        ridge = Image.new("L", (width, height))
        path = small(_at(spline(fold.path, 6), scale, origin))
        stroke = max(1, round(fold.width * scale / _COARSE))
        ImageDraw.Draw(ridge).line(path, fill=abs(fold.depth), width=stroke, joint="curve")
        ridge = ridge.filter(ImageFilter.GaussianBlur(stroke * 0.55))
        body = ImageChops.add(body, ridge) if fold.depth > 0 else ImageChops.subtract(body, ridge)
    body = body.filter(ImageFilter.GaussianBlur(1))
    across = ImageChops.subtract(ImageChops.offset(body, 1, 0), ImageChops.offset(body, -1, 0), 0.16, 128)
    down = ImageChops.subtract(ImageChops.offset(body, 0, -1), ImageChops.offset(body, 0, 1), 0.16, 128)
    area = (_PAD, _PAD, _PAD + (box[2] - box[0]) / _COARSE, _PAD + (box[3] - box[1]) / _COARSE)
    full = (box[2] - box[0], box[3] - box[1])
    return (
        across.filter(ImageFilter.GaussianBlur(1)).resize(full, Image.Resampling.BICUBIC, box=area),
        down.filter(ImageFilter.GaussianBlur(1)).resize(full, Image.Resampling.BICUBIC, box=area),
    )


def _tone(cut: Cut, scale: float, origin: Point, box: tuple[int, int, int, int]) -> Image.Image:
    area = (box[2] - box[0], box[3] - box[1])
    level = round(255 * (1 - cut.shade))
    tone = wall(cut.texture, (1800, 1800)).crop((0, 0, *area)) if cut.texture else Image.new("L", area, 255)
    if level < 255:
        tone = ImageChops.multiply(tone, Image.new("L", area, level))
    if not cut.seams:
        return tone
    thread = Image.new("L", area, 255)
    pen = ImageDraw.Draw(thread)
    for seam in cut.seams:
        path = [(x - box[0], y - box[1]) for x, y in _at(spline(seam, 8), scale, origin)]
        pen.line(path, fill=190, width=max(2, round(scale * 0.5)), joint="curve")
        for start, end in pairwise(path):
            _stitches(pen, start, end, scale)
    return ImageChops.multiply(tone, thread.filter(ImageFilter.GaussianBlur(0.8)))


def _stitches(pen: ImageDraw.ImageDraw, start: Point, end: Point, scale: float) -> None:
    length = math.dist(start, end)
    count = max(1, round(length / (scale * 1.1)))
    for number in range(count):
        t, u = number / count, (number + 0.6) / count
        pen.line(
            [
                (start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t),
                (start[0] + (end[0] - start[0]) * u, start[1] + (end[1] - start[1]) * u),
            ],
            fill=120,
            width=max(1, round(scale * 0.22)),
        )
