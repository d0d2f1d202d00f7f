"""Pots, cups, plates, vases and candles."""

from __future__ import annotations

from dataclasses import replace

from cli.demo.pictures.bodies import Subject, curve, leaf, lifted, rod, solid, vessel
from cli.demo.pictures.geometry import Point, lathe
from cli.demo.pictures.layers import Part

_MUG: list[Point] = [(0, 0), (3.3, 0), (3.85, 0.3), (4.05, 1.2), (4.15, 5), (4.15, 9.0)]


def mug(texture: str | None = "speckle", finish: str = "glaze") -> Subject:
    handle = rod(
        [(4.0, 7.7, 0), (5.6, 8.0, 0), (6.9, 6.7, 0), (6.7, 4.3, 0), (5.4, 2.7, 0), (4.0, 2.5, 0)],
        0.52,
        "body",
        finish,
        casts=True,
    )
    return Subject((*vessel(curve(_MUG), finish=finish, texture=texture), handle), pitch=19, yaw=-20)


def enamel_mug() -> Subject:
    parts = vessel(
        curve([(0, 0), (3.9, 0), (4.1, 0.3)], [(4.1, 0.3), (4.2, 4), (4.3, 7.8)]), finish="enamel", wall=0.12
    )
    rim = solid(curve([(4.25, 7.7), (4.5, 7.85), (4.4, 8.1), (4.2, 8.05)]), "dark", "enamel")
    handle = rod([(4.2, 6.6, 0), (6.0, 6.9, 0), (6.5, 4.8, 0), (5.6, 2.6, 0), (4.15, 2.4, 0)], 0.34, "dark", "enamel")
    return Subject((*parts, rim, handle), pitch=20, yaw=-20)


def cup() -> Subject:
    saucer = solid(
        curve([(0, 0), (3.2, 0.05), (5.8, 0.9), (6.7, 1.35), (6.6, 1.5), (5.6, 1.15), (3.0, 0.55), (0, 0.5)]),
        "body",
        "glaze",
        texture="speckle",
    )
    bowl = vessel(curve([(0, 0.5), (2.0, 0.5), (3.0, 1.1), (3.6, 2.8), (3.75, 5.6)]), texture="speckle", wall=0.2)
    handle = rod([(3.7, 4.9, 0), (5.0, 4.9, 0), (5.3, 3.6, 0), (4.4, 2.5, 0), (3.5, 2.4, 0)], 0.33, "body", "glaze")
    return Subject((saucer, *bowl, handle), pitch=24, yaw=-22)


def tumbler() -> Subject:
    return Subject(
        tuple(vessel(curve([(0, 0), (3.0, 0), (3.3, 0.4)], [(3.3, 0.4), (3.6, 4), (3.9, 9.4)]), texture="speckle"))
    )


def _bowl(width: float, height: float) -> list[Point]:
    foot = [(0, 0), (width * 0.42, 0), (width * 0.44, 0.5)]
    return curve(foot, [(width * 0.44, 0.5), (width * 0.8, height * 0.42), (width, height)])


def bowl(width: float = 8.0, height: float = 7.0) -> Subject:
    return Subject(tuple(vessel(_bowl(width, height), texture="speckle", wall=0.35)), pitch=26)


def bowls() -> Subject:
    """Three bowls in each other: once all are painted, the fronts again from the top one down, each hiding a foot."""
    whole: list[Part] = []
    fronts: list[Part] = []
    outside = lathe(_bowl(9.0, 5.6))
    for index, slot in enumerate(("body", "inside", "body")):
        whole += [
            lifted(replace(part, slot=slot if n else "inside"), index * 2.3)
            for n, part in enumerate(bowl(9.0, 5.6).parts)
        ]
        fronts.append(lifted(Part(outside, slot, "glaze", "speckle"), index * 2.3))
    return Subject((*whole, *fronts[1::-1]), pitch=20)


def plates() -> Subject:
    parts = []
    for index, width in enumerate((13.5, 13.5, 13.5, 10.5, 10.5)):
        profile = curve(
            [(0, 0), (width * 0.6, 0), (width * 0.66, 0.35), (width * 0.98, 1.5), (width, 1.75)],
            [(width, 1.75), (width * 0.97, 1.9), (width * 0.68, 0.75), (width * 0.6, 0.6), (0, 0.6)],
        )
        parts.append(
            lifted(
                solid(profile, "body" if index < 3 else "inside", "glaze", texture="speckle", casts=index == 3),
                index * 0.85,
            )
        )
    return Subject(tuple(parts), pitch=30)


