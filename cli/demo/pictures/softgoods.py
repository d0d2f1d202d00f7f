"""Clothes, bags and towels as cuts."""

from __future__ import annotations

from cli.demo.pictures.geometry import Point
from cli.demo.pictures.relief import Cut, Fold, Garment, mirrored

_TEE = mirrored([(39, 12), (30, 15), (20, 22), (7, 40), (18, 48), (26, 40), (27, 55), (26.5, 75), (26, 90), (38, 91)])
_SLEEVED = mirrored(
    [
        (39, 12),
        (30, 15),
        (22, 22),
        (16, 40),
        (9, 66),
        (7, 80),
        (15, 82),
        (20, 68),
        (27, 46),
        (27, 62),
        (26, 86),
        (38, 88),
    ]
)
_DRAPE = (
    Fold(((30, 24), (34, 40), (33, 62)), 3.0, -20),
    Fold(((68, 26), (64, 44), (67, 70)), 3.4, -18),
    Fold(((36, 84), (40, 66), (38, 54)), 2.6, 16),
    Fold(((60, 88), (57, 70), (60, 58)), 2.6, -14),
    Fold(((27, 38), (36, 44), (46, 45)), 2.4, -16),
    Fold(((73, 38), (64, 45), (55, 46)), 2.4, -16),
)


def _neck(low: float) -> Cut:
    """The inside of the back, seen through the collar."""
    return Cut(
        mirrored([(48, 13.4), (44, 12.9), (40.4, 11.9), (42, 15.6), (46, low)]), shade=0.42, puff=1.0, casts=False
    )


def t_shirt() -> Garment:
    body = Cut(
        _TEE,
        texture="jersey",
        puff=2.2,
        folds=(*_DRAPE, Fold(((21, 24), (26, 40)), 1.2, -22), Fold(((79, 24), (74, 40)), 1.2, -22)),
        seams=(((27, 88), (50, 89), (73, 88)),),
    )
    rib = Cut(_collar(21.5, 18.4), texture="rib", puff=0.5, casts=True)
    return Garment((body, _neck(19), rib))


def _collar(low: float, inner: float) -> tuple[Point, ...]:
    """The ribbed front of a neck: an outer and an inner bow that meet on the shoulders."""
    outside = mirrored([(39.0, 12.0), (41.2, low - 4.2), (45.5, low - 0.9), (49, low)])
    inside = mirrored([(40.8, 12.0), (42.8, inner - 3.0), (46.2, inner - 0.7), (49, inner)])
    return (*outside, *inside[::-1])


def sweater(texture: str = "knit") -> Garment:
    body = Cut(
        _SLEEVED,
        finish="knit",
        texture=texture,
        puff=2.8,
        folds=(*_DRAPE, Fold(((27, 46), (24, 60), (18, 78)), 1.5, -24), Fold(((73, 46), (76, 60), (82, 78)), 1.5, -24)),
    )
    hem = Cut(mirrored([(26.4, 83), (26, 88.5), (38, 90.5)]), finish="knit", texture="rib", puff=1.0, casts=False)
    cuffs = [
        Cut(
            tuple((x if side else 100 - x, y) for x, y in ((7.6, 76), (6.6, 81), (15.2, 83), (16.8, 77.4))),
            finish="knit",
            texture="rib",
            puff=0.8,
            casts=False,
        )
        for side in (0, 1)
    ]
    rib = Cut(_collar(21.5, 16.8), finish="knit", texture="rib", puff=0.8)
    return Garment((body, hem, *cuffs, _neck(16.5), rib))


def shirt() -> Garment:
    body = Cut(
        _SLEEVED,
        puff=2.0,
        folds=_DRAPE,
        seams=(
            ((48, 20), (48, 88)),
            ((52.5, 20), (52.5, 88)),
            ((30, 16), (26, 30), (27, 44)),
            ((70, 16), (74, 30), (73, 44)),
        ),
    )
    pocket = Cut(
        ((57, 36), (67, 36), (67, 47), (62, 49.5), (57, 47)),
        puff=0.5,
        smooth=False,
        seams=(((57.6, 37.6), (66.4, 37.6)),),
    )
    collars = [
        Cut(
            tuple((x if side else 100 - x, y) for x, y in ((39, 10.5), (50, 19), (42.5, 24.5), (36.5, 15))),
            puff=0.8,
            smooth=False,
        )
        for side in (0, 1)
    ]
    buttons = [_dot(50.2, y, 0.75, "inside") for y in (28, 40, 52, 64, 76)]
    return Garment((body, _neck(17), pocket, *collars, *buttons))


