"""Images: addresses are made by the image filters."""

from __future__ import annotations

from themes import rows
from themes.drops.base import Drop, row_value
from themes.sandbox.access import exposes


@exposes("alt", "width", "height", "aspect_ratio", "position", "focus")
class ImageDrop(Drop):
    """A picture; use it with `| image_url(width=720)` or `| image_tag(...)`."""

    __slots__ = ("_row",)

    def __init__(self, row: rows.ImageRow) -> None:
        self._row = row

    alt = row_value("alt", "What the picture shows, for those who do not see it.")
    width = row_value("width", "Width of the original in pixels.")
    height = row_value("height", "Height of the original in pixels.")
    position = row_value("position", "Place among the product's pictures, from 1.")

    focus = row_value("focus", "CSS position of what must stay in sight, such as 20% 80%; empty for the middle.")

    @property
    def key(self) -> str:
        return self._row.key

    @property
    def aspect_ratio(self) -> float:
        """Width divided by height."""
        return round(self._row.width / (self._row.height or 1), 4)


def image(row: rows.ImageRow | None) -> ImageDrop | None:
    return None if row is None else ImageDrop(row)
