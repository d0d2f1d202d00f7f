"""The home page of Ember & Oak: bold type, round shapes, products first."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

from cli.demo.catalog import Front, Section

_HOME = (
    Section(
        "hero",
        {
            "layout": "collage",
            "collection": "bestsellers",
            "eyebrow": "Seven American workshops",
            "heading": "Made to be used.",
            "text": "<p>Stoneware, iron and oak that get better with every supper.</p>",
            "button_label": "Shop bestsellers",
            "button_link": "/collections/bestsellers",
            "second_label": "All collections",
            "height": "large",
            "color_scheme": "soft",
        },
    ),
    Section(
        "collection-list",
        {"heading": "Start with a room", "columns": 4, "show_link": True, "color_scheme": "light"},
        tuple(("collection", {"collection": handle}) for handle in ("kitchen", "home", "outdoor", "gifts")),
    ),
    Section(
        "featured-collection",
        {"collection": "bestsellers", "heading": "Everybody's favourites", "limit": 8, "columns": 4, "color_scheme": "light"},
    ),
    Section(
        "image-with-text",
        {
            "eyebrow": "The long supper",
            "heading": "Pots for slow food, plates to pass around.",
            "text": "<p>Enamelled iron that holds its heat, and stoneware thrown a few dozen at a time by people we can name.</p>",
            "button_label": "Set the table",
            "button_link": "/collections/table",
            "side": "start",
            "color_scheme": "accent",
        },
        picture=1,
    ),
    Section(
        "featured-collection",
        {"collection": "outdoor", "heading": "Stay out later", "limit": 8, "columns": 4, "slider": True, "color_scheme": "light"},
    ),
    Section(
        "multicolumn",
        {"color_scheme": "soft"},
        (
            ("column", {"icon": "truck", "heading": "Packed within two days", "text": "From Brattleboro to your door by ground in three to five days."}),
            ("column", {"icon": "return", "heading": "Thirty days to decide", "text": "Unused and in its box? Send it back, and we refund within five days."}),
            ("column", {"icon": "heart", "heading": "Used at home first", "text": "Everything here survived a season in our own kitchens."}),
            ("column", {"icon": "chat", "heading": "A person answers", "text": "Write to us on weekdays and hear back within the day."}),
        ),
    ),
)  # fmt: skip

FRONT = Front(
    announcements=("Ground shipping within the United States in 3 to 5 days",),
    motto="Buy it once. Use it daily.",
    about_html="<p>Kitchenware, home goods and outdoor gear by seven small American makers whose names we can tell you.</p>",
    payments=("Visa", "Mastercard", "Invoice"),
    home=_HOME,
    settings={},
    delivery={"cutoff": "15:00", "time_zone": "America/New_York", "handling": 1, "fastest": 3, "slowest": 5},
)
