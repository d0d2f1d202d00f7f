"""The colours of the demo shops' goods, by the names their variants carry."""

from __future__ import annotations

from cli.demo.pictures.materials import Rgb, mixed

COLORS: dict[str, Rgb] = {
    "Chalk": (240, 236, 227), "Cream": (238, 227, 205), "Oat": (218, 203, 178), "Sand": (211, 186, 150),
    "Ochre": (205, 152, 70), "Mustard": (214, 166, 62), "Terracotta": (190, 104, 74), "Rust": (164, 82, 52),
    "Brick": (150, 66, 52), "Blush": (222, 178, 164), "Rose": (198, 130, 128), "Berry": (128, 52, 74),
    "Sage": (150, 166, 140), "Moss": (98, 112, 78), "Forest": (58, 84, 70), "Olive": (112, 110, 74),
    "Mint": (176, 208, 190), "Sky": (158, 190, 210), "Slate": (98, 112, 126), "Denim": (84, 108, 142),
    "Navy": (46, 58, 88), "Cobalt": (48, 82, 158), "Lilac": (184, 168, 206), "Plum": (96, 66, 92),
    "Charcoal": (66, 66, 70), "Black": (42, 42, 46), "Graphite": (84, 86, 90), "Stone": (178, 172, 162),
    "Smoke": (140, 140, 142), "White": (244, 243, 239), "Natural": (226, 212, 186), "Butter": (243, 220, 150),
    "Coral": (228, 120, 98), "Tan": (178, 124, 82), "Cognac": (152, 90, 54), "Oak": (202, 160, 112),
    "Ash": (222, 194, 154), "Walnut": (124, 86, 60), "Cherry": (164, 98, 66), "Olive wood": (178, 134, 84),
    "Brass": (214, 172, 98), "Copper": (206, 130, 94), "Steel": (206, 209, 213), "Amber": (214, 150, 72),
    "Clear": (222, 236, 234), "Seagrass": (198, 168, 116),
}  # fmt: skip

# What a product is made of besides the colour a shopper chooses.
FIXED: dict[str, Rgb] = {
    "inside": (242, 237, 227), "wood": (204, 160, 112), "walnut": (112, 78, 56), "brass": (216, 176, 104),
    "steel": (206, 209, 213), "dark": (54, 52, 54), "glass": (224, 236, 235), "wax": (245, 236, 218),
    "shade": (255, 236, 202), "leaf": (104, 136, 92), "soil": (72, 54, 44), "cord": (58, 56, 56),
    "paper": (246, 242, 233), "leather": (158, 106, 70), "coffee": (74, 46, 32), "accent": (196, 108, 80),
}  # fmt: skip

_BROWN: Rgb = (62, 36, 20)
WOODS = frozenset({"Oak", "Ash", "Walnut", "Cherry", "Olive wood"})


def colors_for(name: str) -> tuple[dict[str, Rgb], dict[str, Rgb]]:
    """Return the light and the dark colour of each slot when `name` is chosen."""
    body = COLORS[name]
    darks = {slot: mixed(FIXED[slot], _BROWN, 0.55) for slot in ("wood", "walnut")}
    if name in WOODS:
        darks["body"] = mixed(body, _BROWN, 0.55)
    return {**FIXED, "body": body}, darks
