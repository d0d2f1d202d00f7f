"""Print a document as PDF from its snapshot alone, in the language that it was issued in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.dates import format_date
from fpdf.enums import TableBordersLayout, XPos, YPos

from souk.addresses.lines import address_lines
from souk.kernel.money import Money
from souk.kernel.translations import Translator, read_catalogue
from souk.orders.documents.paper import MARGIN, WIDTH, Paper, Style
from souk.orders.documents.typefaces import printable

TEXTS = read_catalogue(Path(__file__).parent / "locales")
_HALF, _GAP = 85.0, 6.0


def render(document: Any) -> bytes:
    """Return the PDF of a row of `order_documents`; the same row gives the same bytes."""
    letters = _letters_of(document)
    with TemporaryDirectory() as folder:
        paper = _printed(document, 1, letters, Path(folder))
        if paper.page_no() > 1 or not paper.used <= letters:
            # How many pages there are is known when they are full; a place held for it would leave a gap between
            # letters.
            paper = _printed(document, paper.page_no(), letters | paper.used, Path(folder))
        return bytes(paper.output())


def _letters_of(document: Any) -> set[str]:
    """Return the letters that a document will surely need; a second printing brings what only the page's end tells."""
    language = TEXTS.language(document.locale)
    translate = TEXTS.translator(document.locale)
    told = [translate(key) for key in TEXTS.keys(language)]
    money = _money(document, 1_234_567_890) if "currency" in document.snapshot else ""
    return set(printable("".join(["\n", str(document.snapshot), document.name, _date(document), money, *told])))


def _date(document: Any) -> str:
    return format_date(document.created_at.date(), "long", locale=TEXTS.language(document.locale))


def _printed(document: Any, total: int, letters: AbstractSet[str], folder: Path) -> Paper:
    snapshot, translate = document.snapshot, TEXTS.translator(document.locale)
    shop = snapshot.get("shop", {})
    paper = Paper(
        TEXTS.language(document.locale), shop.get("footer", ""), translate, total, letters=letters, folder=folder
    )
    paper.set_creation_date(document.created_at)
    paper.set_title(document.name)
    paper.set_lang(document.locale)
    paper.add_page()
    _head(paper, document, shop, translate)
    _addresses(paper, document, translate)
    _lines(paper, document, translate)
    _sums(paper, document, translate)
    _taxes(paper, document, translate)
    _relief(paper, snapshot, translate)
    return paper


def _head(paper: Paper, document: Any, shop: Mapping[str, str], translate: Translator) -> None:
    paper.normal("B", 15)
    paper.line_of(shop.get("name", ""), 8)
    paper.small()
    known = (shop.get("address", ""), shop.get("tax_number", ""), shop.get("email", ""))
    for text in known:
        if text:
            paper.line_of(text, 4)
    paper.ln(8)
    paper.normal("B", 20)
    paper.line_of(f"{translate(document.kind)} {document.name}", 10)
    paper.ln(2)
    snapshot = document.snapshot
    facts = [
        ("date", _date(document)),
        ("order", snapshot.get("order", "")),
        ("of_invoice", snapshot.get("invoice", "")),
    ]
    facts += [(name, snapshot.get(name, "")) for name in ("reason", "carrier", "tracking")]
    for name, value in facts:
        if value:
            paper.pair(translate(name), value)
    paper.ln(6)


def _addresses(paper: Paper, document: Any, translate: Translator) -> None:
    snapshot, language = document.snapshot, TEXTS.language(document.locale)
    top, lowest = paper.get_y(), paper.get_y()
    goes = "pick_up_at" if "pick_up_at" in snapshot else "ship_to"
    for index, name in enumerate(("bill_to", goes)):
        address = snapshot.get(name) or {}
        # The buyer's VAT number stands on an invoice that it relieves of tax: the same article, (4).
        number = address.get("tax_number", "") if name == "bill_to" else ""
        text = "\n".join(filter(None, [*address_lines(address, language), number]))
        if not text:
            continue
        left = MARGIN + index * _HALF
        paper.set_xy(2 * MARGIN + WIDTH - left - _HALF if paper.rtl else left, top)
        paper.small()
        paper.cell(_HALF, 5, translate(name), align=paper.lead, new_x=XPos.LEFT, new_y=YPos.NEXT)
        paper.normal()
        paper.multi_cell(_HALF - _GAP, 4.6, text, align=paper.lead, new_x=XPos.LEFT, new_y=YPos.NEXT)
        lowest = max(lowest, paper.get_y())
    paper.set_xy(MARGIN, lowest + 6)


def _lines(paper: Paper, document: Any, translate: Translator) -> None:
    priced = document.kind == "invoice"
    titles = ["item", "quantity", *(["unit_price", "amount"] if priced else [])]
    widths = (94, 16, 32, 32) if priced else (158, 16)
    sides = [paper.lead, *[paper.trail] * (len(widths) - 1)]
    paper.normal()
    with paper.table(
        col_widths=paper.ordered(widths), text_align=paper.ordered(sides), line_height=5,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES, padding=(1.2, 0.5), width=sum(widths), align="LEFT",
    ) as table:  # fmt: skip
        table.row(paper.ordered([translate(name) for name in titles]))
        for line in document.snapshot.get("lines", ()):
            amounts = [_money(document, line["unit_price"]), _money(document, line["amount"])] if priced else []
            table.row(paper.ordered([_title(line), str(line["quantity"]), *amounts]))
    paper.ln(4)


def _title(line: Mapping[str, Any]) -> str:
    details = " · ".join(part for part in (line.get("variant"), line.get("sku")) if part)
    return f"{line['title']}\n{details}" if details else str(line["title"])


def _sums(paper: Paper, document: Any, translate: Translator) -> None:
    snapshot = document.snapshot
    if snapshot.get("total") is None:
        return
    rows: list[tuple[str, int, Style]] = [(translate(name), amount, "") for name, amount in snapshot["sums"]]
    rows.append((translate("credited" if document.kind == "credit_note" else "total"), snapshot["total"], "B"))
    paper.normal()
    paper.keep(6 * len(rows))
    for label, amount, style in rows:
        paper.normal(style)
        paper.cells(6, [(42, label, False), (32, _money(document, amount), True)], start=100)
    paper.ln(6)


def _taxes(paper: Paper, document: Any, translate: Translator) -> None:
    taxes: Sequence[Mapping[str, Any]] = document.snapshot.get("taxes", ())
    if not taxes:
        return
    paper.small()
    paper.keep(5 * (len(taxes) + 1))
    paper.line_of(translate("tax_summary"), 5)
    for tax in taxes:
        percent = f"{float(tax['rate']) * 100:g} %"
        paper.normal()
        net, due = _money(document, tax["net"]), _money(document, tax["tax"])
        words = [(24.0, percent), (45.0, f"{translate('net')} {net}"), (45.0, f"{translate('tax')} {due}")]
        paper.cells(5, [(60.0, str(tax["title"]), False), *((width, text, True) for width, text in words)])


def _relief(paper: Paper, snapshot: Mapping[str, Any], translate: Translator) -> None:
    """An invoice without VAT says why: Directive 2006/112/EC, article 226 (11) and (11a)."""
    if snapshot.get("relief"):
        paper.normal()
        paper.multi_cell(WIDTH, 5, translate(f"relief_{snapshot['relief']}"), align=paper.lead)


def _money(document: Any, amount: int | None) -> str:
    return "" if amount is None else Money(amount, document.snapshot["currency"]).format(document.locale)
