"""Pans, kettles, boards, knives and what hangs beside a stove."""

from __future__ import annotations

import math

from cli.demo.pictures.bodies import Subject, board, curve, lifted, rod, solid, vessel
from cli.demo.pictures.geometry import Point, rounded, tube
from cli.demo.pictures.layers import Part

_SLIM = 12


def skillet() -> Subject:
    pan = vessel(
        curve([(0, 0), (10.6, 0), (11.2, 0.4)], [(11.2, 0.4), (12.6, 3), (13.4, 4.6)]),
        "body",
        "iron",
        inside=("body", "iron"),
        wall=0.35,
        texture="sand",
    )
    handle = rod(
        [(13.0, 4.1, 0), (16, 5.0, 0), (21, 6.2, 0), (27, 6.4, 0)], [1.0, 0.9, 1.1, 1.3], "body", "iron", texture="sand"
    )
    return Subject((*pan, handle), pitch=32, yaw=28)


def saucepan() -> Subject:
    pot = vessel(
        curve([(0, 0), (8.6, 0), (9.0, 0.3)], [(9.0, 0.3), (9.0, 6), (9.1, 10.6)]),
        "body",
        "steel",
        inside=("steel", "brushed"),
        wall=0.2,
    )
    handle = rod([(9.0, 8.8, 0), (12, 9.6, 0), (17, 10.2, 0), (24, 10.0, 0)], [0.6, 0.8, 1.1, 0.9], "wood", "wood")
    return Subject((*pot, handle), pitch=22, yaw=28)


def dutch_oven() -> Subject:
    pot = solid(
        curve(
            [(0, 0), (11.4, 0), (12.4, 0.8)],
            [(12.4, 0.8), (13.0, 5), (13.2, 10.4)],
            [(13.2, 10.4), (13.5, 10.8), (13.2, 11.2)],
        ),
        "body",
        "enamel",
    )
    lid = solid(curve([(13.3, 11.2), (13.4, 11.8), (11.5, 13.0), (6, 14.2), (1.2, 14.4)]), "body", "enamel", casts=True)
    knob = solid(curve([(0.9, 14.3), (0.9, 15), (2.0, 15.6), (1.9, 16.4), (0, 16.6)]), "brass", "brass")
    ears = [
        rod(
            [(s * 13.0, 9.4, -3.2), (s * 15.6, 9.6, -2.2), (s * 15.6, 9.6, 2.2), (s * 13.0, 9.4, 3.2)],
            0.75,
            "body",
            "enamel",
        )
        for s in (-1, 1)
    ]
    return Subject((*ears, pot, lid, knob), pitch=16, yaw=0)


def kettle() -> Subject:
    body = solid(
        curve([(0, 0), (8.6, 0), (9.3, 0.6)], [(9.3, 0.6), (9.2, 4), (7.0, 9.6), (4.2, 11.6)]), "body", "enamel"
    )
    lid = solid(curve([(4.3, 11.5), (4.2, 12), (2.4, 12.7), (0.7, 12.9)]), "body", "enamel")
    knob = solid(curve([(0.5, 12.8), (1.3, 13.6), (1.0, 14.6), (0, 14.8)]), "wood", "wood")
    spout = rod(
        [(7.2, 4.6, 0), (10.4, 6.4, 0), (12.2, 10.0, 0), (14.4, 11.6, 0)], [1.7, 1.3, 0.9, 0.8], "body", "enamel"
    )
    bow = rod(
        [(-6.6, 9.6, 0), (-7.6, 15.0, 0), (-3.2, 19.6, 0), (3.2, 19.6, 0), (7.2, 15.0, 0), (6.6, 9.8, 0)],
        0.36,
        "steel",
        "steel",
    )
    grip = rod([(-4.0, 19.3, 0), (0, 20.0, 0), (4.0, 19.3, 0)], 0.95, "wood", "wood")
    return Subject((body, lid, knob, spout, bow, grip), pitch=14, yaw=-14, turn=-12)


def coffee_dripper() -> Subject:
    server = solid(curve([(0, 0), (5.6, 0), (6.4, 1.2), (6.2, 5), (3.8, 9)]), "glass", "glass")
    coffee = solid(
        curve([(0, 0.5), (5.4, 0.5), (6.1, 2), (6.0, 4.6)], [(6.0, 4.6), (0, 4.6)]), "coffee", "satin", shadow=False
    )
    stand = lifted(solid(curve([(0, 0), (5.4, 0), (5.6, 0.4), (5.2, 0.8), (2.6, 0.9)]), "body", "glaze"), 9)
    cone = [
        lifted(part, 9.8)
        for part in vessel(curve([(1.6, 0), (2.4, 0.2)], [(2.4, 0.2), (4.4, 4), (6.0, 7.4)]), wall=0.25)
    ]
    handle = rod([(5.4, 16, 0), (7.6, 16.2, 0), (8.4, 14.2, 0), (6.8, 12.4, 0), (4.2, 12.6, 0)], 0.42, "body", "glaze")
    return Subject((coffee, server, stand, *cone, handle), pitch=16, yaw=-18)