def _dot(x: float, y: float, radius: float, slot: str) -> Cut:
    return Cut(
        ((x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)),
        slot=slot,
        finish="satin",
        texture=None,
        puff=0.4,
    )


def beanie() -> Garment:
    crown = Cut(
        mirrored([(50, 20), (36, 24), (25, 38), (21, 60), (22, 70)])[1:], finish="knit", texture="rib", puff=5.0
    )
    brim = Cut(mirrored([(19, 62), (18, 72), (20, 82), (35, 85)]), finish="knit", texture="rib", puff=2.4)
    patch = Cut(
        ((44, 70), (56, 70), (56, 78), (44, 78)),
        slot="leather",
        finish="leather",
        texture="leather",
        puff=0.4,
        smooth=False,
    )
    return Garment((crown, brim, patch))


def socks() -> Garment:
    def sock(dx: float, slot: str) -> tuple[Cut, Cut, Cut]:
        leg = tuple(
            (x + dx, y)
            for x, y in (
                (24, 14),
                (40, 14),
                (40, 52),
                (44, 66),
                (58, 74),
                (61, 82),
                (56, 88),
                (42, 87),
                (28, 78),
                (23, 64),
            )
        )
        cuff = tuple((x + dx, y) for x, y in ((23.4, 12), (40.6, 12), (40.6, 24), (23.4, 24)))
        toe = tuple((x + dx, y) for x, y in ((52, 72.5), (58, 74.5), (61, 82), (56, 88), (48, 87.5), (49, 79)))
        return (
            Cut(leg, slot=slot, finish="knit", texture="rib", puff=2.4),
            Cut(cuff, slot="inside", finish="knit", texture="rib", puff=1.0, smooth=False),
            Cut(toe, slot="inside", finish="knit", texture="knit", puff=1.6, casts=False),
        )

    return Garment((*sock(14, "body"), *sock(-8, "body")))


def apron() -> Garment:
    straps = Cut(
        ((37, 20), (40, 6), (50, 3), (60, 6), (63, 20), (61, 20), (58, 8), (50, 5.5), (42, 8), (39, 20)),
        slot="leather",
        finish="leather",
        texture="leather",
        puff=0.5,
    )
    body = Cut(
        mirrored([(37, 19), (35, 32), (24, 44), (23, 70), (24, 94), (40, 95)]),
        texture="canvas",
        puff=1.6,
        folds=(
            *_DRAPE[2:4],
            Fold(((30, 50), (34, 70), (31, 92)), 3, -14),
            Fold(((70, 52), (66, 74), (69, 92)), 3, -14),
        ),
        seams=(((38, 21), (62, 21)), ((25, 92.6), (75, 92.6))),
    )
    pocket = Cut(
        ((34, 56), (66, 56), (66, 74), (34, 74)),
        texture="canvas",
        puff=0.8,
        smooth=False,
        seams=(((35, 57.4), (65, 57.4)), ((50, 57), (50, 73.5))),
    )
    return Garment((straps, body, pocket))


def tote() -> Garment:
    def handle(shift: float, shade: float) -> Cut:
        path = (
            (33, 40),
            (34, 22 - shift),
            (42, 9 - shift),
            (50, 7 - shift),
            (58, 9 - shift),
            (66, 22 - shift),
            (67, 40),
        )
        inner = (
            (63, 40),
            (62, 23 - shift),
            (56, 13 - shift),
            (50, 11 - shift),
            (44, 13 - shift),
            (38, 23 - shift),
            (37, 40),
        )
        return Cut((*path, *inner), texture="canvas", puff=0.6, shade=shade)

    body = Cut(
        mirrored([(23, 37), (22, 60), (21, 90), (24, 94), (40, 95)]),
        texture="canvas",
        puff=2.6,
        folds=(
            Fold(((34, 40), (38, 60), (35, 88)), 3, -18),
            Fold(((64, 42), (61, 66), (66, 90)), 3, -16),
            Fold(((22, 88), (36, 80), (52, 84)), 2.5, -14),
        ),
        seams=(((24, 40), (76, 40)),),
    )
    label = Cut(
        ((45, 62), (55, 62), (55, 69), (45, 69)),
        slot="leather",
        finish="leather",
        texture="leather",
        puff=0.4,
        smooth=False,
    )
    return Garment((handle(2, 0.3), body, handle(-3, 0.0), label), stands=True)


