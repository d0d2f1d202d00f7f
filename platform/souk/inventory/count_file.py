"""Read what a person counted: a CSV file, or codes from a scanner, as variants."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.change import MOST
from souk.inventory.errors import BadCountFile, UnknownCode

MAX_LINES = 50_000
CODE_COLUMNS = ("sku", "barcode", "variant sku", "variant barcode", "code")
NUMBER_COLUMNS = ("counted", "quantity", "on hand", "on_hand", "count", "variant inventory qty")
_MAX_DIGITS = 9
_LINE = re.compile(r"(.+?)(?:\s*[,;\t]\s*|\s+[x\u00d7]?\s*)\"?([0-9]+)\"?")


def parse_count(text: str) -> dict[str, int]:
    """Return code -> counted units of a CSV text with a header; a code on several lines is added up.

    One column is called SKU, barcode or code, another counted, quantity or on hand; commas, semicolons and tabs
    separate. A line without a number is one that was not counted.

    Raises:
        BadCountFile: names the line and what is wrong with it.

    """
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or len(lines) > MAX_LINES:
        raise BadCountFile(len(lines), f"a file has a header and at most {MAX_LINES:,} lines.")
    separator = max(",;\t", key=lines[0].count)
    rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    code_at, number_at = _columns(next(rows))
    counted: dict[str, int] = {}
    for number, row in enumerate(rows, 2):
        if len(row) <= max(code_at, number_at) or not row[number_at].strip():
            continue
        code = row[code_at].strip().lstrip("'")
        counted[code] = counted.get(code, 0) + _units(row[number_at], number)
    return counted


def parse_lines(text: str) -> dict[str, int]:
    """Return code -> units of lines such as `MUG-1, 3`, `MUG-1 3` or `MUG-1 x 3`; a code on several is added up.

    Raises:
        BadCountFile: for a line that says anything else, which would be left out in silence otherwise.

    """
    units: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise BadCountFile(number, "write a SKU or barcode, a comma and how many, such as MUG-1, 3.")
        code = match[1].strip().strip('"')
        units[code] = units.get(code, 0) + _units(match[2], number)
    return units


def _columns(header: list[str]) -> tuple[int, int]:
    names = [name.strip().lower() for name in header]
    codes = [at for wanted in CODE_COLUMNS for at, name in enumerate(names) if name == wanted]
    numbers = [at for wanted in NUMBER_COLUMNS for at, name in enumerate(names) if name == wanted]
    if not codes or not numbers:
        raise BadCountFile(1, "name one column SKU or barcode, and one counted or quantity.")
    return codes[0], numbers[0]


def _units(raw: str, line: int) -> int:
    text = raw.strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > _MAX_DIGITS or int(text) > MOST:
        raise BadCountFile(line, f"{text[:20]!r} is no count; write a whole number from 0 to {MOST:,}.")
    return int(text)


def variants_by_code(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Return code -> variant for SKUs and barcodes in any case; raises UnknownCode for none and for several."""
    wanted: dict[str, list[str]] = {}
    for code in codes:
        if code:
            wanted.setdefault(code.lower(), []).append(code)
    rows = session.execute(
        select(Variant.id, func.lower(Variant.sku).label("sku"), func.lower(Variant.barcode).label("barcode")).where(
            or_(func.lower(Variant.sku).in_(wanted), func.lower(Variant.barcode).in_(wanted))
        )
    )
    found: dict[str, set[int]] = {}
    for row in rows:
        for code in {row.sku, row.barcode} & wanted.keys():
            found.setdefault(code, set()).add(row.id)
    bad = sorted(code for key, each in wanted.items() if len(found.get(key, ())) != 1 for code in each)
    if bad:
        raise UnknownCode(bad)
    return {code: next(iter(found[key])) for key, each in wanted.items() for code in each}


def units_by_variant(session: Session, units: Mapping[str, int]) -> dict[int, int]:
    """Return variant -> units of what codes say; what its SKU and its barcode say is added up. Raises UnknownCode."""
    ids = variants_by_code(session, units)
    found: dict[int, int] = {}
    for code, number in units.items():
        if code:
            found[ids[code]] = found.get(ids[code], 0) + number
    return found
