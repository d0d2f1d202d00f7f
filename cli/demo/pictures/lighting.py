"""Lamps that stand, hang or are carried."""

from __future__ import annotations

import math

from cli.demo.pictures.bodies import Subject, curve, lifted, rod, solid
from cli.demo.pictures.geometry import lathe, sphere
from cli.demo.pictures.layers import Part


def _pleats(row: int, column: int) -> float:
    del row
    return 1.0 if column % 2 else 0.9


def _shade(bottom: float, top: float, low: float, high: float, *, pleated: bool = False) -> Part:
    mesh = lathe(
        curve([(bottom, low), ((bottom + top) / 2, (low + high) / 2), (top, high)]),
        88 if pleated else 44,
        _pleats if pleated else None,
    )
    return Part(mesh, "shade", "glow")


def table_lamp() -> Subject:
    base = solid(
        curve([(0, 0), (5.4, 0), (6.2, 0.6), (8.4, 6), (7.2, 12), (3.2, 16.4), (1.6, 17.4)]),
        "body",
        "glaze",
        texture="speckle",
    )
    neck = solid([(0.7, 17), (0.7, 23)], "brass", "brass")
    return Subject((base, neck, _shade(13, 8.6, 20.5, 36.5)), pitch=7)


def pleated_lamp() -> Subject:
    base = solid(
        curve([(0, 0), (7.5, 0), (7.7, 0.7)], [(7.7, 0.7), (2.2, 1.8), (1.2, 4), (1.1, 18), (1.2, 20)]), "body", "brass"
    )
    return Subject((base, _shade(14, 7.4, 18, 34, pleated=True)), pitch=7)


def mushroom_lamp() -> Subject:
    stem = solid(curve([(0, 0), (5.6, 0), (6.0, 0.5), (4.0, 4), (3.2, 10), (3.8, 16)]), "body", "glaze")
    glow = solid([(3.6, 15.6), (6, 16.0), (10.6, 16.2)], "shade", "glow", two_sided=True)
    cap = solid(curve([(12.4, 15.6), (12.6, 16.4), (11.4, 21), (7.4, 25.2), (0, 27)]), "body", "glaze")
    return Subject((stem, glow, cap), pitch=6)


def globe_lamp() -> Subject:
    foot = solid(curve([(0, 0), (6.2, 0), (6.4, 0.6)], [(6.4, 0.6), (5.8, 1.6), (4.4, 3.4)]), "body", "brass")
    globe = Part(sphere(9.6).moved(y=2.4), "shade", "glow")
    return Subject((globe, foot), pitch=6)


def _cord(top: float) -> Part:
    return rod([(0, top, 0), (0, top + 34, 0)], 0.22, "cord", "matte", shadow=False)


def dome_pendant() -> Subject:
    inner = lathe(curve([(0.01, 14), (8, 12), (13.6, 6), (15.4, 0)])[::-1], tone=lambda row, _: 0.75 + 0.01 * row)
    shell = solid(curve([(15.6, 0), (15.4, 1), (13.8, 7), (8.4, 13), (2.2, 15.4)]), "body", "satin")
    cap = solid(curve([(2.4, 15.2), (2.0, 17.6), (0.8, 18.6), (0, 18.8)]), "brass", "brass")
    bulb = Part(sphere(2.8).moved(y=1.4), "shade", "glow")
    return Subject((Part(inner, "shade", "satin", two_sided=True), bulb, shell, cap, _cord(18.4)), pitch=-9)


def cone_pendant() -> Subject:
    shell = solid(curve([(12, 0), (8, 7.5), (2.6, 17)]), "body", "satin")
    under = lathe([(0.01, 3), (11.8, 0.02)], tone=lambda *_: 1.0)
    cap = solid(curve([(2.8, 16.8), (2.2, 19.4), (0.6, 20), (0, 20)]), "wood", "wood")
    return Subject((Part(under, "shade", "glow", two_sided=True), shell, cap, _cord(19.8)), pitch=-8)


def paper_pendant() -> Subject:
    rows = 26
    profile = [(13 * math.sin(math.pi * (0.06 + 0.88 * k / rows)) ** 0.8, 22 * k / rows) for k in range(rows + 1)]
    globe = lathe(profile, tone=lambda row, _: 1.0 if row % 2 else 0.86)
    return Subject((Part(globe, "shade", "glow"), _cord(21.6)), pitch=-4)


def desk_lamp() -> Subject:
    foot = solid(curve([(0, 0), (8.4, 0), (8.6, 0.6)], [(8.6, 0.6), (8.2, 1.5), (0, 1.8)]), "body", "satin")
    arms = [
        rod([(0, 1.6, 0), (-9, 22, 0)], 0.5, "body", "satin"),
        rod([(-9, 22, 0), (9, 36, 0)], 0.5, "body", "satin", casts=True),
    ]
    joints = [Part(sphere(1.1, 20, 10).moved(x, y - 1.1, 0), "brass", "brass") for x, y in ((-9, 22), (9, 36))]
    head = (
        lathe(curve([(7.4, 0), (6.4, 3), (3.0, 8), (2.2, 11)], [(2.2, 11), (1.2, 12), (0, 12.2)]))
        .turned(z=26)
        .moved(14.5, 26.5, 0)
    )
    light = lathe([(0.01, 0.6), (7.2, 0.1)]).turned(z=26).moved(14.5, 26.5, 0)
    return Subject(
        (foot, *arms, *joints, Part(light, "shade", "glow", two_sided=True), Part(head, "body", "satin")),
        pitch=6,
        yaw=10,
    )


def floor_lamp() -> Subject:
    legs = [
        rod(
            [(2 * math.sin(a), 62, 2 * math.cos(a)), (20 * math.sin(a), 0, 20 * math.cos(a))],
            1.0,
            "body",
            "wood",
            texture="upright",
        )
        for a in (math.radians(180), math.radians(60), math.radians(-60))
    ]
    hub = lifted(solid(curve([(0, 0), (3, 0), (3, 4), (0, 4.4)]), "brass", "brass"), 60)
    return Subject((*legs, hub, _shade(20, 15, 66, 92)), pitch=6, yaw=12)


def camp_lantern() -> Subject:
    base = solid(curve([(0, 0), (6.2, 0), (6.4, 0.6)], [(6.4, 0.6), (6.2, 3.4), (5.0, 4.2)]), "body", "satin")
    glass = solid(curve([(4.6, 4.0), (5.4, 7.5), (5.2, 12), (4.0, 14.4)]), "shade", "glow")
    bars = [
        rod([(x, 4, z), (x, 14.6, z)], 0.22, "body", "satin", shadow=False)
        for x, z in ((-5.4, 1.2), (5.4, 1.2), (0, 5.6))
    ]
    top = solid(curve([(5.8, 14.2), (5.6, 15), (3.4, 16.8), (2.8, 18.2), (1.0, 19), (0, 19.1)]), "body", "satin")
    bow = rod([(-5.4, 14.8, 0), (-6.6, 20, 0), (0, 26, 0), (6.6, 20, 0), (5.4, 14.8, 0)], 0.24, "steel", "steel")
    return Subject((bow, base, glass, *bars, top), pitch=10, yaw=8)
