"""Meshes of the demo products: turned, bent, extruded and stretched bodies in centimetres, y up, z to the viewer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

Vec = tuple[float, float, float]
Point = tuple[float, float]
Tone = Callable[[int, int], float]

FULL_TONE: Final = 1.0
_STEEP = 0.9


@dataclass(frozen=True)
class Mesh:
    """Faces wind so that their normal points out of the body; `tones` (0..1, one per face) darken a material."""

    vertices: list[Vec]
    faces: list[tuple[int, ...]]
    tones: list[float] | None = None

    def moved(self, x: float = 0, y: float = 0, z: float = 0) -> Mesh:
        return Mesh([(vx + x, vy + y, vz + z) for vx, vy, vz in self.vertices], self.faces, self.tones)

    def turned(self, *, x: float = 0, y: float = 0, z: float = 0) -> Mesh:
        """Rotate about the axes by degrees: x first, then y, then z."""
        vertices = [_rotate_x(vertex, math.radians(x)) for vertex in self.vertices] if x else self.vertices
        vertices = [_rotate_y(vertex, math.radians(y)) for vertex in vertices] if y else vertices
        vertices = [_rotate_z(vertex, math.radians(z)) for vertex in vertices] if z else vertices
        return Mesh(vertices, self.faces, self.tones)

    def scaled(self, x: float = 1, y: float = 1, z: float = 1) -> Mesh:
        return Mesh([(vx * x, vy * y, vz * z) for vx, vy, vz in self.vertices], self.faces, self.tones)

    def __add__(self, other: Mesh) -> Mesh:
        shift = len(self.vertices)
        faces = self.faces + [tuple(index + shift for index in face) for face in other.faces]
        tones = None
        if self.tones is not None or other.tones is not None:
            tones = _tones(self) + _tones(other)
        return Mesh(self.vertices + other.vertices, faces, tones)


def _tones(mesh: Mesh) -> list[float]:
    return mesh.tones if mesh.tones is not None else [FULL_TONE] * len(mesh.faces)


def _rotate_x(vertex: Vec, angle: float) -> Vec:
    x, y, z = vertex
    return x, y * math.cos(angle) - z * math.sin(angle), y * math.sin(angle) + z * math.cos(angle)


def _rotate_y(vertex: Vec, angle: float) -> Vec:
    x, y, z = vertex
    return x * math.cos(angle) + z * math.sin(angle), y, z * math.cos(angle) - x * math.sin(angle)


def _rotate_z(vertex: Vec, angle: float) -> Vec:
    x, y, z = vertex
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle), z


def spline(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """Run a smooth (Catmull-Rom) curve through the points."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        curve.extend(
            (
                _catmull(before[0], start[0], end[0], after[0], step / steps),
                _catmull(before[1], start[1], end[1], after[1], step / steps),
            )
            for step in range(steps)
        )
    return [*curve, points[-1]]


def _catmull(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t * t
        + (3 * start - before - 3 * end + after) * t * t * t
    )


def spline3(points: Sequence[Vec], steps: int = 6) -> list[Vec]:
    """Run a smooth curve through points in space."""
    flat = spline([(x, y) for x, y, _ in points], steps)
    deep = spline([(z, 0.0) for _, _, z in points], steps)
    return [(x, y, z) for (x, y), (z, _) in zip(flat, deep, strict=True)]


def sheet(rows: Sequence[Sequence[Vec]], tone: Tone | None = None) -> Mesh:
    """Join rows of equally many points by quads."""
    columns = len(rows[0])
    faces: list[tuple[int, ...]] = []
    tones: list[float] = []
    for row in range(len(rows) - 1):
        first = row * columns
        for column in range(columns - 1):
            corner = first + column
            faces.append((corner, corner + 1, corner + columns + 1, corner + columns))
            if tone:
                tones.append(tone(row, column))
    return Mesh([vertex for row in rows for vertex in row], faces, tones if tone else None)


def lathe(profile: Sequence[Point], columns: int = 44, tone: Tone | None = None) -> Mesh:
    """Turn a profile of (radius, height) about the y axis; upwards is outside, downwards is inside."""
    circle = [(math.sin(2 * math.pi * k / columns), math.cos(2 * math.pi * k / columns)) for k in range(columns + 1)]
    return sheet([[(radius * s, y, radius * c) for s, c in circle] for radius, y in profile], tone)


def tube(path: Sequence[Vec], radius: float | Sequence[float], columns: int = 12, flat: float = 1.0) -> Mesh:
    """Sweep a circle (an ellipse when `flat` is not 1) along a path; both ends are closed."""
    radii = [radius] * len(path) if isinstance(radius, int | float) else list(radius)
    rows: list[list[Vec]] = []
    side = _side(path)
    for index, center in enumerate(path):
        along = _unit(_minus(path[min(index + 1, len(path) - 1)], path[max(index - 1, 0)]))
        side = _unit(_minus(side, _times(along, _dot(side, along))))
        up = _cross(along, side)
        rows.append(_ring(center, (side, up), (radii[index], radii[index] * flat), columns))
    first, last = [path[0]] * (columns + 1), [path[-1]] * (columns + 1)
    return outward(sheet([first, *rows, last]))


