"""Notebooks, pens, cards and what else lies on a desk."""

from __future__ import annotations

from dataclasses import replace

from cli.demo.pictures.bodies import Subject, board, curve, lifted, solid, tilted, vessel
from cli.demo.pictures.geometry import rounded, slab, tube
from cli.demo.pictures.layers import Part


def notebook(texture: str = "linen", *, band: bool = True) -> Subject:
    back = board(rounded(15, 21.4, 0.8), 0.25, "body", "leather", None, 0.1)
    pages = Part(slab(rounded(14.5, 20.8, 0.5), 1.5, 0.05).moved(y=0.25), "paper", "paper")
    cover = replace(lifted(board(rounded(15, 21.4, 0.8), 0.28, "body", "leather", texture, 0.14), 1.7), casts=True)
    strap = lifted(Part(slab(rounded(0.7, 21.5, 0.1), 0.1, 0.04).moved(x=5.2), "dark", "cloth"), 1.95)
    ribbon = Part(slab(rounded(0.5, 4, 0.1), 0.06, 0.02).moved(x=-1.5, z=12.0), "accent", "satin")
    return Subject((back, ribbon, pages, cover, *((strap,) if band else ())), pitch=46, yaw=-26)


def notebooks() -> Subject:
    parts: list[Part] = []
    for index, (slot, turn) in enumerate((("accent", 6.0), ("inside", -8.0), ("body", 4.0))):
        for part in notebook(band=False).parts:
            if part.slot == "accent":  # the ribbon
                continue
            moved = lifted(tilted(part, y=turn), index * 2.0)
            parts.append(replace(moved, slot=slot if part.slot == "body" else part.slot))
    return Subject(tuple(parts), pitch=36, yaw=-22)


def planner() -> Subject:
    back = board(rounded(21, 28, 0.8), 0.3, "body", "paper", None, 0.1)
    pages = Part(slab(rounded(20.4, 27.4, 0.5), 1.0, 0.05).moved(y=0.3), "paper", "paper")
    cover = lifted(board(rounded(21, 28, 0.8), 0.2, "body", "paper", "linen", 0.1), 1.3)
    label = lifted(Part(slab(rounded(9, 5, 0.4), 0.05, 0.02).moved(x=1, z=-5), "paper", "paper"), 1.52)
    rings = [
        Part(
            tube([(-9.2, 0.2, z), (-11.2, 0.4, z), (-11.4, 2.0, z), (-9.4, 2.0, z), (-8.8, 1.4, z)], 0.22, 8),
            "brass",
            "brass",
        )
        for z in range(-12, 13, 2)
    ]
    return Subject((back, pages, cover, label, *rings), pitch=48, yaw=22)


def pen(metal: str = "brass") -> Subject:
    def lying(part: Part) -> Part:
        return replace(part, mesh=part.mesh.turned(z=-90).moved(x=-7, y=0.62))

    barrel = lying(
        solid(curve([(0, 0), (0.42, 0.1), (0.55, 0.5)], [(0.55, 0.5), (0.62, 5), (0.6, 8.2)]), "body", "enamel")
    )
    ring = lying(solid([(0.64, 8.1), (0.66, 8.3), (0.66, 8.7), (0.6, 8.9)], metal, "brass"))
    grip = lying(solid(curve([(0.58, 8.8), (0.5, 11), (0.34, 12.6)]), "body", "enamel"))
    nib = lying(solid(curve([(0.32, 12.5), (0.36, 13), (0.16, 14.6), (0, 15.4)]), metal, "brass"))
    clip = Part(tube([(-6.4, 1.28, 0), (-4, 1.42, 0), (-1.6, 1.3, 0)], 0.13, 8, 0.6), metal, "brass", casts=True)
    return Subject((barrel, ring, grip, nib, clip), pitch=44, yaw=34)


