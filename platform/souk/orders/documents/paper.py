"""An A4 page with our fonts, laid out from the side where the reader's language begins."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Literal

from babel.core import Locale
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from souk.kernel.translations import Translator
from souk.orders.documents.typefaces import (
    BOLD,
    REGULAR,
    japanese_font,
    narrowed,
    needs_japanese,
    printable,
)

MARGIN = 18.0
WIDTH = 174.0
_INK, _SOFT = (27, 31, 36), (91, 98, 108)
Side = Literal["L", "R"]
Style = Literal["", "B"]
# One line for each table of a font that is not embedded would fill the log.
logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Paper(FPDF):
    """`lead` is the side where a line begins, `trail` the other one.

    At the foot stands what the merchant wants there, and which page of `total` it is. `letters` are those that will be
    printed: fonts with no others are made in `folder`, which must stay until the paper is put out. `used` tells the
    letters that really came: a paper with others than `letters` lacks them.
    """

    def __init__(
        self, language: str, footer: str, page: Translator, total: int, *, letters: AbstractSet[str], folder: Path
    ) -> None:
        super().__init__(format="A4")
        self._footer, self._page, self._total = footer, page, total
        self.used: set[str] = set()
        self.rtl = Locale.parse(language, sep="-").text_direction == "rtl"
        self.lead: Side = "R" if self.rtl else "L"
        self.trail: Side = "L" if self.rtl else "R"
        self.add_font("dejavu", "", narrowed(REGULAR, letters, folder))
        self.add_font("dejavu", "B", narrowed(BOLD, letters, folder))
        japanese = japanese_font()
        if japanese is not None and needs_japanese(letters):
            # There is no bold one; its letters are dense enough.
            self.add_font("japanese", "", narrowed(japanese, letters, folder))
            self.set_fallback_fonts(["japanese"], exact_match=False)
        # Arabic letters join, and run from right to left between numbers that do not.
        self.set_text_shaping(True)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=28)

    def normalize_text(self, text: str) -> str:
        """Let every text of the library's come by here before it is measured or printed."""
        told = printable(text)
        self.used.update(told)
        return super().normalize_text(told)

    def footer(self) -> None:
        self.set_y(-22)
        self.small()
        if self._footer:
            self.multi_cell(0, 4, self._footer, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        number = self._page("page", number=self.page_no(), total=self._total)
        self.cell(0, 4, number, align="C")

    def small(self) -> None:
        self._write_in("", 8, _SOFT)

    def normal(self, style: Style = "", size: float = 9) -> None:
        self._write_in(style, size, _INK)

    def _write_in(self, style: Style, size: float, color: tuple[int, int, int]) -> None:
        self.set_font("dejavu", style, size)
        self.set_text_color(*color)
        # fpdf2 forgets a font whose first letters come from another one: a space makes the page know it before.
        self.text(self.x, self.y, " ")

    def line_of(self, text: str, height: float) -> None:
        """Print one line, or as many as the text needs, from the leading side."""
        self.multi_cell(0, height, text, align=self.lead, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def pair(self, label: str, value: str) -> None:
        top, gap = self.get_y(), 32.0
        self.small()
        self.set_x(MARGIN + WIDTH - gap if self.rtl else MARGIN)
        self.cell(gap, 5, label, align=self.lead)
        self.normal()
        self.set_xy(MARGIN if self.rtl else MARGIN + gap, top)
        self.multi_cell(WIDTH - gap, 5, value, align=self.lead, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def keep(self, height: float) -> None:
        """Begin a new page where `height` millimetres do not fit on this one."""
        if self.will_page_break(height):
            self.add_page()
            self.text(self.x, self.y, " ")

    def cells(self, height: float, parts: Sequence[tuple[float, str, bool]], start: float = 0) -> None:
        """Print [(width, text, at the trailing side?)] beside each other, `start` millimetres from the leading edge."""
        # Between two cells of a row a new page would forget the font: amounts behind a Japanese label were lost.
        self.keep(height)
        width = sum(part[0] for part in parts)
        self.set_x(MARGIN + WIDTH - start - width if self.rtl else MARGIN + start)
        for wide, text, trailing in self.ordered(parts):
            self.cell(wide, height, text, align=self.trail if trailing else self.lead)
        self.ln(height)

    def ordered(self, parts: Sequence[Any]) -> list[Any]:
        """Return columns as they stand from left to right."""
        return list(reversed(parts)) if self.rtl else list(parts)
