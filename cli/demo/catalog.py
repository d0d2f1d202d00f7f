"""What a demo shop is made of, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.demo.journal import Post
from souk.shipping.carrier_policy import CarrierPolicy


@dataclass(frozen=True)
class Option:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """Prices in minor units of the shop's currency; `values` in the order of the product's options."""

    sku: str
    barcode: str
    values: tuple[str, ...]
    price: int
    compare_at_price: int | None
    weight_grams: int
    stock: int
    measure: str = ""


@dataclass(frozen=True)
class Review:
    author: str
    rating: int
    title: str
    body: str
    days_ago: int


@dataclass(frozen=True)
class Look:
    """What the pictures show: a body of cli.demo.pictures, its colours, and the backdrops it stands before."""

    subject: str
    colors: tuple[str, ...]
    sceneries: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    handle: str
    title: str
    description_html: str
    vendor: str
    product_type: str
    category: tuple[str, ...]
    tags: tuple[str, ...]
    options: tuple[Option, ...]
    variants: tuple[Variant, ...]
    specifications: tuple[tuple[str, str], ...]
    reviews: tuple[Review, ...]
    look: Look
    days_old: int


@dataclass(frozen=True)
class Collection:
    """`cover` is the product whose picture the collection shows; without one its first product lends it."""

    handle: str
    title: str
    description_html: str
    products: tuple[str, ...]
    cover: str = ""


@dataclass(frozen=True)
class Link:
    """`target` is the handle of a collection, page or policy, or an address where `type` is url, home or search."""

    title: str
    type: str
    target: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Menu:
    handle: str
    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Page:
    handle: str
    title: str
    content_html: str
    kind: str = "page"


@dataclass(frozen=True)
class Hero:
    heading: str
    text: str
    button: str
    collection: str


@dataclass(frozen=True)
class Section:
    """A section of a theme's page; `picture` is the place of the banner in `Shop.banners` that it shows."""

    type: str
    settings: Mapping[str, Any]
    blocks: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    picture: int | None = None


@dataclass(frozen=True)
class Front:
    """What the shop says around its goods; `settings` lie over those of the preset."""

    announcements: tuple[str, ...]
    motto: str
    about_html: str
    payments: tuple[str, ...]
    home: tuple[Section, ...]
    settings: Mapping[str, Any]
    # What the plugin delivery_dates is told of the warehouse.
    delivery: Mapping[str, Any]


@dataclass(frozen=True)
class TaxRate:
    """`rate` is a decimal fraction as text: "0.19"."""

    country: str
    province: str
    name: str
    rate: str


@dataclass(frozen=True)
class Zone:
    """`rates`: (code, title, price, most grams or None, days from, days to); one without a limit takes what is heavier
    than the others do.
    """

    name: str
    countries: tuple[str, ...]
    rates: tuple[tuple[str, str, int, int | None, int, int], ...]


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    address: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shop:
    slug: str
    name: str
    description: str
    email: str
    currency: str
    country: str
    timezone: str
    prices_include_tax: bool
    auto_fulfill: bool
    preset: str
    front: Front
    products: tuple[Product, ...]
    collections: tuple[Collection, ...]
    menus: tuple[Menu, ...]
    pages: tuple[Page, ...]
    heroes: tuple[Hero, ...]
    tax_rates: tuple[TaxRate, ...]
    zones: tuple[Zone, ...]
    customers: tuple[Person, ...]
    banners: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    vat_number: str = ""
    # Where the shop asks the test carrier for rates beside its own.
    carrier: CarrierPolicy | None = None
    # Beside English, the language of the texts that the shop wrote itself.
    languages: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
