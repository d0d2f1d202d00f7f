"""Put a list of SKUs and quantities into a cart: all of it, or nothing with the reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.cart.add import add_to
from souk.cart.errors import BadQuantity, NotForSale
from souk.catalog.models import Product, Variant
from souk.inventory.errors import OutOfStock
from souk.kernel.errors import Invalid

MAX_WANTED = 200
MAX_SKU = 80
_BETWEEN = "\t,;"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`name` is the SKU as it was written; `quantity` is None where none could be read."""

    name: str
    quantity: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is unknown_sku, ambiguous_sku, invalid_quantity, not_for_sale or out_of_stock."""

    code: str
    name: str
    available: int = 0


class ListRefused(Invalid):
    """Nothing was added; `problems` says why for each line, in the list's order."""

    code = "order_list_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        names = ", ".join(problem.name for problem in problems[:5])
        super().__init__(
            f"Nothing was added: correct {names}.",
            problems=[{"code": problem.code, "sku": problem.name} for problem in problems],
        )
        self.problems = problems


def read_lines(text: str) -> list[Wanted]:
    """Read one article a line: the SKU, then a tab, comma, semicolon or blank, and the quantity (1 when missing)."""
    return [_wanted(line.strip()) for line in text.splitlines()[: MAX_WANTED + 1] if line.strip()]


def _wanted(line: str) -> Wanted:
    for mark in _BETWEEN:
        name, found, rest = line.partition(mark)
        if found:
            return Wanted(name.strip()[:MAX_SKU], whole(rest.strip(f"{_BETWEEN} ") or "1"))
    # A SKU may hold blanks, so only a number at the end is a quantity.
    name, _, last = line.rpartition(" ")
    quantity = whole(last)
    return Wanted(line[:MAX_SKU], 1) if not name or quantity is None else Wanted(name.strip()[:MAX_SKU], quantity)


def whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None  # noqa: PLR2004 - no order is larger


def add_list(session: Session, cart_id: int, wanted: Sequence[Wanted], groups: Iterable[str] = ()) -> None:
    """Add every article to a cart whose row this transaction has locked or made; raises ListRefused."""
    known = _variants(session, [each.name for each in wanted])
    problems: list[Problem] = []
    for each in wanted:
        problem = _unclear(each, known.get(each.name.upper(), [])) or _add(
            session, cart_id, known[each.name.upper()][0], each, groups
        )
        if problem is not None:
            problems.append(problem)
    if problems:
        raise ListRefused(problems)


def _unclear(wanted: Wanted, found: Sequence[int]) -> Problem | None:
    if wanted.quantity is None or wanted.quantity < 1:
        return Problem("invalid_quantity", wanted.name)
    if len(found) == 1:
        return None
    return Problem("ambiguous_sku" if found else "unknown_sku", wanted.name)


def _add(session: Session, cart_id: int, variant_id: int, wanted: Wanted, groups: Iterable[str]) -> Problem | None:
    try:
        add_to(session, cart_id, variant_id, wanted.quantity or 0, groups)
    except NotForSale:
        return Problem("not_for_sale", wanted.name)
    except BadQuantity:
        return Problem("invalid_quantity", wanted.name)
    except OutOfStock as short:
        return Problem("out_of_stock", wanted.name, short.extra["items"][0]["available"])
    return None


def _variants(session: Session, names: Iterable[str]) -> Mapping[str, list[int]]:
    """Return the variants for sale of each SKU, by the SKU in capitals: buyers write them in either case."""
    spelled = {spelling for name in names if name for spelling in (name, name.upper(), name.lower())}
    query = (
        select(Variant.sku, Variant.id)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.sku.in_(spelled), Product.status == "active")
        .order_by(Variant.id)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for sku, variant_id in session.execute(query):
        found[sku.upper()].append(variant_id)
    return found