def backpack() -> Garment:
    grab = Cut(
        ((43, 12), (45, 4), (50, 2.5), (55, 4), (57, 12), (54.5, 12), (53, 6.5), (50, 5.5), (47, 6.5), (45.5, 12)),
        slot="leather",
        finish="leather",
        texture="leather",
        puff=0.5,
    )
    body = Cut(
        mirrored([(44, 9), (33, 11), (26, 20), (23, 50), (22, 86), (26, 94), (40, 95.5)]), texture="canvas", puff=4.0
    )
    flap = Cut(
        mirrored([(44, 9.5), (33, 11.5), (26.5, 21), (25.5, 40), (29, 48), (42, 50)]),
        texture="canvas",
        puff=2.6,
        seams=(((28, 44), (38, 47.6), (50, 48), (62, 47.6), (72, 44)),),
    )
    pocket = Cut(
        mirrored([(31, 60), (30, 76), (31, 88), (36, 91), (44, 91.5)]),
        texture="canvas",
        puff=2.4,
        seams=(((32.5, 63), (67.5, 63)),),
    )
    straps = [
        Cut(
            ((x, 40), (x + 3.6, 40), (x + 3.6, 66), (x + 1.8, 68), (x, 66)),
            slot="leather",
            finish="leather",
            texture="leather",
            puff=0.5,
            smooth=False,
        )
        for x in (36, 60.4)
    ]
    buckles = [
        Cut(
            ((x - 0.8, 53), (x + 4.4, 53), (x + 4.4, 57.4), (x - 0.8, 57.4)),
            slot="brass",
            finish="brass",
            texture=None,
            puff=0.7,
            smooth=False,
        )
        for x in (36, 60.4)
    ]
    return Garment((grab, body, pocket, flap, *straps, *buckles), stands=True)


def messenger() -> Garment:
    strap = Cut(
        ((13, 46), (24, 16), (50, 6), (76, 16), (87, 46), (83, 46), (73, 19), (50, 10), (27, 19), (17, 46)),
        texture="canvas",
        puff=0.6,
    )
    body = Cut(
        mirrored([(12, 38), (11, 60), (12, 84), (16, 88), (34, 89)]), finish="leather", texture="leather", puff=3.0
    )
    flap = Cut(
        mirrored([(11, 36), (10.5, 52), (12, 66), (18, 71), (36, 72)]),
        finish="leather",
        texture="leather",
        puff=2.4,
        seams=(((13, 40), (14, 66), (30, 69.6), (50, 70), (70, 69.6), (86, 66), (87, 40)),),
    )
    tab = Cut(
        ((46, 60), (54, 60), (54, 78), (50, 80.5), (46, 78)),
        slot="dark",
        finish="leather",
        texture="leather",
        puff=0.6,
        smooth=False,
    )
    return Garment((strap, body, flap, tab, _dot(50, 75.5, 1.5, "brass")), stands=True)


def pouch() -> Garment:
    body = Cut(
        mirrored([(14, 34), (12, 52), (14, 72), (22, 76), (40, 77)]),
        texture="canvas",
        puff=3.4,
        folds=(Fold(((24, 42), (30, 58), (26, 72)), 3, -14),),
    )
    zipper = Cut(
        ((13.5, 31.5), (86.5, 31.5), (86.8, 36.5), (13.2, 36.5)),
        slot="brass",
        finish="brass",
        texture="rib",
        puff=0.5,
        smooth=False,
    )
    pull = Cut(
        ((80, 36), (83, 36), (83.4, 48), (81.5, 50), (79.6, 48)),
        slot="leather",
        finish="leather",
        texture="leather",
        puff=0.5,
    )
    return Garment((body, zipper, pull))
