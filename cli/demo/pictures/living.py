"""Furniture, cushions, baskets and garden things."""

from __future__ import annotations

import math
from dataclasses import replace

from cli.demo.pictures.bodies import Subject, board, curve, lifted, rod, solid, tilted, vessel
from cli.demo.pictures.geometry import Vec, lathe, pillow, rounded, sheet, slab, tube
from cli.demo.pictures.layers import Part


def _legs(spread: float, top: float, height: float, radius: float, count: int = 4) -> list[Part]:
    legs = []
    for number in range(count):
        angle = 2 * math.pi * (number + 0.5) / count
        foot = (spread * math.sin(angle), 0.0, spread * math.cos(angle))
        head = (top * math.sin(angle), height, top * math.cos(angle))
        legs.append(Part(tube([foot, head], [radius * 0.75, radius]), "body", "wood", "upright"))
    return sorted(legs, key=lambda leg: leg.mesh.vertices[0][2])


def stool() -> Subject:
    seat = lifted(
        solid(
            curve([(0, 0), (15, 0), (16.4, 1.2)], [(16.4, 1.2), (16, 2.6), (12, 3.0), (0, 2.6)]),
            "body",
            "wood",
            texture="wood",
        ),
        42,
    )
    ring = lathe(curve([(11.6, 15), (12.4, 15.6), (12.4, 16.4), (11.6, 17), (11.2, 16), (11.6, 15)]))
    return Subject((*_legs(16, 10, 42, 1.5), Part(ring, "body", "wood", shadow=False), seat), pitch=13, yaw=12)


def side_table() -> Subject:
    top = lifted(board(rounded(46, 46, 22.9, 10), 2.6, "body", "wood", "wood", 0.8), 44)
    return Subject((*_legs(17, 15, 44, 1.8, 3), top), pitch=15, yaw=8)


def bench() -> Subject:
    seat = lifted(board(rounded(90, 30, 2), 3.6, "body", "wood", "wood", 0.8), 38)
    legs = [Part(slab(rounded(4, 24, 1), 38).moved(x=x), "body", "wood", "upright") for x in (-36, 36)]
    return Subject((*legs, seat), pitch=16, yaw=28)


def chair() -> Subject:
    seat = lifted(board(rounded(42, 40, 8), 2.4, "body", "wood", "wood", 0.8), 43)
    back = [Part(tube([(x, 44, -17), (x * 1.05, 80, -22)], 1.4), "body", "wood", "upright") for x in (-18, 18)]
    spindles = [Part(tube([(x, 45, -17), (x * 1.05, 76, -21.5)], 0.7), "body", "wood") for x in (-9, 0, 9)]
    rail = Part(tube([(-21, 79, -21), (0, 80, -24), (21, 79, -21)], [2.6, 2.8, 2.6], flat=0.45), "body", "wood", "wood")
    return Subject((*_legs(27, 22, 43, 1.7), *spindles, *back, rail, seat), pitch=11, yaw=26)


def cushion(texture: str = "linen") -> Subject:
    body = Part(pillow(46, 46, 17, power=0.6), "body", "cloth", texture)
    return Subject((replace(body, mesh=body.mesh.turned(x=-9).moved(y=0.5)),), pitch=5, yaw=14)


def blanket(texture: str = "chunky") -> Subject:
    parts: list[Part] = []
    for layer in range(4):
        fold = slab(rounded(44 - layer * 0.8, 32 - layer * 0.6, 3.6), 5.4, 2.5)
        parts.append(Part(fold.moved(y=layer * 5.0), "body", "knit", texture, casts=layer > 0))
    return Subject(tuple(parts), pitch=22, yaw=-26)


def towels() -> Subject:
    parts: list[Part] = []
    for layer, slot in enumerate(("body", "inside", "body")):
        fold = slab(rounded(30, 22, 1.6), 2.6, 1.2)
        parts.append(
            Part(fold.moved(y=layer * 2.5), slot, "cloth", "stripe" if slot == "inside" else "waffle", casts=layer > 0)
        )
    return Subject(tuple(parts), pitch=28, yaw=-24)


