"""Takes the pictures: a product alone, from another angle, closer, or in company of its other colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cli.demo.pictures.bodies import Subject
from cli.demo.pictures.camera import Camera
from cli.demo.pictures.geometry import Point
from cli.demo.pictures.layers import Layer, rasterize
from cli.demo.pictures.materials import Rgb
from cli.demo.pictures.palette import colors_for
from cli.demo.pictures.relief import Garment, place
from cli.demo.pictures.studio import SIDE, backdrop, expose, ground_shadow
from cli.demo.pictures.subjects import subject

_SHADOW_COLOR: Rgb = (46, 34, 26)
Framing = tuple[float, float, tuple[float, float], Point]  # added pitch, added yaw, fill, center
_FRONT: Framing = (0.0, 0.0, (0.74, 0.66), (0.5, 0.53))
_ANGLE: Framing = (15.0, -38.0, (0.80, 0.74), (0.5, 0.52))
_CLOSE: Framing = (4.0, 16.0, (1.12, 1.12), (0.62, 0.66))
_FRAMINGS: Mapping[str, Framing] = {"front": _FRONT, "angle": _ANGLE, "close": _CLOSE}
_SQUARE = (SIDE, SIDE)
_GROUP = (0.6, 0.6)  # of a wide picture: so much is left when a narrow place crops its sides


def photograph(name: str, color: str, view: str, scenery: str) -> Image.Image:
    """Take one picture; `view` is front, angle or close."""
    what = subject(name)
    colors, darks = colors_for(color)
    if isinstance(what, Garment):
        return _photograph_garment(name, view, scenery, (colors, darks))
    layers, _ = _developed(name, view)
    return expose(_set(name, view, scenery), layers, colors, darks)


@lru_cache(maxsize=2)
def _set(name: str, view: str, scenery: str) -> Image.Image:
    """The backdrop with the product's shadow on it, the same for all its colours."""
    base = backdrop(scenery).copy()
    base.paste(_SHADOW_COLOR, (0, 0, *_SQUARE), _developed(name, view)[1])
    return base


@lru_cache(maxsize=6)
def _developed(name: str, view: str) -> tuple[tuple[Layer, ...], Image.Image]:
    """The colours of a product share its shape, so the shape is drawn once."""
    what = subject(name)
    assert isinstance(what, Subject)
    pitch, yaw, fill, center = _FRAMINGS[view]
    hanging = what.pitch < 0
    camera = Camera(
        pitch=what.pitch - pitch if hanging else what.pitch + pitch,
        yaw=what.yaw + (what.turn if view == "angle" else yaw),
    )
    camera = camera.framed(
        [v for part in what.parts for v in part.mesh.vertices], _SQUARE, fill, (center[0], 0.42) if hanging else center
    )
    layers = tuple(layer for part in what.parts if (layer := rasterize(part, camera, _SQUARE)))
    shadow = Image.new("L", _SQUARE) if hanging else ground_shadow(what.parts, camera, _SQUARE)
    return layers, shadow


def company(
    names: Sequence[tuple[str, str]], scenery: str, size: tuple[int, int] = _SQUARE, spacing: float = 1.12
) -> Image.Image:
    """Photograph several products side by side, the middle ones nearer: (name, colour) each, none of them hanging."""
    subjects = [what for name, _ in names if isinstance(what := subject(name), Subject)]
    placed = _in_a_row(subjects, spacing)
    vertices = [v for what in placed for part in what.parts for v in part.mesh.vertices]
    camera = Camera(pitch=14.0).framed(vertices, size, _GROUP, (0.5, 0.56))
    base = backdrop(scenery, size).copy()
    base.paste(
        _SHADOW_COLOR, (0, 0, *size), ground_shadow([part for what in placed for part in what.parts], camera, size)
    )
    order = sorted(range(len(placed)), key=lambda index: _depth(placed[index]))
    for index in order:
        layers = [layer for part in placed[index].parts if (layer := rasterize(part, camera, size))]
        base = expose(base, layers, *colors_for(names[index][1]))
    return base


