"""Building blocks that the products share: vessels, turned solids, boards, legs, leaves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cli.demo.pictures.geometry import Mesh, Point, Vec, lathe, sheet, slab, spline, spline3, tube
from cli.demo.pictures.layers import Part


@dataclass(frozen=True)
class Subject:
    """A product ready to be photographed; parts are listed from back to front."""

    parts: tuple[Part, ...]
    pitch: float = 17.0
    yaw: float = 0.0
    turn: float = -38.0  # how far it is turned for the picture from another side

    def moved(self, x: float, z: float, turn: float = 0.0) -> Subject:
        """Place the subject elsewhere on the table."""
        return replace(self, parts=tuple(_placed(part, x, z, turn) for part in self.parts))


def _placed(part: Part, x: float, z: float, turn: float) -> Part:
    face = part.face
    if face:
        placed = Mesh(list(face), []).turned(y=turn).moved(x=x, z=z).vertices
        face = (placed[0], placed[1], placed[2], placed[3])
    return replace(part, mesh=part.mesh.turned(y=turn).moved(x=x, z=z), face=face)


def curve(*pieces: Sequence[Point], steps: int = 5) -> list[Point]:
    """Join smooth pieces; the joints stay sharp."""
    return [point for piece in pieces for point in spline(piece, steps)]


def vessel(
    outer: Sequence[Point],
    slot: str = "body",
    finish: str = "glaze",
    *,
    inside: tuple[str, str] = ("inside", "glaze"),
    wall: float = 0.25,
    texture: str | None = None,
) -> list[Part]:
    """An open pot: `outer` runs from the foot to the lip."""
    radius, top = outer[-1]
    lip = [(radius, top), (radius - wall * 0.2, top + wall * 0.35), (radius - wall * 0.8, top + wall * 0.3)]
    shell = lathe([*outer, *lip, (radius - wall, top - 0.02)])
    floor = outer[0][1] + wall
    hollow = [(max(0.0, r - wall), max(y, floor)) for r, y in reversed(outer)]
    depth = len(hollow)
    inner = lathe([*hollow, (0.0, floor)], tone=lambda row, _: max(0.3, 1 - 0.75 * row / depth))
    return [Part(inner, inside[0], inside[1], shadow=False), Part(shell, slot, finish, texture)]


def solid(profile: Sequence[Point], slot: str = "body", finish: str = "satin", **more: object) -> Part:
    """A turned body."""
    return replace(Part(lathe(profile), slot, finish), **more)  # type: ignore[arg-type]


def rod(path: Sequence[Vec], radius: float | Sequence[float], slot: str, finish: str, **more: object) -> Part:
    """A bent bar along a smooth path."""
    smooth = spline3(path, 5) if len(path) > 2 else list(path)
    if not isinstance(radius, int | float):
        radius = [value for value, _ in spline([(r, 0.0) for r in radius], 5)]
        radius = radius if len(radius) == len(smooth) else [radius[0]] * len(smooth)
    return replace(Part(tube(smooth, radius), slot, finish), **more)  # type: ignore[arg-type]


def board(
    outline: Sequence[Point], height: float, slot: str, finish: str, texture: str | None, bevel: float = 0.2
) -> Part:
    """A plate lying on the table, its texture stretched over the upper face."""
    xs, zs = [x for x, _ in outline], [z for _, z in outline]
    side = max(max(xs) - min(xs), max(zs) - min(zs)) / 2
    x, z = (max(xs) + min(xs)) / 2, (max(zs) + min(zs)) / 2
    face = (
        (x - side, height, z - side),
        (x + side, height, z - side),
        (x + side, height, z + side),
        (x - side, height, z + side),
    )
    return Part(slab(outline, height, bevel), slot, finish, texture, face)


def lifted(part: Part, y: float) -> Part:
    """Raise a part above the table."""
    face = part.face
    if face:
        up = Mesh(list(face), []).moved(y=y).vertices
        face = (up[0], up[1], up[2], up[3])
    return replace(part, mesh=part.mesh.moved(y=y), face=face)


def tilted(part: Part, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Part:
    """Turn a part together with its texture."""
    face = part.face
    if face:
        turned = Mesh(list(face), []).turned(x=x, y=y, z=z).vertices
        face = (turned[0], turned[1], turned[2], turned[3])
    return replace(part, mesh=part.mesh.turned(x=x, y=y, z=z), face=face)


def leaf(base: Vec, heading: float, length: float, width: float, rise: float = 0.9) -> Part:
    """A leaf that rises from `base` and bows over; `heading` in degrees about the y axis."""
    cos, sin = math.cos(math.radians(heading)), math.sin(math.radians(heading))
    rows: list[list[Vec]] = []
    for step in range(9):
        t = step / 8
        out = length * (0.15 * t + 0.5 * t * t)
        up = length * rise * (t - 0.32 * t * t)
        half = width * math.sin(math.pi * min(1.0, 0.08 + 0.92 * t)) / 2
        rows.append(
            [
                (
                    base[0] + out * sin + side * half * cos,
                    base[1] + up - abs(side) * half * 0.3,
                    base[2] + out * cos - side * half * sin,
                )
                for side in (-1.0, -0.5, 0.0, 0.5, 1.0)
            ]
        )
    mesh = sheet(rows, lambda row, column: 1.0 if column in {0, 3} else 0.86 + 0.01 * row)
    return Part(mesh, "leaf", "satin", two_sided=True)
