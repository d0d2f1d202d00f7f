"""Invoices, credit notes and packing slips: gapless numbers, snapshots that never change, PDF."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from souk.checkout.complete import complete_checkout
from souk.kernel.db import transaction
from souk.kernel.settings import write_setting
from souk.kernel.tenancy import TenantScope
from souk.orders.cancel import cancel_order
from souk.orders.documents.automatic import issue_automatically
from souk.orders.documents.errors import CannotIssue, UnknownDocument
from souk.orders.documents.issue import issue_credit_note, issue_invoice, issue_packing_slip
from souk.orders.documents.paper import Paper
from souk.orders.documents.read import documents_of, read_document
from souk.orders.documents.render import TEXTS, render
from souk.orders.documents.typefaces import japanese_font, printable
from souk.orders.editing.begin import begin_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.errors import UnknownOrder
from souk.orders.fulfill import fulfill_order
from souk.orders.models import OrderDocument, OrderLine, TaxLine
from souk.orders.read import read_order
from souk.orders.refund import RefundLine, refund_order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, delivery_of, open_for_business, ready_checkout
from tests.languages import assert_same


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)


def bought(scope: TenantScope) -> int:
    with transaction(scope) as session:
        mug = make_product(session, stock=50, price=1_000)[0]
    order_id = complete_checkout(scope, ready_checkout(scope, [(mug, 3)]), APPROVED).order_id
    assert order_id is not None
    return order_id


def test_an_invoice_is_issued_once_and_never_changes(shop: TenantScope, other_shop: TenantScope) -> None:
    order_id = bought(shop)
    with transaction(shop) as session:
        first = issue_invoice(session, order_id, "staff:1")
        assert issue_invoice(session, order_id, "staff:1") == first
        invoice = read_document(session, first, order_id)
        session.execute(update(OrderLine).where(OrderLine.order_id == order_id).values(title="Renamed"))
    assert invoice.snapshot["total"] == 3_850
    assert invoice.snapshot["taxes"] == [{"title": "Sales tax", "rate": "0.1", "net": 3_500, "tax": 350}]
    paper = render(invoice)
    with transaction(shop) as session:
        again = read_document(session, first)
        assert (again.snapshot, render(again) == paper) == (invoice.snapshot, True)
    assert paper.startswith(b"%PDF-")
    with transaction(other_shop) as session:
        with pytest.raises(UnknownDocument):
            read_document(session, first)
        with pytest.raises(UnknownOrder):
            issue_invoice(session, order_id, "staff:1")


def test_an_edit_takes_the_invoice_back_and_a_refund_corrects_it(shop: TenantScope) -> None:
    order_id = bought(shop)
    with transaction(shop) as session:
        line = read_order(session, order_id).lines[0].id
        old = read_document(session, issue_invoice(session, order_id, "staff:1"))
        begin_edit(session, order_id, "staff:1")
        plan = write_edit(session, order_id, {line: 2}, [])
    confirm_edit(shop, order_id, plan.version, "staff:1")
    with transaction(shop) as session:
        new = read_document(session, issue_invoice(session, order_id, "staff:1"))
        parcel = fulfill_order(session, order_id)
        slip = read_document(session, issue_packing_slip(session, order_id, parcel, "staff:1"))
        assert issue_packing_slip(session, order_id, parcel, "staff:1") == slip.id
    refund = refund_order(shop, order_id, 1_100, [RefundLine(line, 1)], "broken", "staff:1", f"cn-{order_id}")
    with transaction(shop) as session:
        note = read_document(session, issue_credit_note(session, order_id, refund.id, "staff:1"))
        kinds = [(row.kind, row.cancels_id) for row in documents_of(session, order_id)]
        edit_refund = next(one.id for one in read_order(session, order_id).refunds if one.kind == "edit")
        for wrong in (edit_refund, 10**9):
            with pytest.raises(CannotIssue):
                issue_credit_note(session, order_id, wrong, "staff:1")
        with pytest.raises(CannotIssue):
            issue_packing_slip(session, order_id, 10**9, "staff:1")
        with pytest.raises(UnknownDocument):
            read_document(session, slip.id, order_id)
    assert kinds == [
        ("invoice", None), ("credit_note", old.id), ("invoice", None), ("packing_slip", None), ("credit_note", None),
    ]  # fmt: skip
    assert new.number == old.number + 1
    assert (note.snapshot["total"], note.snapshot["invoice"], note.snapshot["lines"][0]["quantity"]) == (
        1_100, new.name, 1,
    )  # fmt: skip
    assert [render(one)[:5] for one in (slip, note)] == [b"%PDF-", b"%PDF-"]


def test_a_credit_note_tells_the_tax_of_what_went_back(shop: TenantScope) -> None:
    order_id = bought(shop)
    with transaction(shop) as session:
        issue_invoice(session, order_id, "staff:1")
        line = read_order(session, order_id).lines[0].id
        # The shipping is taxed at another rate than the mugs.
        session.execute(
            update(TaxLine).where(TaxLine.order_id == order_id, TaxLine.order_line_id.is_(None)).values(title="Parcels")
        )
    wanted = [((1_100, [RefundLine(line, 1)], 0), [("Sales tax", 1_000, 100)]),
              ((200, [], 200), [("Parcels", 182, 18)]),
              ((100, [], 0), [("Sales tax", 78, 8), ("Parcels", 13, 1)])]  # fmt: skip
    for number, ((amount, lines, shipping), taxes) in enumerate(wanted):
        key = f"tax-{order_id}-{number}"
        refund = refund_order(shop, order_id, amount, lines, "late", "staff:1", key, shipping=shipping)
        with transaction(shop) as session:
            note = read_document(session, issue_credit_note(session, order_id, refund.id, "staff:1")).snapshot
        assert [(row["title"], row["net"], row["tax"]) for row in note["taxes"]] == taxes
        assert sum(row["net"] + row["tax"] for row in note["taxes"]) == amount
        assert note["sums"] == ([["shipping", 200]] if shipping else [])


def test_many_at_once_leave_no_gap(shop: TenantScope) -> None:
    orders = [bought(shop) for _ in range(4)]

    def issue(order_id: int) -> None:
        with transaction(shop) as session:
            issue_invoice(session, order_id, "staff:1")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(issue, orders))
    with transaction(shop) as session:
        found = select(OrderDocument.number).where(OrderDocument.kind == "invoice").order_by(OrderDocument.number)
        numbers = list(session.scalars(found))
    assert numbers == list(range(1, len(numbers) + 1))


def test_paid_orders_are_invoiced_by_themselves_where_the_shop_wants_it(shop: TenantScope) -> None:
    quiet, loud = bought(shop), bought(shop)
    issue_automatically(delivery_of(shop, "order.paid", quiet))
    with transaction(shop) as session:
        assert documents_of(session, quiet) == []
        write_setting(session, "documents", {"automatic": True, "invoice_prefix": "R"})
    issue_automatically(delivery_of(shop, "order.paid", loud))
    with transaction(shop) as session:
        (row,) = documents_of(session, loud, for_buyer=True)
    assert row.name == f"R{row.number}"
    canceled = bought(shop)
    cancel_order(shop, canceled, "customer", restock=True, actor="customer")
    with transaction(shop) as session, pytest.raises(CannotIssue):
        issue_invoice(session, canceled, "staff:1")


def paper(locale: str, title: str, kind: str = "invoice") -> OrderDocument:
    """Return a document of one line; nothing of it is stored."""
    line = {"title": title, "variant": "", "sku": "", "quantity": 2, "unit_price": 1_200, "amount": 2_400}
    snapshot = {
        "shop": {"name": title}, "order": "#1001", "currency": "EUR", "bill_to": {"name": title}, "lines": [line],
        "sums": [["subtotal", 2_400]], "taxes": [], "total": 2_400,
    }  # fmt: skip
    issued = datetime(2026, 11, 28, tzinfo=UTC)
    return OrderDocument(kind=kind, name="INV-1", locale=locale, snapshot=snapshot, created_at=issued)


def words_of(pdf: bytes) -> str:
    """Return the letters that a PDF shows, by the table that its fonts carry for search and copy."""
    tables = [part for part in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL) if b"beginbfchar" in part]
    codes = [code for table in tables for code in re.findall(rb"<[0-9A-Fa-f]{4}> <([0-9A-Fa-f]+)>", table)]
    return "".join(bytes.fromhex(code.decode()).decode("utf-16-be", "ignore") for code in codes)


TITLES = {
    "latin": "Kaffeekanne żółty ğ ő",
    "greek": "Ελένη",
    "cyrillic": "Чайник",
    "arabic": "إبريق شاي",
    "japanese": "急須と茶碗",
    "hebrew": "תה",
}


LANGUAGES = ("en", "de", "es", "fr", "ar", "ja")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_paper_is_printed_in_each_language_that_we_ship(locale: str) -> None:
    assert_same(TEXTS, [locale])
    for title in TITLES.values():
        assert printable(title) == title
    shown = words_of(render(paper(locale, " ".join(TITLES.values()))))
    for text in (TITLES["greek"], TITLES["japanese"], TEXTS.translator(locale)("total")):
        assert {letter for letter in text if not is_arabic(letter)} <= set(shown), text


@pytest.mark.parametrize(("locale", "reason"), [("en", "Reverse charge"), ("de", "Steuerschuldnerschaft")])
def test_an_invoice_without_tax_says_why(locale: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    write = Paper.multi_cell

    def noted(self: Paper, *where: Any, **how: Any) -> Any:
        printed.append(str(where[2] if len(where) > 2 else how.get("text", "")))
        return write(self, *where, **how)

    monkeypatch.setattr(Paper, "multi_cell", noted)
    plain, relieved = paper(locale, "Kettle"), paper(locale, "Kettle")
    relieved.snapshot |= {"relief": "reverse_charge", "bill_to": {"name": "Kontor", "tax_number": "ATU13585627"}}

    render(plain)
    without = "".join(printed)
    render(relieved)

    assert reason not in without
    assert reason in printed[-1]
    assert "Kontor\nATU13585627" in printed


def is_arabic(letter: str) -> bool:
    # Letters that join are drawn as ligatures: their tables name several letters at once.
    return "\u0600" <= letter <= "\u06ff"


@pytest.mark.parametrize(
    ("text", "printed"),
    [("김철수", "GimCheolSu"), ("กรุงเทพ", "krungethph"), ("\U000f1234", "")],
)
def test_letters_that_no_font_has_are_written_in_latin_ones(text: str, printed: str) -> None:
    assert printable(text) == printed


def test_an_arabic_paper_begins_on_the_right_and_joins_its_letters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert japanese_font() is not None
    papers = [
        Paper(TEXTS.language(locale), "", TEXTS.translator(locale), 1, letters=set(), folder=tmp_path)
        for locale in ("ar", "en")
    ]
    assert [(one.rtl, one.lead, one.ordered([1, 2])) for one in papers] == [(True, "R", [2, 1]), (False, "L", [1, 2])]
    joined = render(paper("ar", "شاي"))
    # Letters that no text told before the first printing are printed all the same, and as they would have been.
    monkeypatch.setattr("souk.orders.documents.render._letters_of", lambda document: set())
    assert render(paper("ar", "شاي")) == joined
    monkeypatch.setattr(Paper, "set_text_shaping", lambda self, on: None)
    assert joined != render(paper("ar", "شاي"))
    # Without the Japanese letters a paper still says the words.
    monkeypatch.setattr("souk.orders.documents.typefaces.japanese_font", lambda: None)
    assert printable("急須") == "JiXu"


def test_a_long_invoice_counts_its_pages(shop: TenantScope) -> None:
    long = paper("en", "Mug")
    long.snapshot = {**long.snapshot, "lines": long.snapshot["lines"] * 28}
    assert render(long).count(b"/Type /Page\n") == 2


def test_a_row_of_sums_stays_on_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new page between a Japanese label and its amount forgot the font: the amount was not printed."""
    long, pages = paper("ja", "急須"), []
    long.snapshot = {**long.snapshot, "sums": [["subtotal", 1_111]] * 60}
    write = Paper.cell

    def noted(self: Paper, *where: Any, **how: Any) -> Any:
        answer = write(self, *where, **how)
        pages.append((self.page_no(), str(where[2])))
        return answer

    monkeypatch.setattr(Paper, "cell", noted)
    render(long)

    label, amount = TEXTS.translator("ja")("subtotal"), "€11.11"
    printed = [(number, text) for number, text in pages if text in {label, amount}]
    assert len({number for number, _ in printed}) == 2
    assert [number for number, text in printed if text == label] == [n for n, text in printed if text == amount]