def scarf(texture: str = "rib") -> Subject:
    """Folded in three, the fringe of both ends in front."""
    parts: list[Part] = []
    for layer in range(3):
        fold = slab(rounded(22, 34 - layer, 1.8), 2.6, 1.25)
        parts.append(Part(fold.moved(y=layer * 2.4, z=-layer * 0.6), "body", "knit", texture, casts=layer > 0))
    for number in range(19):
        x = -10 + number * 10 / 9
        strand = tube(
            [(x, 6.4, 15), (x, 5.2, 17.4), (x + 0.3, 2.0, 18.6), (x + 0.2, 0.4, 20.2)], [0.42, 0.42, 0.4, 0.3], 8
        )
        parts.append(Part(strand, "body", "knit"))
    return Subject(tuple(parts), pitch=32, yaw=-30)


def _weave(row: int, column: int) -> float:
    return 1.0 if (row // 2 + column) % 2 else 0.62


def basket() -> Subject:
    wall = curve([(15, 0), (16.5, 7), (18.5, 18), (19, 27)], steps=14)
    outer = lathe(wall, 72, _weave)
    inner = lathe(
        [(r - 0.8, y) for r, y in reversed(wall)], 60, lambda row, column: (0.75 - 0.01 * row) * _weave(row, column)
    )
    rim = lathe(curve([(19.2, 26), (20, 27), (19.2, 28), (18.2, 27.6)]))
    ears = [
        rod([(s * 19, 26, -5), (s * 20.5, 33, -3.4), (s * 20.5, 33, 3.4), (s * 19, 26, 5)], 0.9, "leather", "leather")
        for s in (-1, 1)
    ]
    return Subject(
        (Part(inner, "body", "cloth", shadow=False), Part(outer, "body", "cloth"), Part(rim, "body", "cloth"), *ears),
        pitch=18,
    )


def clock() -> Subject:
    def upright(part: Part) -> Part:
        return replace(part, mesh=part.mesh.turned(x=90).moved(y=15))

    case = upright(
        solid(curve([(0, 0), (14.6, 0), (15, 0.6)], [(15, 0.6), (15, 3), (14.4, 3.6), (13.6, 3.4)]), "body", "satin")
    )
    dial = upright(solid([(13.8, 3.0), (0.01, 3.0)], "paper", "paper", shadow=False))
    marks = []
    for hour in range(12):
        angle = math.radians(hour * 30)
        long = 2.6 if hour % 3 == 0 else 1.4
        inner, outer = 12.2 - long, 12.2
        path = [(math.sin(angle) * r, 15 + math.cos(angle) * r, 3.4) for r in (inner, outer)]
        marks.append(Part(tube(path, 0.25, 6), "dark", "matte", shadow=False))
    hands = [
        Part(
            tube([(0, 15, 4.0), (length * math.sin(a), 15 + length * math.cos(a), 4.0)], thick, 6),
            "dark",
            "satin",
            casts=True,
            shadow=False,
        )
        for length, a, thick in ((7.4, math.radians(-55), 0.42), (10.8, math.radians(58), 0.3))
    ]
    pin = upright(solid([(0.8, 4.2), (0.6, 4.6), (0, 4.7)], "brass", "brass", shadow=False))
    return Subject((case, dial, *marks, *hands, pin), pitch=4, yaw=-14)


def watering_can() -> Subject:
    body = solid(
        curve([(0, 0), (9.6, 0), (10, 0.4)], [(10, 0.4), (9.8, 8), (9.2, 15)], [(9.2, 15), (8.6, 15.4), (6.8, 16.8)]),
        "body",
        "satin",
    )
    mouth = lathe([(0.01, 14), (6.6, 16.6)], tone=lambda *_: 0.35)
    spout = rod([(9.0, 3.4, 0), (14, 8, 0), (20, 17, 0), (24, 21, 0)], [1.6, 1.2, 0.9, 0.8], "body", "satin")
    rose = solid(curve([(0, 0), (2.8, 0), (2.9, 0.4), (0.9, 3)]), "brass", "brass")
    rose = replace(rose, mesh=rose.mesh.turned(z=130).moved(25.6, 22.2, 0))
    handle = rod(
        [(6.4, 16.4, 0), (3, 23, 0), (-6, 24, 0), (-13, 17, 0), (-13, 9, 0), (-9.6, 5, 0)], 0.7, "brass", "brass"
    )
    return Subject(
        (spout, rose, body, Part(mouth, "dark", "matte", two_sided=True, shadow=False), handle), pitch=15, yaw=-16
    )


def fire_bowl() -> Subject:
    bowl = vessel(
        curve([(0, 12), (9, 12.6), (19, 17), (24, 25)]),
        "body",
        "iron",
        inside=("body", "iron"),
        wall=0.6,
        texture="sand",
    )
    logs = [
        Part(
            tube([(-13, 17 + n, -4 + 4 * n), (13, 18 + n, 5 - 5 * n)], 2.2),
            "walnut",
            "wood",
            "wood",
            casts=True,
            shadow=False,
        )
        for n in range(3)
    ]
    return Subject((*_legs_iron(), bowl[0], *logs, bowl[1]), pitch=20, yaw=12)


def _legs_iron() -> list[Part]:
    return [replace(leg, finish="iron", texture=None) for leg in _legs(17, 12, 16, 1.1, 3)]


def trowels() -> Subject:
    parts: list[Part] = []
    for z, wide in ((-6.0, 3.4), (6.0, 2.2)):
        blade = tube(
            [(2, 1.2, z), (6, 1.0, z), (11, 0.9, z), (16, 0.8, z), (19, 0.8, z)],
            [0.5, wide, wide, wide * 0.7, 0.1],
            flat=0.16,
        )
        neck = tube([(-4, 1.6, z), (3, 1.3, z)], 0.45)
        grip = tube(
            [(-17, 1.7, z), (-15, 1.8, z), (-10, 1.9, z), (-6, 1.7, z), (-4, 1.6, z)], [0.9, 1.5, 1.3, 1.5, 0.9]
        )
        parts += [Part(blade, "steel", "brushed"), Part(neck, "steel", "steel"), Part(grip, "body", "wood", "wood")]
    return Subject(tuple(parts), pitch=50, yaw=34)


def cooler() -> Subject:
    body = Part(slab(rounded(38, 26, 4), 24, 0.6), "body", "satin", "sand")
    lid = Part(slab(rounded(39, 27, 4.4), 5.5, 1.6).moved(y=24), "inside", "satin", casts=True)
    latch = Part(slab(rounded(5, 1.4, 0.5), 6, 0.3).moved(y=20, z=13.6), "steel", "steel", casts=True)
    bow = rod(
        [(-19.8, 22, 0), (-21, 33, 0), (-8, 37, 0), (8, 37, 0), (21, 33, 0), (19.8, 22, 0)], 0.7, "steel", "steel"
    )
    return Subject((body, lid, latch, bow), pitch=15, yaw=-24)


def umbrella() -> Subject:
    ribs = 8
    rows: list[list[Vec]] = []
    for k in range(15):
        t = k / 14
        radius = 48 * math.sin(t * math.pi / 2.15)
        y = 84 - 30 * (1 - math.cos(t * math.pi / 2.1))
        ring: list[Vec] = []
        for column in range(65):
            a = 2 * math.pi * column / 64
            scallop = abs(math.sin(ribs * a / 2))
            ring.append(
                (
                    radius * math.sin(a) * (1 - 0.05 * t * scallop),
                    y + 3.2 * t * t * scallop,
                    radius * math.cos(a) * (1 - 0.05 * t * scallop),
                )
            )
        rows.append(ring)
    canopy = Part(sheet(rows[::-1]), "body", "cloth")
    pole = rod([(0, 8, 0), (0, 88, 0)], 0.7, "steel", "steel")
    crook = rod([(0, 12, 0), (0, 3, 0), (3.6, -1, 0), (7.2, 3, 0)], 1.2, "wood", "wood")
    tip = rod([(0, 83, 0), (0, 90, 0)], 0.8, "wood", "wood")
    return Subject((tilted(pole), crook, tip, replace(canopy, two_sided=True)), pitch=4, yaw=10)