def teapot() -> Subject:
    body = solid(
        curve([(0, 0), (4.6, 0), (5.2, 0.4), (7.4, 4), (7.2, 8), (4.4, 11), (3.6, 11.3)]),
        "body",
        "glaze",
        texture="speckle",
    )
    lid = solid(
        curve(
            [(3.7, 11.2), (3.5, 11.6), (2.2, 12.3), (0.7, 12.6)],
            [(0.7, 12.6), (0.6, 13), (1.2, 13.7), (0.9, 14.3), (0, 14.5)],
        ),
        "body",
        "glaze",
    )
    spout = rod([(6.4, 3.6, 0), (8.6, 5.2, 0), (10.0, 8.0, 0), (11.4, 10.4, 0)], [1.9, 1.4, 1.0, 0.75], "body", "glaze")
    handle = rod(
        [(-6.2, 8.8, 0), (-8.6, 9.8, 0), (-10.6, 7.8, 0), (-10.0, 4.6, 0), (-7.0, 3.4, 0)], 0.62, "wood", "wood"
    )
    return Subject((handle, body, lid, spout), pitch=15, yaw=-12, turn=-12)


def pitcher() -> Subject:
    parts = vessel(
        curve([(0, 0), (4.4, 0), (4.9, 0.4), (5.9, 4.5), (5.2, 10), (4.0, 14), (4.4, 17)]), texture="speckle"
    )
    handle = rod(
        [(4.2, 15.6, 0), (6.8, 16, 0), (8.2, 12.6, 0), (7.4, 7.6, 0), (5.5, 6.4, 0)], 0.6, "body", "glaze", casts=True
    )
    return Subject((*parts, handle), yaw=-15)


_VASES: dict[str, list[Point]] = {
    "bottle": [(0, 0), (4.4, 0), (5.2, 0.6), (6.0, 4.5), (5.0, 9.5), (2.0, 13), (1.5, 16.5), (1.7, 21), (2.0, 22)],
    "round": [(0, 0), (3.6, 0), (4.6, 0.5), (8.0, 5.5), (7.6, 10), (4.6, 13.4), (2.9, 14.4), (3.2, 15.6)],
    "tall": [(0, 0), (3.6, 0), (4.0, 0.4), (4.6, 7), (5.4, 15), (4.8, 20), (3.4, 23), (3.6, 25)],
    "urn": [(0, 0), (3.2, 0), (3.6, 0.5), (6.6, 8), (7.4, 13), (6.4, 16.4), (4.2, 18), (4.6, 19.6)],
}


def vase(shape: str, *, stems: bool = False) -> Subject:
    pot = vessel(curve(_VASES[shape]), finish="matte", inside=("body", "matte"), texture="stone", wall=0.35)
    top = _VASES[shape][-1][1]
    leaves = [leaf((0, top - 1, 0), heading, 11 + heading % 5, 2.6, 1.2) for heading in (190, 130, 250, 60, 310, 10)]
    return Subject((pot[0], *(leaves if stems else ()), pot[1]), pitch=12)


def planter() -> Subject:
    pot = vessel(
        curve([(0, 0), (5.4, 0), (5.7, 0.3)], [(5.7, 0.3), (6.6, 6), (7.2, 11.5)]),
        finish="matte",
        inside=("soil", "matte"),
        texture="stone",
        wall=0.5,
    )
    soil = solid([(0.01, 10.2), (6.9, 10.2)][::-1], "soil", "matte", texture="sand", shadow=False)
    headings = (180, 220, 140, 260, 100, 300, 60, 340, 20)
    leaves = [leaf((0, 10, 0), heading, 13 + heading * 7 % 6, 4.0, 1.0) for heading in headings]
    return Subject((pot[0], soil, *leaves[:5], pot[1], *leaves[5:]), pitch=13)


def jar(lid: str = "wood") -> Subject:
    body = solid(
        curve([(0, 0), (5.0, 0), (5.5, 0.5)], [(5.5, 0.5), (5.6, 6), (5.5, 11.6), (5.0, 12)]),
        "body",
        "glaze",
        texture="speckle",
    )
    cover = solid(
        curve([(5.2, 12), (5.5, 12.2), (5.5, 13.2)], [(5.5, 13.2), (5.3, 13.5), (0, 13.6)]),
        lid,
        "wood",
        texture="endgrain",
    )
    knob = solid(curve([(0.8, 13.5), (1.0, 14), (1.5, 15), (1.0, 15.8), (0, 16)]), lid, "wood", casts=True)
    return Subject((body, cover, knob), pitch=18)