def bottle() -> Subject:
    body = solid(
        curve([(0, 0), (3.4, 0), (3.7, 0.4)], [(3.7, 0.4), (3.7, 8), (3.7, 16.4), (3.2, 18.4), (2.5, 19.6)]),
        "body",
        "satin",
    )
    foot = solid([(3.74, 0.3), (3.76, 1.4)], "steel", "steel", shadow=False)
    cap = solid(
        curve([(2.4, 19.5), (2.7, 19.7), (2.7, 22.6)], [(2.7, 22.6), (2.4, 23), (0, 23)]),
        "wood",
        "wood",
        texture="wood",
    )
    return Subject((body, foot, cap), pitch=11)


def thermos() -> Subject:
    body = solid(
        curve(
            [(0, 0), (4.2, 0), (4.5, 0.4)],
            [(4.5, 0.4), (4.5, 12), (4.5, 20.4)],
            [(4.5, 20.4), (4.0, 21.4), (3.4, 21.8)],
        ),
        "body",
        "satin",
        texture="sand",
    )
    ring = solid(curve([(3.5, 21.6), (3.9, 21.8), (3.9, 22.6), (3.5, 22.8)]), "steel", "steel")
    cap = solid(curve([(3.6, 22.6), (3.8, 23)], [(3.8, 23), (3.8, 28.4), (3.4, 29), (0, 29.1)]), "steel", "brushed")
    return Subject((body, ring, cap), pitch=10)


def tin() -> Subject:
    body = solid([(0, 0), (5.0, 0), (5.1, 0.2), (5.1, 12.8)], "body", "satin")
    lid = solid([(5.25, 12.6), (5.3, 14.6), (5.0, 14.9), (0, 14.95)], "body", "satin", casts=True)
    label = solid([(5.14, 3.6), (5.14, 9.4)], "paper", "paper", texture="linen", shadow=False)
    return Subject((body, label, lid), pitch=18)


def _paddle() -> list[Point]:
    """A round board with a handle, from above."""
    outline: list[Point] = []
    for step in range(41):
        angle = math.radians(14 + step * 332 / 40)
        outline.append((13 * math.cos(angle), 13 * math.sin(angle)))
    return [*outline, (20, -1.9), (23.5, -1.9), (24.6, 0), (23.5, 1.9), (20, 1.9)][::-1]


def paddle_board() -> Subject:
    wood = board(_paddle(), 1.8, "body", "wood", "wood", 0.4)
    loop = rod(
        [(22.4, 1.6, 0.4), (25.5, 2.0, 2.2), (28, 0.4, 0.2), (25.4, 0.8, -2.0), (22.4, 1.6, -0.4)],
        0.22,
        "leather",
        "leather",
    )
    return Subject((wood, loop), pitch=42, yaw=24)


def cutting_board() -> Subject:
    wood = board(rounded(38, 26, 2.5), 2.6, "body", "wood", "wood", 0.5)
    groove = lifted(board(rounded(34.5, 22.5, 2.0), 0.02, "dark", "wood", "wood", 0.01), 2.6)
    center = lifted(board(rounded(33.3, 21.3, 1.8), 0.03, "body", "wood", "wood", 0.01), 2.6)
    return Subject((wood, groove, center), pitch=40, yaw=-28)


def tray() -> Subject:
    base = board(rounded(40, 28, 6), 0.8, "body", "wood", "wood", 0.2)
    rim = tube([(x, 1.6, z) for x, z in [*rounded(40, 28, 6), rounded(40, 28, 6)[0]]], 1.1, flat=1.4)
    return Subject((base, Part(rim, "body", "wood", two_sided=False)), pitch=38, yaw=24)


def knife() -> Subject:
    blade: list[Point] = [(-1, 2.3), (14, 2.3), (20.5, 0.6), (21.5, -0.4), (20, -0.9), (-1, -1.9)]
    steel = lifted(board(blade, 0.5, "steel", "brushed", None, 0.25), 0.9)
    grip: list[Point] = [(-13, -1.6), (-14, 0), (-13, 1.8), (-7, 1.3), (-1, 1.6), (-1, -1.6), (-7, -1.4)]
    handle = lifted(board(grip[::-1], 2.0, "body", "wood", "wood", 0.7), 0.2)
    rivets = [lifted(solid([(0.32, 0), (0.32, 0.1), (0, 0.14)], "brass", "brass", shadow=False), 2.2) for _ in range(3)]
    placed = [Part(r.mesh.moved(x=-3.4 - 3.4 * n), r.slot, r.finish, shadow=False) for n, r in enumerate(rivets)]
    return Subject((steel, handle, *placed), pitch=52, yaw=32)


def spoons() -> Subject:
    crock = vessel(
        curve([(0, 0), (5.2, 0), (5.5, 0.4)], [(5.5, 0.4), (5.7, 7), (5.6, 13.4)]),
        "inside",
        "glaze",
        texture="speckle",
        wall=0.35,
    )
    tools: list[Part] = []
    for x, z, lean, head in ((-3, -2, -5, 2.3), (2.6, -2.4, 4, 2.0), (0.2, 0.5, 1.2, 2.7)):
        stick = tube([(x, 2, z), (x + lean, 26, z - 1)], 0.55)
        blade = tube(
            [(x + lean * t / 26 * 1.02, 24 + t * 0.35, z - 1) for t in (0, 6, 12, 18, 24)],
            [0.6, head * 0.85, head, head * 0.8, 0.3],
            flat=0.35,
        )
        tools += [Part(stick, "body", "wood", "wood"), Part(blade, "body", "wood", "wood")]
    return Subject((crock[0], *tools, crock[1]), pitch=14)
