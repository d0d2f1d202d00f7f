"""The studio: seamless backdrops, soft shadows on the ground, and the exposure that makes a picture of layers."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cli.demo.pictures.camera import Camera
from cli.demo.pictures.geometry import Point, hull
from cli.demo.pictures.layers import Layer, Part
from cli.demo.pictures.materials import Rgb, mixed, shader
from cli.demo.pictures.textures import noise

SIDE = 960  # what a product page shows on a dense screen; the time to draw grows with its square
_SHADOW = 5  # shadows are soft, so they are drawn at a fifth of the size
_FINE = 500
_WHITE: Rgb = (255, 255, 255)
_BLACK: Rgb = (18, 14, 12)

BACKDROPS: dict[str, Rgb] = {
    "oat": (232, 224, 211),
    "linen": (238, 233, 225),
    "clay": (216, 182, 158),
    "sage": (196, 205, 187),
    "moss": (150, 160, 136),
    "sand": (226, 209, 184),
    "stone": (212, 208, 202),
    "ink": (62, 66, 72),
    "fog": (222, 226, 229),
    "ice": (207, 220, 227),
    "blush": (234, 212, 205),
    "butter": (241, 227, 189),
    "lilac": (219, 212, 228),
    "mint": (208, 225, 214),
    "night": (44, 47, 58),
    "paper": (243, 242, 239),
}


@lru_cache(maxsize=24)
def backdrop(name: str, size: tuple[int, int] = (SIDE, SIDE), horizon: float = 0.66) -> Image.Image:
    """A paper sweep: the wall falls off to the top right, the floor is lit; horizon 0 is seen from above."""
    base = BACKDROPS[name]
    wall, floor = mixed(base, _BLACK, 0.10), mixed(base, _WHITE, 0.22)
    image = Image.new("RGB", size, wall)
    if horizon:
        image.paste(floor, (0, 0, *size), _sweep(size, horizon))
    else:
        image.paste(mixed(base, _WHITE, 0.08), (0, 0, *size))
    glow = ImageChops.invert(Image.radial_gradient("L")).resize((size[0] * 2, size[1] * 2), Image.Resampling.BICUBIC)
    spot = glow.crop((size[0] * 3 // 5, size[1] * 3 // 5, size[0] * 8 // 5, size[1] * 8 // 5))
    image.paste(mixed(base, _WHITE, 0.45), (0, 0, *size), spot.point([v * 5 // 8 for v in range(256)]))
    return _dithered(image)


def _sweep(size: tuple[int, int], horizon: float) -> Image.Image:
    """Masks the floor in: a soft bend at the horizon."""
    column = Image.new("L", (1, 256))
    for y in range(256):
        t = min(1.0, max(0.0, (y / 255 - horizon + 0.16) / 0.32))
        column.putpixel((0, y), round(255 * t * t * (3 - 2 * t)))
    return column.resize(size, Image.Resampling.BICUBIC)


def _dithered(image: Image.Image) -> Image.Image:
    """Add a breath of grain; without it the long soft gradients show bands."""
    grain = noise((600, 600), "grain").point([122 + value * 12 // 255 for value in range(256)])
    tiled = Image.new("L", image.size)
    for left in range(0, image.width, 600):
        for top in range(0, image.height, 600):
            tiled.paste(grain, (left, top))
    return ImageChops.add(image, Image.merge("RGB", (tiled,) * 3), 1, -128)


def ground_shadow(parts: Sequence[Part], camera: Camera, size: tuple[int, int]) -> Image.Image:
    """Throw the parts onto the floor, away from the key light, plus a tight dark line where they touch it."""
    small = (size[0] // _SHADOW, size[1] // _SHADOW)
    soft, tight = Image.new("L", small), Image.new("L", small)
    pens = ImageDraw.Draw(soft), ImageDraw.Draw(tight)
    for part in parts:
        if part.shadow:
            _throw(part, camera, pens)
    wide = soft.filter(ImageFilter.GaussianBlur(9)).point([v * 30 // 100 for v in range(256)])
    near = soft.filter(ImageFilter.GaussianBlur(3)).point([v * 16 // 100 for v in range(256)])
    touch = tight.filter(ImageFilter.GaussianBlur(1.6)).point([v * 46 // 100 for v in range(256)])
    return ImageChops.add(ImageChops.add(wide, near), touch).resize(size, Image.Resampling.BICUBIC)


def _throw(part: Part, camera: Camera, pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw]) -> None:
    vertices = part.mesh.vertices
    reach = max(max(abs(x), abs(z)) for x, _, z in vertices)
    low = 0.06 * max(reach, 1.0)
    turn = math.radians(-camera.yaw)
    dx, dz = 0.42 * math.cos(turn) - 0.20 * math.sin(turn), 0.42 * math.sin(turn) - 0.20 * math.cos(turn)
    thrown = camera.seen((x + y * dx, 0.0, z + y * dz) for x, y, z in vertices)
    points = [(point[0] / _SHADOW, point[1] / _SHADOW) for point in thrown]
    _fill(pens[0], points, part.mesh.faces)
    _fill(pens[1], points, [face for face in part.mesh.faces if all(vertices[i][1] < low for i in face)])


def _fill(pen: ImageDraw.ImageDraw, points: list[Point], faces: list[tuple[int, ...]]) -> None:
    """Fill the faces; of a finely divided body the hull, which looks the same once it is blurred."""
    if len(faces) > _FINE:
        pen.polygon(hull([points[i] for i in {index for face in faces for index in face}]), fill=255)
        return
    for face in faces:
        pen.polygon([points[i] for i in face], fill=255)


def expose(
    base: Image.Image, layers: Sequence[Layer], colors: Mapping[str, Rgb], darks: Mapping[str, Rgb]
) -> Image.Image:
    """Paint the layers over a copy of the backdrop, each part shaded in the colour of its slot."""
    image = base.copy()
    covered = Image.new("L", base.size)
    casting = any(layer.casts for layer in layers)
    for layer in layers:
        if layer.casts:
            _cast(image, covered, layer)
        light = colors[layer.slot]
        dark = darks.get(layer.slot, mixed(light, _BLACK, 0.62))
        shaded = layer.normals.filter(shader(layer.finish, light, dark))
        mask = layer.mask
        if shaded.mode == "RGBA":
            mask = ImageChops.multiply(mask, shaded.getchannel("A"))
            shaded = shaded.convert("RGB")
        image.paste(shaded, layer.box, mask)
        if casting:
            covered.paste(255, layer.box, layer.mask)
    return image


def _cast(image: Image.Image, covered: Image.Image, layer: Layer) -> None:
    """Darken what is already painted beside a part that stands before it."""
    left, top, right, bottom = layer.box
    grown = (max(0, left - 30), max(0, top - 30), min(image.width, right + 50), min(image.height, bottom + 60))
    small = Image.new("L", ((grown[2] - grown[0]) // 4 + 1, (grown[3] - grown[1]) // 4 + 1))
    mask = layer.mask.resize((max(1, layer.mask.width // 4), max(1, layer.mask.height // 4)))
    small.paste(mask, ((left - grown[0] + 12) // 4, (top - grown[1] + 16) // 4))
    shade = small.filter(ImageFilter.GaussianBlur(3)).point([v * 42 // 100 for v in range(256)])
    shade = shade.resize((grown[2] - grown[0], grown[3] - grown[1]), Image.Resampling.BICUBIC)
    image.paste(_BLACK, grown, ImageChops.multiply(shade, covered.crop(grown)))


def jpeg(image: Image.Image) -> bytes:
    """Encode as the shops' originals are kept."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82, subsampling=2)
    return buffer.getvalue()
