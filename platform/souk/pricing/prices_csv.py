"""Prices of a list as CSV: sku, variant_id, min_quantity, price, compare_at_price; amounts in major units."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.kernel.money import Money, UnreadableAmount
from souk.pricing.drafts import PriceDraft
from souk.pricing.errors import PricesRefused
from souk.pricing.queries import PriceRow

COLUMNS = ("sku", "variant_id", "product", "variant", "min_quantity", "price", "compare_at_price")
MAX_BYTES = 5_000_000
# A spreadsheet runs a cell that begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_prices(rows: Iterable[PriceRow], currency: str) -> str:
    """Return the file that `read_prices` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        former = "" if row.compare_at_price is None else f"{Money(row.compare_at_price, currency).major:f}"
        texts = (_safe(row.sku), row.variant_id, _safe(row.title), _safe(row.variant_title))
        writer.writerow((*texts, row.min_quantity, f"{Money(row.price, currency).major:f}", former))
    return out.getvalue()


def read_prices(session: Session, text: str, currency: str) -> list[PriceDraft]:
    """Return the prices of a file, by variant_id or, without one, by SKU; `min_quantity` is 1 where it is empty.

    Raises PricesRefused for the first row that cannot be read.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), dialect=_dialect(text))
    heads = {str(name).strip().lower() for name in reader.fieldnames or ()}
    if "price" not in heads or not heads & {"sku", "variant_id"}:
        raise PricesRefused(1, "the first row names the columns: sku or variant_id, price, and min_quantity if any.")
    rows = [{str(name).strip().lower(): str(value or "").strip() for name, value in row.items()} for row in reader]
    known = _variants(session, rows)
    return [_price(row, number, known, currency) for number, row in enumerate(rows, 2) if any(row.values())]


def _dialect(text: str) -> type[csv.Dialect]:
    class Told(csv.excel):
        delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","

    return Told


def _variants(session: Session, rows: Sequence[Mapping[str, str]]) -> Mapping[str, list[int]]:
    wanted = {_plain(row.get("sku", "")) for row in rows if not row.get("variant_id")} - {""}
    found: dict[str, list[int]] = {}
    for sku, number in session.execute(select(Variant.sku, Variant.id).where(Variant.sku.in_(wanted))):
        found.setdefault(sku, []).append(number)
    return found


def _price(row: Mapping[str, str], number: int, known: Mapping[str, list[int]], currency: str) -> PriceDraft:
    least = row.get("min_quantity") or "1"
    if not least.isascii() or not least.isdigit() or len(least) > 5:  # noqa: PLR2004 - 10,000 is the most
        raise PricesRefused(number, "min_quantity is a whole number.")
    price = _amount(row.get("price", ""), number, currency)
    if price is None:
        raise PricesRefused(number, "the price is missing; 0 is free.")
    former = _amount(row.get("compare_at_price", ""), number, currency)
    return PriceDraft(_variant(row, number, known), price, int(least), former)


def _variant(row: Mapping[str, str], number: int, known: Mapping[str, list[int]]) -> int:
    given = row.get("variant_id", "")
    if given:
        if not given.isascii() or not given.isdigit() or len(given) > 18:  # noqa: PLR2004 - a bigint
            raise PricesRefused(number, "variant_id is a whole number.")
        return int(given)
    found: Any = known.get(_plain(row.get("sku", "")), [])
    if len(found) != 1:
        told = "belongs to several variants; write the variant_id" if found else "is the SKU of nothing in this shop"
        raise PricesRefused(number, f"{row.get('sku', '')[:40]!r} {told}.")
    variant_id: int = found[0]
    return variant_id


def _amount(text: str, number: int, currency: str) -> int | None:
    if not text:
        return None
    try:
        return Money.from_major(text.replace(",", "."), currency).amount
    except UnreadableAmount as error:
        raise PricesRefused(number, error.detail) from None


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
