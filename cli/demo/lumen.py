"""Lumen Studio, the demo shop in euros with VAT included."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

from cli.demo.catalog import Collection, Hero, Link, Menu, Person, Product, Shop, TaxRate, Zone
from cli.demo.journal import LUMEN_POSTS
from cli.demo.lumen_desk import BAGS, STATIONERY
from cli.demo.lumen_front import FRONT
from cli.demo.lumen_light import LIGHTING
from cli.demo.lumen_wear import APPAREL
from cli.demo.texts import address, pages
from souk.shipping.carrier_policy import CarrierPolicy

_ALL = LIGHTING + STATIONERY + BAGS + APPAREL


def _of(products: tuple[Product, ...], *kinds: str) -> tuple[str, ...]:
    return tuple(product.handle for product in products if not kinds or product.product_type in kinds)


def _tagged(tag: str) -> tuple[str, ...]:
    return tuple(product.handle for product in _ALL if tag in product.tags)


_COLLECTIONS = (
    Collection("bestsellers", "Bestsellers", "<p>What our customers come back for.</p>", _tagged("bestseller")),
    Collection("lighting", "Lighting", "<p>Lamps that are beautiful switched off.</p>", _of(LIGHTING)),
    Collection("pendants", "Pendants", "<p>Light from above, without glare.</p>", _of(LIGHTING, "Pendants")),
    Collection("stationery", "Stationery", "<p>Paper with a memory.</p>", _of(STATIONERY)),
    Collection("bags", "Bags", "<p>Canvas and leather, repaired for free.</p>", _of(BAGS)),
    Collection(
        "apparel",
        "Apparel",
        "<p>A small wardrobe with a long life.</p>",
        _of(APPAREL, "T-Shirts", "Shirts", "Knitwear", "Accessories", "Workwear"),
    ),
    Collection(
        "knit",
        "Knitwear",
        "<p>Wool from the Rhön, knitted in one piece.</p>",
        _of(APPAREL, "Knitwear", "Accessories", "Home Knit"),
    ),
    Collection("gifts", "Gifts", "<p>For birthdays, thank-yous and no reason at all.</p>", _tagged("gift")),
)

_MENUS = (
    Menu("main", "Main menu", (
        Link("Lighting", "collection", "lighting", (Link("Pendants", "collection", "pendants"),)),
        Link("Stationery", "collection", "stationery"),
        Link("Bags", "collection", "bags"),
        Link("Apparel", "collection", "apparel", (Link("Knitwear", "collection", "knit"),)),
        Link("Studio", "page", "about"),
    )),
    Menu("footer", "Footer menu", (
        Link("Search", "search"),
        Link("Journal", "url", "/blog"),
        Link("Contact", "page", "contact"),
        Link("Find your order", "url", "/orders/find"),
        Link("Shipping & returns", "policy", "shipping-returns"),
        Link("Privacy", "policy", "privacy"),
        Link("Terms", "policy", "terms"),
    )),
)  # fmt: skip

_ABOUT = "<p>Lumen Studio is a shop and a workshop in a former printing house in Berlin-Kreuzberg. We draw lamps, bind books and sell the things of friends who sew and knit.</p><p>We make little and keep it for long: nothing leaves the range because it is last season's.</p>"

LUMEN = Shop(
    slug="lumen",
    name="Lumen Studio",
    description="Lighting, paper, bags and knitwear from small workshops in Germany.",
    email="hallo@lumen-studio.example",
    currency="EUR",
    country="DE",
    timezone="Europe/Berlin",
    prices_include_tax=True,
    auto_fulfill=True,
    preset="Atelier",
    front=FRONT,
    products=_ALL,
    collections=_COLLECTIONS,
    menus=_MENUS,
    pages=pages(
        "Lumen Studio",
        _ABOUT,
        "hallo@lumen-studio.example",
        "<p>We ship with DHL GoGreen: two to three days within Germany, three to six in the rest of the European Union. All prices include VAT.</p>",
        "Lumen Studio GmbH, Ritterstraße 12, 10969 Berlin, Germany.",
    ),
    heroes=(
        Hero("Light, paper, wool", "Things for the hours that belong to you.", "See the lamps", "lighting"),
        Hero(
            "A desk worth sitting at",
            "Sewn paper, turned pens and a cup that keeps them upright.",
            "Shop stationery",
            "stationery",
        ),
        Hero("Knitted in one piece", "Wool from the Rhön, no side seams, no scratching.", "Shop knitwear", "knit"),
    ),
    languages=("de", "fr"),
    posts=LUMEN_POSTS,
    vat_number="DE136695976",
    carrier=CarrierPolicy(fallback_title="Parcel", fallback_amount=990, most=10_000),
    tax_rates=(
        TaxRate("DE", "", "MwSt.", "0.19"),
        TaxRate("AT", "", "USt.", "0.20"),
        TaxRate("FR", "", "TVA", "0.20"),
        TaxRate("NL", "", "btw", "0.21"),
    ),
    zones=(
        Zone(
            "Germany",
            ("DE",),
            (
                ("dhl", "DHL GoGreen", 490, 10000, 2, 3),
                ("dhl-heavy", "DHL, heavy parcel", 1290, None, 2, 4),
                ("express", "DHL Express", 1490, 10000, 1, 1),
            ),
        ),
        Zone(
            "European Union",
            ("AT", "FR", "NL", "BE", "LU", "IT", "ES", "DK", "PL"),
            (("dhl-eu", "DHL Europaket", 1290, None, 3, 6),),
        ),
    ),
    customers=(
        Person(
            "Hannah Gerber",
            "hannah@example.com",
            address("Hannah Gerber", "Oranienstraße 41", "Berlin", "10999", "DE"),
        ),
        Person(
            "Felix Neumann",
            "felix@example.com",
            address("Felix Neumann", "Karolinenstraße 8", "Hamburg", "20357", "DE"),
        ),
        Person(
            "Camille Dubois",
            "camille@example.com",
            address("Camille Dubois", "12 Rue des Martyrs", "Paris", "75009", "FR"),
        ),
        Person("Annika Sommer", "annika@example.com", address("Annika Sommer", "Neubaugasse 30", "Wien", "1070", "AT")),
    ),
    banners=(
        ("fog", (("globe-lamp", "Brass"), ("mushroom-lamp", "Coral"), ("table-lamp", "Navy"))),
        ("ice", (("pen-cup", "Butter"), ("notebooks", "Blush"), ("mug-matte", "Lilac"))),
        ("blush", (("cushion-knit", "Cream"), ("blanket-check", "Rust"), ("scarf", "Forest"))),
    ),
)
