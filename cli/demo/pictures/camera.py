"""The camera of the demo studio: a long lens that looks slightly down at a product on a seamless sweep."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cli.demo.pictures.geometry import Point, Vec

_DISTANCE = 6.0  # in object sizes: a portrait lens, so that round things stay round at the edges


@dataclass(frozen=True)
class Camera:
    """Angles in degrees; `scale` is pixels per centimetre at the product, `origin` its place on the picture."""

    pitch: float
    yaw: float = 0.0
    distance: float = 100.0
    scale: float = 1.0
    origin: Point = (0.0, 0.0)

    def seen(self, vertices: Iterable[Vec]) -> list[tuple[float, float, float, float, float]]:
        """Turn vertices into (screen x, screen y, view x, view y, view z)."""
        cos_yaw, sin_yaw = math.cos(math.radians(self.yaw)), math.sin(math.radians(self.yaw))
        cos_pitch, sin_pitch = math.cos(math.radians(self.pitch)), math.sin(math.radians(self.pitch))
        left, top = self.origin
        distance, scale = self.distance, self.scale
        seen: list[tuple[float, float, float, float, float]] = []
        for x, y, z in vertices:
            vx = x * cos_yaw + z * sin_yaw
            flat = z * cos_yaw - x * sin_yaw
            vy = y * cos_pitch - flat * sin_pitch
            vz = y * sin_pitch + flat * cos_pitch
            zoom = scale * distance / (distance - vz)
            seen.append((left + vx * zoom, top - vy * zoom, vx, vy, vz))
        return seen

    def framed(self, vertices: list[Vec], size: tuple[int, int], fill: tuple[float, float], center: Point) -> Camera:
        """Move and zoom so that the vertices fill a share of the picture around `center` (shares of its size)."""
        low = [min(vertex[axis] for vertex in vertices) for axis in range(3)]
        high = [max(vertex[axis] for vertex in vertices) for axis in range(3)]
        reach = max(b - a for a, b in zip(low, high, strict=True))
        camera = replace(self, distance=_DISTANCE * reach, scale=1.0, origin=(0.0, 0.0))
        points = camera.seen(vertices)
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        width, height = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
        scale = min(size[0] * fill[0] / width, size[1] * fill[1] / height)
        left = size[0] * center[0] - scale * (min(xs) + max(xs)) / 2
        top = size[1] * center[1] - scale * (min(ys) + max(ys)) / 2
        return replace(camera, scale=scale, origin=(left, top))
