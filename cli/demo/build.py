"""Completes short catalogue entries: variants, stock numbers, barcodes and reviews follow from the entry itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import product as combinations

from cli.demo.catalog import Look, Option, Product, Variant
from cli.demo.opinions import opinions
from cli.demo.pictures.palette import COLORS

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SOLD_OUT, _SCARCE = 5, 14  # percent of the variants


@dataclass(frozen=True)
class Maker:
    """A vendor and what its products say about where they come from."""

    name: str
    story: str


@dataclass(frozen=True)
class Department:
    """What the products of one part of a shop share."""

    prefix: str
    category: str
    color_option: str
    sceneries: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One line of a catalogue; `sizes` are (name, surcharge in minor units)."""

    title: str
    subject: str
    kind: str
    maker: Maker
    price: int
    grams: int
    text: str
    specs: str
    colors: tuple[str, ...] = ("Natural",)
    sizes: tuple[tuple[str, int], ...] = ()
    size_option: str = "Size"
    tags: tuple[str, ...] = ()
    was: int | None = None
    choose_color: bool = True
    # What it holds, for the unit price.
    measure: str = ""


def products(department: Department, entries: Sequence[Entry]) -> tuple[Product, ...]:
    """Complete the entries of one department, in their order."""
    return tuple(_product(department, entry, number) for number, entry in enumerate(entries, 1))


def handle_of(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.lower().translate(_UMLAUTS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def ean13(first_twelve: str) -> str:
    """Append the check digit."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_twelve))
    return f"{first_twelve}{-total % 10}"


def _product(department: Department, entry: Entry, number: int) -> Product:
    handle = handle_of(entry.title)
    options = _options(department, entry)
    specs = tuple(
        (name.strip(), value.strip()) for name, _, value in (s.partition(":") for s in entry.specs.split(";"))
    )
    start = _draw(handle, len(department.sceneries))
    sceneries = department.sceneries[start:] + department.sceneries[:start]
    return Product(
        handle=handle,
        title=entry.title,
        description_html=f"<p>{escape(entry.text)}</p><p>{escape(entry.maker.story)}</p>",
        vendor=entry.maker.name,
        product_type=entry.kind,
        category=(department.category, entry.kind),
        tags=entry.tags + (("sale",) if entry.was else ()),
        options=options,
        variants=_variants(department, entry, options, number),
        specifications=specs,
        reviews=opinions(handle, department.category),
        look=Look(entry.subject, entry.colors, sceneries),
        days_old=20 + _draw(handle + "age", 300),
    )


def _options(department: Department, entry: Entry) -> tuple[Option, ...]:
    options: tuple[Option, ...] = ()
    if len(entry.colors) > 1 and entry.choose_color:
        options += (Option(department.color_option, entry.colors),)
    if entry.sizes:
        options += (Option(entry.size_option, tuple(name for name, _ in entry.sizes)),)
    return options


def _variants(department: Department, entry: Entry, options: tuple[Option, ...], number: int) -> tuple[Variant, ...]:
    variants: list[Variant] = []
    surcharges = dict(entry.sizes)
    for place, values in enumerate(combinations(*(option.values for option in options)), 1):
        extra = sum(surcharges.get(value, 0) for value in values)
        sku = f"{department.prefix}-{number:03d}" + "".join(f"-{_short(value)}" for value in values)
        variants.append(
            Variant(
                sku=sku,
                barcode=ean13(f"200{_draw(department.prefix, 900) + 100:03d}{number:03d}{place:03d}"),
                values=values,
                price=entry.price + extra,
                compare_at_price=entry.was + extra if entry.was else None,
                weight_grams=round(entry.grams * (1 + extra / (2 * entry.price))),
                stock=_stock(sku),
                measure=entry.measure,
            )
        )
    return tuple(variants)


def _short(value: str) -> str:
    letters = re.sub(r"[^A-Z0-9]", "", value.upper())
    return letters if value not in COLORS else letters[:4]


def _stock(sku: str) -> int:
    chance = _draw(sku, 100)
    if chance < _SOLD_OUT:
        return 0
    return 1 + chance % 4 if chance < _SCARCE else 8 + _draw(sku + "shelf", 90)


def _draw(seed: str, below: int) -> int:
    """Throw a die that always falls the same way for the same words."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6]) % below
