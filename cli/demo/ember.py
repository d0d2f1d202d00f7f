"""Ember & Oak, the demo shop in dollars."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

from cli.demo.catalog import Collection, Hero, Link, Menu, Person, Product, Shop, TaxRate, Zone
from cli.demo.ember_front import FRONT
from cli.demo.ember_kitchen import KITCHEN
from cli.demo.ember_living import HOME, OUTDOOR
from cli.demo.journal import EMBER_POSTS
from cli.demo.texts import address, pages

_ALL = KITCHEN + HOME + OUTDOOR


def _of(products: tuple[Product, ...], *kinds: str) -> tuple[str, ...]:
    return tuple(product.handle for product in products if not kinds or product.product_type in kinds)


def _tagged(tag: str) -> tuple[str, ...]:
    return tuple(product.handle for product in _ALL if tag in product.tags)


_COLLECTIONS = (
    Collection(
        "bestsellers",
        "Bestsellers",
        "<p>What leaves the workshop fastest, and comes back least.</p>",
        ("terra-bottle-vase", *(handle for handle in _tagged("bestseller") if handle != "terra-bottle-vase")),
    ),
    Collection(
        "kitchen",
        "Kitchen",
        "<p>Pots, boards and cups for people who cook on weeknights.</p>",
        _of(KITCHEN),
        "orchard-teapot",
    ),
    Collection(
        "table",
        "The table",
        "<p>Stoneware, glass and wood that look better together.</p>",
        _of(KITCHEN, "Tableware", "Drinkware", "Serving", "Tea & Coffee"),
    ),
    Collection(
        "cookware",
        "Cookware",
        "<p>Iron, copper and enamel: buy it once.</p>",
        _of(KITCHEN, "Cookware", "Boards & Knives", "Tools"),
    ),
    Collection("home", "Home", "<p>Soft, warm and made to stay.</p>", _of(HOME), "linen-cushion"),
    Collection("furniture", "Furniture", "<p>Solid wood, honest joints.</p>", _of(HOME, "Furniture", "Storage")),
    Collection("outdoor", "Outdoor", "<p>For the porch, the garden and the far side of the lake.</p>", _of(OUTDOOR)),
    Collection(
        "gifts",
        "Gifts",
        "<p>Wrapped in paper, with a card, for anyone who has a kitchen.</p>",
        _tagged("gift"),
        "cedar-smoke-candle",
    ),
)

_MENUS = (
    Menu("main", "Main menu", (
        Link("Kitchen", "collection", "kitchen", (Link("The table", "collection", "table"), Link("Cookware", "collection", "cookware"))),
        Link("Home", "collection", "home", (Link("Furniture", "collection", "furniture"),)),
        Link("Outdoor", "collection", "outdoor"),
        Link("Gifts", "collection", "gifts"),
        Link("About", "page", "about"),
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

_ABOUT = "<p>Ember &amp; Oak began with one skillet that was too good to keep to ourselves. Today we sell the work of seven small American makers whose names we can tell you, for kitchens, porches and the rooms between.</p><p>Everything here has been used in our own homes for at least a season. What broke did not make it into the shop.</p>"

EMBER = Shop(
    slug="ember",
    name="Ember & Oak",
    description="Kitchenware, home goods and outdoor gear by small American makers.",
    email="hello@ember-and-oak.example",
    currency="USD",
    country="US",
    timezone="America/New_York",
    prices_include_tax=False,
    auto_fulfill=False,
    preset="Bazaar",
    front=FRONT,
    products=_ALL,
    collections=_COLLECTIONS,
    menus=_MENUS,
    pages=pages(
        "Ember & Oak",
        _ABOUT,
        "hello@ember-and-oak.example",
        "<p>We ship within the United States by ground (3 to 5 days) and express (1 to 2 days), and to Canada in a week.</p>",
        "Ember & Oak Goods LLC, 18 Mill Street, Brattleboro, VT 05301, United States.",
    ),
    heroes=(
        Hero(
            "Made to be used",
            "Stoneware, iron and oak from seven small American workshops.",
            "Shop bestsellers",
            "bestsellers",
        ),
        Hero("The long supper", "Pots for slow food and plates to pass around.", "Set the table", "table"),
        Hero("Stay out later", "Fire, light and something hot in the mug.", "Go outdoors", "outdoor"),
    ),
    languages=("es",),
    posts=EMBER_POSTS,
    tax_rates=(
        TaxRate("US", "NY", "New York sales tax", "0.08875"),
        TaxRate("US", "CA", "California sales tax", "0.0725"),
        TaxRate("US", "VT", "Vermont sales tax", "0.06"),
        TaxRate("US", "TX", "Texas sales tax", "0.0625"),
    ),
    zones=(
        Zone(
            "United States",
            ("US",),
            (
                ("ground", "Ground", 795, 9000, 3, 5),
                ("ground-heavy", "Ground, heavy parcel", 2400, None, 3, 6),
                ("express", "Express", 1995, 9000, 1, 2),
            ),
        ),
        Zone("Canada", ("CA",), (("canada", "Canada Post", 2495, None, 6, 9),)),
    ),
    customers=(
        Person(
            "Maya Robinson",
            "maya@example.com",
            address("Maya Robinson", "214 Bergen Street", "Brooklyn", "NY 11217", "US"),
        ),
        Person(
            "Tom Hartley",
            "tom@example.com",
            address("Tom Hartley", "1880 Folsom Street", "San Francisco", "CA 94103", "US"),
        ),
        Person(
            "Grace Okafor",
            "grace@example.com",
            address("Grace Okafor", "77 Church Street", "Burlington", "VT 05401", "US"),
        ),
        Person(
            "Diego Flores",
            "diego@example.com",
            address("Diego Flores", "905 Congress Avenue", "Austin", "TX 78701", "US"),
        ),
    ),
    banners=(
        ("oat", (("vase-bottle", "Terracotta"), ("teapot", "Forest"), ("bowl", "Ochre"))),
        ("stone", (("mill", "Walnut"), ("dutch-oven", "Rust"), ("kettle", "Cream"))),
        ("moss", (("thermos", "Moss"), ("camp-lantern", "Brick"), ("enamel-mug", "Cream"))),
    ),
)
