"""Print a document as PDF from its snapshot alone.

The fonts cover Latin, Greek and Cyrillic with all European currency signs. Chinese, Japanese, Korean, Arabic, Hebrew,
Thai and Indic letters are printed as boxes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from babel.dates import format_date
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos

from souk.kernel.money import Money
from souk.kernel.translations import Translator, read_catalogue

TEXTS = read_catalogue(Path(__file__).parent / "locales")
_FONTS = Path(__file__).parent / "fonts"
_INK, _SOFT = (27, 31, 36), (91, 98, 108)
_HALF = 85.0
# One line for each letter that a font lacks would fill the log of a shop with foreign customers.
logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class _Paper(FPDF):
    """An A4 page with our fonts, and at its foot what the merchant wants there."""

    def __init__(self, footer: str, page: Translator) -> None:
        super().__init__(format="A4")
        self._footer, self._page = footer, page
        self.add_font("dejavu", "", _FONTS / "DejaVuSans.ttf")
        self.add_font("dejavu", "B", _FONTS / "DejaVuSans-Bold.ttf")
        self.set_margins(18, 18, 18)
        self.set_auto_page_break(True, margin=28)
        self.alias_nb_pages()

    def footer(self) -> None:
        self.set_y(-22)
        self.small()
        if self._footer:
            self.multi_cell(0, 4, self._footer, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        number = self._page("page", number=self.page_no(), total="{nb}")
        self.cell(0, 4, number, align="C")

    def small(self) -> None:
        self.set_font("dejavu", "", 8)
        self.set_text_color(*_SOFT)

    def normal(self, style: str = "") -> None:
        self.set_font("dejavu", style, 9)
        self.set_text_color(*_INK)

    def pair(self, label: str, value: str) -> None:
        self.small()
        self.cell(32, 5, label)
        self.normal()
        self.multi_cell(0, 5, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def render(document: Any) -> bytes:
    """Return the PDF of a row of `order_documents`; the same row gives the same bytes."""
    snapshot, translate = document.snapshot, TEXTS.translator(document.locale)
    shop = snapshot.get("shop", {})
    paper = _Paper(shop.get("footer", ""), translate)
    paper.set_creation_date(document.created_at)
    paper.set_title(document.name)
    paper.set_lang(document.locale)
    paper.add_page()
    _head(paper, document, shop, translate)
    _addresses(paper, snapshot, translate)
    _lines(paper, document, translate)
    _sums(paper, document, translate)
    _taxes(paper, document, translate)
    return bytes(paper.output())


def _head(paper: _Paper, document: Any, shop: Mapping[str, str], translate: Translator) -> None:
    paper.set_font("dejavu", "B", 15)
    paper.set_text_color(*_INK)
    paper.cell(0, 8, shop.get("name", ""), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.small()
    known = (shop.get("address", ""), shop.get("tax_number", ""), shop.get("email", ""))
    for text in known:
        if text:
            paper.multi_cell(0, 4, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(8)
    paper.set_font("dejavu", "B", 20)
    paper.set_text_color(*_INK)
    paper.cell(0, 10, f"{translate(document.kind)} {document.name}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(2)
    snapshot = document.snapshot
    date = format_date(document.created_at.date(), "long", locale=TEXTS.language(document.locale))
    facts = [("date", date), ("order", snapshot.get("order", "")), ("of_invoice", snapshot.get("invoice", ""))]
    facts += [(name, snapshot.get(name, "")) for name in ("reason", "carrier", "tracking")]
    for name, value in facts:
        if value:
            paper.pair(translate(name), value)
    paper.ln(6)


def _addresses(paper: _Paper, snapshot: Mapping[str, Any], translate: Translator) -> None:
    top, lowest = paper.get_y(), paper.get_y()
    for index, name in enumerate(("bill_to", "ship_to")):
        text = _address(snapshot.get(name) or {})
        if not text:
            continue
        paper.set_xy(18 + index * _HALF, top)
        paper.small()
        paper.cell(_HALF, 5, translate(name), new_x=XPos.LEFT, new_y=YPos.NEXT)
        paper.normal()
        paper.multi_cell(_HALF - 5, 4.6, text, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        lowest = max(lowest, paper.get_y())
    paper.set_xy(18, lowest + 6)


def _address(address: Mapping[str, str]) -> str:
    place = f"{address.get('postal_code', '')} {address.get('city', '')}".strip()
    parts = [address.get(name, "") for name in ("name", "company", "line1", "line2")]
    return "\n".join(part for part in [*parts, place, address.get("state", ""), address.get("country", "")] if part)


def _lines(paper: _Paper, document: Any, translate: Translator) -> None:
    priced = document.kind == "invoice"
    titles = ["item", "quantity", *(["unit_price", "amount"] if priced else [])]
    widths = (94, 16, 32, 32) if priced else (158, 16)
    paper.normal()
    with paper.table(
        col_widths=widths, text_align=("LEFT", *["RIGHT"] * (len(widths) - 1)), line_height=5,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES, padding=(1.2, 0.5), width=sum(widths), align="LEFT",
    ) as table:  # fmt: skip
        table.row([translate(name) for name in titles])
        for line in document.snapshot.get("lines", ()):
            amounts = [_money(document, line["unit_price"]), _money(document, line["amount"])] if priced else []
            table.row([_title(line), str(line["quantity"]), *amounts])
    paper.ln(4)


def _title(line: Mapping[str, Any]) -> str:
    details = " · ".join(part for part in (line.get("variant"), line.get("sku")) if part)
    return f"{line['title']}\n{details}" if details else str(line["title"])


def _sums(paper: _Paper, document: Any, translate: Translator) -> None:
    snapshot = document.snapshot
    if snapshot.get("total") is None:
        return
    rows = [(translate(name), amount, "") for name, amount in snapshot["sums"]]
    rows.append((translate("credited" if document.kind == "credit_note" else "total"), snapshot["total"], "B"))
    for label, amount, style in rows:
        paper.set_x(18 + 100)
        paper.normal(style)
        paper.cell(42, 6, label)
        paper.cell(32, 6, _money(document, amount), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(6)


def _taxes(paper: _Paper, document: Any, translate: Translator) -> None:
    taxes: Sequence[Mapping[str, Any]] = document.snapshot.get("taxes", ())
    if not taxes:
        return
    paper.small()
    paper.cell(0, 5, translate("tax_summary"), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for tax in taxes:
        percent = f"{float(tax['rate']) * 100:g} %"
        paper.normal()
        net, due = _money(document, tax["net"]), _money(document, tax["tax"])
        paper.cell(60, 5, str(tax["title"]))
        for width, text in ((24, percent), (45, f"{translate('net')} {net}"), (45, f"{translate('tax')} {due}")):
            paper.cell(width, 5, text, align="R")
        paper.ln(5)


def _money(document: Any, amount: int | None) -> str:
    return "" if amount is None else Money(amount, document.snapshot["currency"]).format(document.locale)
