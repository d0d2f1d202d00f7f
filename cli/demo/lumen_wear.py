"""Lumen Studio: apparel."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

from cli.demo.build import Department, Entry, Maker, products

FADEN = Maker(
    "Faden Eins",
    "Knitted and sewn by Faden Eins on the Swabian Alb from organic cotton (GOTS). Wash at 30 °C, inside out, and let the tumble dryer rest.",
)
WOLLE = Maker(
    "Wollwerk Rhön",
    "Spun from the wool of Rhön sheep and knitted by Wollwerk in one piece, without side seams. Air it rather than wash it.",
)

_SIZES = (("S", 0), ("M", 0), ("L", 0), ("XL", 0))
_ENTRIES = (
    Entry("Heavy T-Shirt", "t-shirt", "T-Shirts", FADEN, 3900, 240, "A shirt with some weight: 240 grams, a collar that keeps its shape and a cut that is neither tight nor a tent.", "Fabric: 100 % organic cotton, 240 g; Fit: Regular; Origin: Germany", ("White", "Black", "Sage", "Cobalt"), _SIZES, tags=("bestseller",)),
    Entry("Pocket Oxford Shirt", "shirt", "Shirts", FADEN, 8900, 310, "Soft from the first wearing and better from the tenth. One pocket, mother-of-pearl buttons.", "Fabric: 100 % organic cotton; Fit: Regular; Buttons: Mother-of-pearl", ("Denim", "White", "Blush"), _SIZES),
    Entry("Rhön Sweater", "sweater", "Knitwear", WOLLE, 14900, 560, "A fine-gauge crew neck that goes under a jacket and over everything else. Does not scratch; we tried it on a poet.", "Fabric: 100 % virgin wool; Gauge: 12; Fit: Regular", ("Oat", "Navy", "Forest", "Plum"), _SIZES, tags=("bestseller", "new")),
    Entry("Fischer Sweater", "sweater-chunky", "Knitwear", WOLLE, 18900, 980, "The thick one, for the ferry. Stitches you can count from across the room.", "Fabric: 100 % virgin wool; Gauge: 5; Fit: Relaxed", ("Cream", "Slate", "Rust"), _SIZES, was=21900),
    Entry("Docker Beanie", "beanie", "Accessories", WOLLE, 3400, 90, "Folds once, sits above the ears and stays there. A small leather patch, no shouting.", "Fabric: 100 % merino; Size: One size", ("Mustard", "Navy", "Charcoal", "Coral"), tags=("gift",)),
    Entry("Ribbed Scarf", "scarf", "Accessories", WOLLE, 6900, 280, "Two metres of rib with a short fringe. Warm enough for the tram stop in January.", "Size: 200 x 32 cm; Fabric: 100 % merino", ("Berry", "Smoke", "Forest"), tags=("gift",)),
    Entry("Karo Scarf", "scarf-check", "Accessories", WOLLE, 7900, 300, "A big check in two tones of the same colour, brushed on both sides.", "Size: 190 x 36 cm; Fabric: 90 % wool, 10 % cashmere", ("Rust", "Navy")),
    Entry("Contrast Socks", "socks", "Accessories", FADEN, 1600, 70, "Ribbed to the toe, with heel and cuff in cream. They do not slide into the boot.", "Fabric: 80 % cotton, 18 % polyamide, 2 % elastane", ("Forest", "Navy", "Coral", "Mustard"), (("36-40", 0), ("41-45", 0))),
    Entry("Werkstatt Apron", "apron", "Workwear", FADEN, 5900, 480, "A cross between a barista and a carpenter. Leather neck strap, double pocket, made to be wiped on.", "Fabric: 12 oz cotton canvas; Straps: Leather", ("Charcoal", "Olive", "Denim"), tags=("gift",)),
    Entry("Wool Plaid", "blanket-check", "Home Knit", WOLLE, 12900, 1500, "For the sofa, the sleeper train and the last hour on the balcony.", "Size: 130 x 190 cm; Fabric: 100 % virgin wool", ("Navy", "Rust", "Forest")),
    Entry("Knit Cushion", "cushion-knit", "Home Knit", WOLLE, 6900, 800, "The Fischer sweater for your sofa, with the same thick stitches.", "Size: 46 x 46 cm; Cover: 100 % wool; Inner: Feather", ("Cream", "Mustard", "Slate")),
    Entry("Teekanne Falk", "teapot", "Table", FADEN, 7900, 1100, "What one drinks under the plaid. Glazed in the studio's own blue, with an ash handle.", "Capacity: 1.2 l; Material: Stoneware, ash", ("Cobalt", "White")),
    Entry("Becher Falk", "mug-matte", "Table", FADEN, 2200, 380, "A matte mug with a glossy inside and a handle for the whole hand.", "Capacity: 0.35 l; Material: Stoneware", ("Cobalt", "Butter", "Lilac", "White"), tags=("gift",)),
)  # fmt: skip

APPAREL = products(Department("LA", "Apparel", "Colour", ("ice", "paper", "fog", "blush", "stone")), _ENTRIES)