def pencils() -> Subject:
    parts: list[Part] = []
    for index, slot in enumerate(("body", "accent", "inside", "dark", "body")):
        z = (index - 2) * 1.35

        def lying(part: Part, z: float = z) -> Part:
            return replace(part, mesh=part.mesh.turned(z=-90).moved(x=-8.5, y=0.4, z=z))

        parts += [
            lying(solid([(0, 0), (0.38, 0.05), (0.4, 0.3), (0.4, 14.4)], slot, "enamel")),
            lying(solid([(0.4, 14.4), (0.14, 16.3)], "wood", "wood")),
            lying(solid([(0.14, 16.3), (0, 17)], slot, "matte")),
        ]
    return Subject(tuple(parts), pitch=46, yaw=30)


def pen_cup() -> Subject:
    cup = vessel(
        curve([(0, 0), (3.8, 0), (4.0, 0.3)], [(4.0, 0.3), (4.0, 5), (4.0, 9.6)]),
        "body",
        "satin",
        inside=("body", "matte"),
        wall=0.3,
    )
    tools = []
    for x, z, lean, slot in (
        (-1.6, -1.8, -2.4, "accent"),
        (1.8, -1.6, 2.6, "inside"),
        (0.4, -0.4, 0.6, "wood"),
        (-0.6, 1.2, -0.8, "dark"),
    ):
        tools.append(Part(tube([(x, 1, z), (x + lean, 16.4, z - 0.6)], 0.4), slot, "satin"))
        tools.append(
            Part(tube([(x + lean, 16.4, z - 0.6), (x + lean * 1.1, 17.8, z - 0.7)], [0.38, 0.06]), "wood", "wood")
        )
    return Subject((cup[0], *tools, cup[1]), pitch=16)


def cards() -> Subject:
    envelope = board(rounded(17, 12, 0.3), 0.3, "body", "paper", "linen", 0.05)
    card = replace(
        lifted(tilted(board(rounded(16, 11.2, 0.3), 0.12, "paper", "paper", "linen", 0.04), y=-13), 0.32), casts=True
    )
    seal = lifted(solid(curve([(1.5, 0), (1.6, 0.2), (1.2, 0.36), (0, 0.3)]), "accent", "satin", casts=True), 0.44)
    pile = [tilted(lifted(envelope, n * 0.34), y=3.0 * n - 4) for n in range(3)]
    return Subject((*pile, lifted(card, 0.7), lifted(seal, 0.75)), pitch=50, yaw=-24)


def desk_mat() -> Subject:
    mat = board(rounded(60, 34, 2), 0.4, "body", "leather", "leather", 0.15)
    tool = [
        replace(part, slot="dark" if part.slot == "body" else part.slot, mesh=part.mesh.turned(y=70).moved(x=19, y=0.4))
        for part in pen().parts
    ]
    page = replace(
        lifted(tilted(board(rounded(15, 21, 0.3), 0.1, "paper", "paper", None, 0.04), y=9), 0.42), casts=True
    )
    sheet = replace(page, mesh=page.mesh.moved(x=-6))
    return Subject((mat, sheet, *tool), pitch=40, yaw=-18)


def tape() -> Subject:
    parts: list[Part] = []
    for x, z, slot in ((-3.4, -1.4, "body"), (3.2, -1.0, "accent"), (0.2, 3.0, "inside")):
        ring = slab(rounded(5.4, 5.4, 2.69, 10), 1.8, 0.1).moved(x, 0, z)
        hole = solid([(0.02, 0), (1.9, 0)], "dark", "matte", two_sided=True, shadow=False)
        core = solid([(1.9, 1.82), (2.15, 1.83)], "wood", "paper", two_sided=True, shadow=False)
        parts += [
            Part(ring, slot, "satin"),
            replace(hole, mesh=hole.mesh.moved(x, 1.81, z)),
            replace(core, mesh=core.mesh.moved(x, 0.0, z)),
        ]
    return Subject(tuple(parts), pitch=36, yaw=10)