def _in_a_row(subjects: Sequence[Subject], spacing: float) -> list[Subject]:
    placed: list[Subject] = []
    edge = 0.0
    for index, what in enumerate(subjects):
        turned = what.moved(0, 0, what.yaw)
        xs = [x for part in turned.parts for x, _, _ in part.mesh.vertices]
        width = (max(xs) - min(xs)) * spacing
        depth = 0.16 * width if index % 2 else -0.12 * width
        placed.append(turned.moved(edge - min(xs), depth))
        edge += width
    return placed


def _depth(what: Subject) -> float:
    return sum(part.mesh.vertices[0][2] for part in what.parts) / len(what.parts)


def _photograph_garment(
    name: str, view: str, scenery: str, paint: tuple[dict[str, Rgb], dict[str, Rgb]]
) -> Image.Image:
    what = subject(name)
    assert isinstance(what, Garment)
    layers = _laid_out(name, view)
    image = backdrop(scenery, horizon=0.66 if what.stands else 0.0).copy()
    shadow = _standing_shadow(layers) if what.stands else _lying_shadow(layers)
    image.paste(_SHADOW_COLOR, (0, 0, *_SQUARE), shadow)
    return expose(image, layers, *paint)


@lru_cache(maxsize=6)
def _laid_out(name: str, view: str) -> tuple[Layer, ...]:
    what = subject(name)
    assert isinstance(what, Garment)
    unit = SIDE / 100
    scale, origin = (0.767 * unit, (11.7, 10.8)) if view == "front" else (1.292 * unit, (-27.5, -3.3))
    origin = (origin[0] * unit, origin[1] * unit)
    return tuple(layer for cut in what.cuts if (layer := place(cut, scale, origin, _SQUARE)))


def _silhouette(layers: Sequence[Layer], by: int) -> Image.Image:
    shape = Image.new("L", (SIDE // by, SIDE // by))
    for layer in layers:
        left, top, right, bottom = (edge // by for edge in layer.box)
        small = layer.mask.resize((max(1, right - left), max(1, bottom - top)))
        shape.paste(255, (left, top, left + small.width, top + small.height), small)
    return shape


def _lying_shadow(layers: Sequence[Layer]) -> Image.Image:
    """Cloth on a table throws a short shadow to the lower right."""
    shape = _silhouette(layers, 4)
    near = _shifted(shape, 2, 3).filter(ImageFilter.GaussianBlur(2)).point([v * 34 // 100 for v in range(256)])
    wide = _shifted(shape, 6, 9).filter(ImageFilter.GaussianBlur(9)).point([v * 30 // 100 for v in range(256)])
    return ImageChops.lighter(near, wide).resize(_SQUARE, Image.Resampling.BICUBIC)


def _shifted(shape: Image.Image, right: int, down: int) -> Image.Image:
    moved = Image.new("L", shape.size)
    moved.paste(shape, (right, down))
    return moved


def _standing_shadow(layers: Sequence[Layer]) -> Image.Image:
    left, right = min(layer.box[0] for layer in layers) // 4, max(layer.box[2] for layer in layers) // 4
    ground = max(layer.box[3] for layer in layers) // 4
    shade = Image.new("L", (SIDE // 4, SIDE // 4))
    pen = ImageDraw.Draw(shade)
    pen.ellipse((left + 8, ground - 10, right + 34, ground + 8), fill=110)
    soft = shade.filter(ImageFilter.GaussianBlur(9))
    tight = Image.new("L", shade.size)
    ImageDraw.Draw(tight).ellipse((left + 10, ground - 5, right - 8, ground + 3), fill=150)
    return ImageChops.add(soft, tight.filter(ImageFilter.GaussianBlur(3))).resize(_SQUARE, Image.Resampling.BICUBIC)
