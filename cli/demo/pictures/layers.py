"""Turns parts of a product into layers: a map of normals and tones with a crisp mask, independent of colours."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cli.demo.pictures.camera import Camera
from cli.demo.pictures.geometry import Mesh, Vec
from cli.demo.pictures.textures import wall

Seen = list[tuple[float, float, float, float, float]]
_SMALLEST = 2
_FACET = 7.0  # pixels a visible facet gets in the coarse map, which is then smoothed up to full size
_LEAST = 70
_GRAZING = 88  # of 127: such facets lie at a silhouette, where the map must bleed over the border


@dataclass(frozen=True)
class Part:
    """One body of one material. `slot` names its colour; parts are painted in the order they are listed."""

    mesh: Mesh
    slot: str
    finish: str = "matte"
    texture: str | None = None
    face: tuple[Vec, Vec, Vec, Vec] | None = None  # corners a texture is stretched over; none: as seen
    two_sided: bool = False
    casts: bool = False  # darkens what lies behind it
    shadow: bool = True


@dataclass(frozen=True)
class Layer:
    """`normals` holds (normal x, normal y, tone) at `box`; `mask` says where the layer covers the picture."""

    normals: Image.Image
    mask: Image.Image
    box: tuple[int, int, int, int]
    slot: str
    finish: str
    casts: bool = False


def rasterize(part: Part, camera: Camera, size: tuple[int, int]) -> Layer | None:
    """Draw one part as the camera sees it, or nothing when it is out of the picture."""
    seen = camera.seen(part.mesh.vertices)
    box = _box(seen, size)
    if box is None:
        return None
    faces = _visible(part, seen)
    normals = _normals(seen, faces, box)
    if part.texture:
        normals = _textured(normals, part, camera, box)
    return Layer(normals, _mask(seen, faces, box), box, part.slot, part.finish, part.casts)


def _box(seen: Seen, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    xs, ys = [point[0] for point in seen], [point[1] for point in seen]
    left, top = max(0, math.floor(min(xs)) - 1), max(0, math.floor(min(ys)) - 1)
    right, bottom = min(size[0], math.ceil(max(xs)) + 2), min(size[1], math.ceil(max(ys)) + 2)
    if min(right - left, bottom - top) < _SMALLEST:
        return None
    return left, top, right, bottom


def _visible(part: Part, seen: Seen) -> list[tuple[float, tuple[int, ...], tuple[int, int, int]]]:
    """Keep the faces that look at the camera, farthest first, each with its normal and tone as a colour."""
    faces: list[tuple[float, tuple[int, ...], tuple[int, int, int]]] = []
    tones = part.mesh.tones
    for index, face in enumerate(part.mesh.faces):
        a, b, c, d = _corners(face, seen)
        if not part.two_sided and (c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0]) >= 0:
            continue
        x1, y1, z1 = c[2] - a[2], c[3] - a[3], c[4] - a[4]
        x2, y2, z2 = d[2] - b[2], d[3] - b[3], d[4] - b[4]
        nx, ny, nz = y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2
        length = math.sqrt(nx * nx + ny * ny + nz * nz)
        if not length:
            continue
        half = 127.0 / length if nz > 0 else -127.0 / length
        tone = 255 if tones is None else int(255 * tones[index])
        faces.append((a[4] + c[4], face, (int(127.5 + nx * half), int(127.5 + ny * half), tone)))
    faces.sort(key=lambda entry: entry[0])
    return faces


def _corners(face: tuple[int, ...], seen: Seen) -> tuple[tuple[float, float, float, float, float], ...]:
    quarter = len(face) // 4
    if not quarter:
        return seen[face[0]], seen[face[1]], seen[face[2]], seen[face[0]]
    return seen[face[0]], seen[face[quarter]], seen[face[2 * quarter]], seen[face[3 * quarter]]


def _normals(
    seen: Seen,
    faces: list[tuple[float, tuple[int, ...], tuple[int, int, int]]],
    box: tuple[int, int, int, int],
) -> Image.Image:
    """Draw the map coarsely and bleeding over its border; smoothing it up rounds the facets away."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    factor = math.sqrt(_FACET * len(faces) / (width * height))
    factor = min(1.0, max(factor, _LEAST / max(width, height)))
    coarse = Image.new("RGB", (math.ceil(width * factor) + 1, math.ceil(height * factor) + 1), (128, 128, 255))
    pen = ImageDraw.Draw(coarse)
    points = [((point[0] - left) * factor, (point[1] - top) * factor) for point in seen]
    for _, face, color in faces:
        if len(face) > 4 or math.hypot(color[0] - 127, color[1] - 127) > _GRAZING:
            pen.polygon([points[i] for i in face], fill=color, outline=color, width=4)
    for _, face, color in faces:
        pen.polygon([points[i] for i in face], fill=color)
    coarse = coarse.filter(ImageFilter.GaussianBlur(1.3))
    area = (0, 0, width * factor, height * factor)
    return coarse.resize((width, height), Image.Resampling.BICUBIC, box=area)


def _mask(
    seen: Seen,
    faces: list[tuple[float, tuple[int, ...], tuple[int, int, int]]],
    box: tuple[int, int, int, int],
) -> Image.Image:
    left, top, right, bottom = box
    mask = Image.new("L", ((right - left) * 2, (bottom - top) * 2))
    pen = ImageDraw.Draw(mask)
    points = [((point[0] - left) * 2, (point[1] - top) * 2) for point in seen]
    for _, face, _ in faces:
        pen.polygon([points[i] for i in face], fill=255)
    return mask.reduce(2)


def _textured(normals: Image.Image, part: Part, camera: Camera, box: tuple[int, int, int, int]) -> Image.Image:
    assert part.texture is not None
    x, y, tone = normals.split()
    if part.face:
        corners = [(p[0] - box[0], p[1] - box[1]) for p in camera.seen(part.face)]
        grain = wall(part.texture, (1200, 1200)).transform(
            normals.size, Image.Transform.PERSPECTIVE, homography(corners, 1200), Image.Resampling.BILINEAR
        )
    else:
        grain = wall(part.texture, (1800, 1800)).crop((0, 0, *normals.size))
    return Image.merge("RGB", (x, y, ImageChops.multiply(tone, grain)))


def homography(corners: list[tuple[float, float]], side: int) -> tuple[float, ...]:
    """Coefficients for Pillow that map a picture's points back to a square texture with these corners."""
    square = [(0, 0), (side, 0), (side, side), (0, side)]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, square, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return tuple(_solved(rows))


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss-Jordan elimination with pivoting of an n x (n + 1) system."""
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column] or 1e-12
        rows[column] = [value / lead for value in rows[column]]
        for row in range(size):
            if row != column and rows[row][column]:
                by = rows[row][column]
                rows[row] = [value - by * base for value, base in zip(rows[row], rows[column], strict=True)]
    return [row[size] for row in rows]