def _side(path: Sequence[Vec]) -> Vec:
    along = _unit(_minus(path[-1], path[0])) if path[0] != path[-1] else (0.0, 1.0, 0.0)
    helper: Vec = (0.0, 0.0, 1.0) if abs(along[2]) < _STEEP else (1.0, 0.0, 0.0)
    return _unit(_cross(helper, along))


def _ring(center: Vec, axes: tuple[Vec, Vec], radii: tuple[float, float], columns: int) -> list[Vec]:
    side, up = axes
    ring: list[Vec] = []
    for column in range(columns + 1):
        angle = 2 * math.pi * column / columns
        a, b = radii[0] * math.cos(angle), radii[1] * math.sin(angle)
        ring.append(
            (
                center[0] + side[0] * a + up[0] * b,
                center[1] + side[1] * a + up[1] * b,
                center[2] + side[2] * a + up[2] * b,
            )
        )
    return ring


def slab(outline: Sequence[Point], height: float, bevel: float = 0.15) -> Mesh:
    """Extrude an anticlockwise outline of (x, z) points upwards from the ground, with a rounded upper edge."""
    closed = [*outline, outline[0]]
    center = (sum(x for x, _ in outline) / len(outline), sum(z for _, z in outline) / len(outline))
    rows: list[list[Vec]] = [[(x, 0.0, z) for x, z in closed]]
    for step in range(4):
        angle = step / 3 * math.pi / 2
        inset = bevel * (1 - math.cos(angle))
        y = height - bevel + bevel * math.sin(angle)
        rows.append([(*_toward((x, z), center, inset), y) for x, z in closed])
        rows[-1] = [(x, h, z) for x, z, h in rows[-1]]
    body = sheet(rows)
    top = len(body.vertices) - len(closed)
    cap = tuple(range(top, len(body.vertices) - 1))
    return outward(Mesh(body.vertices, [*body.faces, cap]))


def _toward(point: Point, center: Point, by: float) -> Point:
    dx, dz = center[0] - point[0], center[1] - point[1]
    length = math.hypot(dx, dz) or 1.0
    return point[0] + dx / length * by, point[1] + dz / length * by


def rounded(width: float, depth: float, radius: float, steps: int = 6) -> list[Point]:
    """Outline a rounded rectangle about the origin, in the winding `slab` wants."""
    outline: list[Point] = []
    corners = [(1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)]
    for sx, sz, start in corners:
        for step in range(steps + 1):
            angle = math.radians(start + 90 * step / steps)
            outline.append(
                (
                    sx * (width / 2 - radius) + radius * math.cos(angle),
                    sz * (depth / 2 - radius) + radius * math.sin(angle),
                )
            )
    return outline[::-1]


def pillow(width: float, height: float, depth: float, columns: int = 28, power: float = 0.45) -> Mesh:
    """Stuff a cushion that stands upright on the ground, its two covers meeting in a seam."""
    rows: list[list[Vec]] = []
    for side in (1, -1):
        for i in range(columns + 1):
            v = -1 + 2 * (i if side > 0 else columns - i) / columns
            rows.append([_pillow_point(-1 + 2 * j / columns, v, side, power) for j in range(columns + 1)])
    mesh = outward(sheet(rows))
    return mesh.scaled(width / 2, height / 2, depth / 2).moved(y=height / 2)


def _pillow_point(u: float, v: float, side: int, power: float) -> Vec:
    pinch = 0.10
    thick = max(0.0, (1 - u**4) * (1 - v**4)) ** power
    return u * (1 - pinch * (1 - v * v)), v * (1 - pinch * (1 - u * u)), side * thick


def sphere(radius: float, columns: int = 40, rows: int = 20) -> Mesh:
    """A ball standing on the ground."""
    profile = [
        (radius * math.sin(math.pi * k / rows), radius - radius * math.cos(math.pi * k / rows)) for k in range(rows + 1)
    ]
    return lathe(profile, columns)


def hull(points: Sequence[Point]) -> list[Point]:
    """Wrap a rubber band around points (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    return _chain(ordered) + _chain(ordered[::-1])


def _chain(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for x, y in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], (x, y)) <= 0:
            chain.pop()
        chain.append((x, y))
    return chain[:-1] or chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def outward(mesh: Mesh) -> Mesh:
    """Wind the faces of a closed body so that it encloses a positive volume."""
    volume = 0.0
    for face in mesh.faces:
        a, c = mesh.vertices[face[0]], mesh.vertices[face[len(face) // 2]]
        for b, d in ((mesh.vertices[face[len(face) // 4]], c), (c, mesh.vertices[face[3 * len(face) // 4]])):
            volume += _dot(a, _cross(b, d))
    if volume >= 0:
        return mesh
    return Mesh(mesh.vertices, [face[::-1] for face in mesh.faces], mesh.tones)


def _minus(a: Vec, b: Vec) -> Vec:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _times(a: Vec, by: float) -> Vec:
    return a[0] * by, a[1] * by, a[2] * by


def _dot(a: Vec, b: Vec) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Vec, b: Vec) -> Vec:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _unit(a: Vec) -> Vec:
    length = math.sqrt(_dot(a, a)) or 1.0
    return a[0] / length, a[1] / length, a[2] / length
