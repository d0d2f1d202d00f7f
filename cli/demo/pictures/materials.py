"""Materials as lookup tables from a surface normal to a colour, so that C code shades every pixel of a picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageFilter

Rgb = tuple[int, int, int]

_SIZE = 33
_KEY = (-0.52, 0.60, 0.61)  # a big softbox at the upper left, in front of the product
_FILL = (0.80, 0.15, 0.58)


@dataclass(frozen=True)
class Finish:
    """How a surface answers light, apart from its colour."""

    ambient: float = 0.57
    key: float = 0.56
    wrap: float = 0.30
    gloss: float = 0.0  # strength of the mirrored softbox
    spread: float = 0.25  # width of its soft border; a large one is satin
    rim: float = 0.0  # light caught at grazing angles
    metal: float = 0.0  # share of the mirrored studio in the colour
    glass: bool = False
    glow: bool = False


FINISHES = {
    "matte": Finish(rim=0.04, gloss=0.05, spread=0.9),
    "satin": Finish(gloss=0.22, spread=0.55, rim=0.08),
    "glaze": Finish(gloss=0.50, spread=0.20, rim=0.06),
    "enamel": Finish(gloss=0.62, spread=0.14, rim=0.08),
    "cloth": Finish(rim=0.10, wrap=0.45),
    "knit": Finish(rim=0.14, wrap=0.5),
    "leather": Finish(gloss=0.16, spread=0.6, rim=0.06, ambient=0.52),
    "wood": Finish(gloss=0.10, spread=0.7, rim=0.05),
    "paper": Finish(ambient=0.64, key=0.44, wrap=0.4),
    "iron": Finish(gloss=0.16, spread=0.75, rim=0.14, ambient=0.50),
    "steel": Finish(metal=1.0, gloss=0.25, spread=0.3),
    "brass": Finish(metal=0.85, gloss=0.35, spread=0.25),
    "brushed": Finish(metal=0.6, gloss=0.2, spread=0.8),
    "glass": Finish(gloss=0.8, spread=0.12, glass=True),
    "glow": Finish(glow=True),
}


@lru_cache(maxsize=256)
def shader(finish: str, light: Rgb, dark: Rgb) -> ImageFilter.Color3DLUT:
    """Build the table for (normal x, normal y, tone) -> colour; tone runs from `dark` to `light`."""
    spec = FINISHES[finish]
    entries = _lit(finish)
    if spec.glass:
        return _glass_table(entries, light)
    table: list[float] = []
    for tone in (dark, light):
        red, green, blue = (channel / 255 for channel in tone)
        for diffuse, warm, mirror in entries:
            table += (
                min(1.0, red * diffuse * (1 + warm) + mirror),
                min(1.0, green * diffuse + mirror),
                min(1.0, blue * diffuse * (1 - warm) + mirror),
            )
    return ImageFilter.Color3DLUT((_SIZE, _SIZE, 2), table, channels=3, target_mode="RGB")


def _glass_table(entries: list[tuple[float, float, float]], tint: Rgb) -> ImageFilter.Color3DLUT:
    red, green, blue = (channel / 255 for channel in tint)
    table: list[float] = []
    for tone in (0.72, 1.0):
        for edge, _, mirror in entries:
            shade = (1 - 0.62 * edge) * tone
            alpha = min(1.0, 0.10 + 0.52 * edge + mirror)
            white = mirror / max(alpha, 0.01)
            table += (
                min(1.0, red * shade * (1 - white) + white),
                min(1.0, green * shade * (1 - white) + white),
                min(1.0, blue * shade * (1 - white) + white),
                alpha,
            )
    return ImageFilter.Color3DLUT((_SIZE, _SIZE, 2), table, channels=4, target_mode="RGBA")


@lru_cache(maxsize=32)
def _lit(finish: str) -> list[tuple[float, float, float]]:
    """Light every direction once: (diffuse factor, warmth, added mirror light) in table order."""
    spec = FINISHES[finish]
    light = _light_function(spec)
    entries: list[tuple[float, float, float]] = []
    for row in range(_SIZE):
        ny = 2 * row / (_SIZE - 1) - 1
        for column in range(_SIZE):
            nx = 2 * column / (_SIZE - 1) - 1
            flat = math.hypot(nx, ny)
            x, y = (nx, ny) if flat <= 1 else (nx / flat, ny / flat)
            entries.append(light(x, y, math.sqrt(max(0.0, 1 - x * x - y * y))))
    return entries


def _light_function(spec: Finish) -> Callable[[float, float, float], tuple[float, float, float]]:
    def light(x: float, y: float, z: float) -> tuple[float, float, float]:
        if spec.glow:
            return 0.80 + 0.24 * z, 0.03, 0.06 * z
        mirror = _softboxes(x, y, z, spec) + spec.rim * (1 - z) ** 3
        if spec.glass:
            return (1 - z) ** 1.6, 0.0, mirror
        lambert = max(0.0, (x * _KEY[0] + y * _KEY[1] + z * _KEY[2] + spec.wrap) / (1 + spec.wrap))
        fill = max(0.0, x * _FILL[0] + y * _FILL[1] + z * _FILL[2])
        diffuse = spec.ambient * (0.86 + 0.18 * y) + spec.key * lambert + 0.10 * fill
        if spec.metal:
            diffuse = (1 - spec.metal) * diffuse + spec.metal * _studio(x, y, z)
        return diffuse, 0.03 * (lambert - 0.4), mirror

    return light


def _softboxes(x: float, y: float, z: float, spec: Finish) -> float:
    """Mirror a tall softbox on the left and a slim strip light on the right."""
    if not spec.gloss:
        return 0.0
    # Boxes over the normal itself: over the mirrored ray they would show twice, the second time as a ring.
    main = _box(x, y, (-0.44, -0.04), (0.07, 0.34), spec.spread)
    strip = _box(x, y, (0.66, -0.08), (0.02, 0.28), spec.spread)
    main, strip = main * min(1.0, 1.6 * z), strip * min(1.0, 1.6 * z)
    return spec.gloss * (main + 0.35 * strip)


def _box(x: float, y: float, center: tuple[float, float], half: tuple[float, float], soft: float) -> float:
    inside_x = _smooth((half[0] + soft / 2 - abs(x - center[0])) / soft)
    inside_y = _smooth((half[1] + soft / 2 - abs(y - center[1])) / soft)
    return inside_x * inside_y


def _smooth(t: float) -> float:
    t = min(1.0, max(0.0, t))
    return t * t * (3 - 2 * t)


def _studio(x: float, y: float, z: float) -> float:
    """The studio as polished metal mirrors it: bright sweep, dark table line, lit floor, black flags at the sides."""
    up = 2 * z * y
    across = 2 * z * x
    sky = 0.62 + 0.42 * _smooth((up + 0.15) / 0.9)
    floor = 0.66 - 0.26 * _smooth((-up - 0.1) / 0.9)
    level = sky if up > 0 else floor
    level -= 0.34 * math.exp(-((up + 0.04) ** 2) / 0.018) * (0.4 + 0.6 * abs(across))
    level += 0.30 * math.exp(-((across + 0.62) ** 2) / 0.05)
    level -= 0.38 * math.exp(-((across - 0.45) ** 2) / 0.03)
    level += 0.22 * math.exp(-((across - 0.80) ** 2) / 0.02)
    level -= 0.45 * (1 - z) ** 4
    return max(0.06, level)


def mixed(color: Rgb, other: Rgb, share: float) -> Rgb:
    """Blend two colours; `share` of the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(color, other, strict=True))
    return red, green, blue