def mill() -> Subject:
    body = solid(
        curve(
            [(0, 0), (3.0, 0), (3.1, 0.6)],
            [(3.1, 0.6), (2.9, 3), (2.0, 7), (2.1, 10), (2.7, 14.5)],
            [(2.7, 14.5), (2.3, 14.8)],
        ),
        "body",
        "wood",
        texture="upright",
    )
    head = solid(
        curve([(2.3, 15.0), (2.7, 15.4), (2.5, 17.4), (1.2, 19), (0, 19.4)]), "body", "wood", texture="upright"
    )
    knob = solid(curve([(0.4, 19.2), (0.9, 19.8), (0.7, 20.6), (0, 20.8)]), "steel", "steel")
    return Subject((body, head, knob), pitch=10)


def brim(radius: float, height: float, x: float = 0.0, z: float = 0.0) -> tuple[Part, Part]:
    """The fire-polished edge of a glass, without which the eye does not see where it ends, and its thick foot."""
    ring = lathe(
        [
            (radius, height - 0.1),
            (radius + 0.1, height),
            (radius, height + 0.12),
            (radius - 0.1, height),
            (radius, height - 0.1),
        ]
    )
    foot = lathe([(radius * 0.86, 0.12), (radius * 0.9, 0.3)])
    return Part(ring.moved(x, 0, z), "glass", "glaze", shadow=False), Part(
        foot.moved(x, 0, z), "glass", "glass", shadow=False
    )


def candle() -> Subject:
    wax = lifted(solid([(3.9, 0), (3.9, 6.6), (3.7, 6.8), (0, 6.7)], "wax", "satin"), 0.4)
    wick = rod([(0, 6.9, 0), (0, 8.4, 0)], 0.12, "dark", "matte")
    glass = solid(curve([(0, 0), (4.2, 0), (4.5, 0.4)], [(4.5, 0.4), (4.5, 9.8)]), "glass", "glass", shadow=False)
    label = solid([(4.55, 2.4), (4.55, 6.2)], "body", "paper", shadow=False)
    return Subject((wax, wick, glass, label, *brim(4.5, 9.8)), pitch=16)


def candle_tin() -> Subject:
    tin = vessel(
        curve([(0, 0), (4.3, 0), (4.5, 0.2)], [(4.5, 0.2), (4.5, 5.4)]),
        "body",
        "satin",
        inside=("steel", "steel"),
        wall=0.15,
    )
    wax = solid([(4.3, 4.4), (0.01, 4.4)], "wax", "satin", shadow=False)
    wick = rod([(0, 4.4, 0), (0, 5.9, 0)], 0.12, "dark", "matte", shadow=False)
    return Subject((tin[0], wax, wick, tin[1]), pitch=28)


def candlesticks() -> Subject:
    parts: list[Part] = []
    for x, z, height in ((-4.2, -1.5, 15.0), (4.6, -0.6, 10.5), (0.2, 3.2, 6.5)):
        stick = lathe(
            curve(
                [(0, 0), (3.0, 0), (3.0, 0.4)],
                [(3.0, 0.4), (1.0, 0.9), (0.5, 2), (0.5, height - 2), (0.9, height - 1), (1.4, height)],
                [(1.4, height), (1.0, height + 0.1), (0, height)],
            )
        )
        taper = lathe([(1.0, height), (0.75, height + 13), (0.4, height + 13.4), (0, height + 13.5)])
        parts += [Part(stick.moved(x, 0, z), "body", "brass"), Part(taper.moved(x, 0, z), "wax", "satin")]
    return Subject(tuple(parts), pitch=12)


def carafe() -> Subject:
    water = solid(curve([(0, 0.4), (5.2, 0.4), (5.9, 3), (5.6, 7)], [(5.6, 7), (0, 7)]), "body", "glass", shadow=False)
    glass = solid(curve([(0, 0), (5.2, 0), (6.2, 1.5), (6.0, 7), (3.2, 12), (2.7, 15), (3.4, 19)]), "glass", "glass")
    collar = solid(curve([(3.0, 12.2), (3.3, 12.6), (3.1, 15.4), (2.9, 15.8)]), "wood", "wood", texture="upright")
    return Subject((water, glass, collar, *brim(3.4, 19)), pitch=13)


def glasses() -> Subject:
    parts: list[Part] = []
    for x, z in ((-4.6, -2.0), (4.4, -1.2), (0.2, 3.4)):
        drink = lathe([(0.01, 0.5), (3.0, 0.6), (3.2, 5.5), (0.01, 5.5)])
        glass = lathe(curve([(0, 0), (3.0, 0), (3.25, 0.4)], [(3.25, 0.4), (3.4, 5), (3.6, 9.6)]))
        parts += [
            Part(drink.moved(x, 0, z), "body", "glass", shadow=False),
            Part(glass.moved(x, 0, z), "body", "glass"),
            *brim(3.6, 9.6, x, z),
        ]
    return Subject(tuple(parts), pitch=18)
