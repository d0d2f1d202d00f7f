"""The home page of Lumen Studio: a quiet magazine, pictures and serif type first."""

# ruff: noqa: E501 - prose is not wrapped
from __future__ import annotations

from cli.demo.catalog import Front, Section

_HOME = (
    Section(
        "hero",
        {
            "layout": "split",
            "heading": "Light, paper, wool",
            "text": "<p>Things for the hours that belong to you, from small workshops in Germany.</p>",
            "button_label": "See the lamps",
            "button_link": "/collections/lighting",
            "height": "large",
            "color_scheme": "light",
        },
        picture=0,
    ),
    Section(
        "rich-text",
        {
            "heading": "We make little and keep it for long: nothing leaves the range because a season ends.",
            "text": "<p>A shop and a workshop in a former printing house in Berlin-Kreuzberg.</p>",
            "align": "center",
            "color_scheme": "soft",
        },
    ),
    Section(
        "featured-collection",
        {"collection": "lighting", "heading": "Beautiful switched off", "limit": 6, "columns": 3, "color_scheme": "light"},
    ),
    Section(
        "image-with-text",
        {
            "eyebrow": "Stationery",
            "heading": "A desk worth sitting at",
            "text": "<p>Sewn paper that lies flat, turned pens, and a cup that keeps them upright.</p>",
            "button_label": "Shop stationery",
            "button_link": "/collections/stationery",
            "side": "end",
            "color_scheme": "accent",
        },
        picture=1,
    ),
    Section(
        "collection-list",
        {"heading": "From the studio", "columns": 4, "show_link": True, "color_scheme": "light"},
        tuple(("collection", {"collection": handle}) for handle in ("bags", "apparel", "pendants", "gifts")),
    ),
    Section(
        "image-with-text",
        {
            "eyebrow": "Knitwear",
            "heading": "Knitted in one piece",
            "text": "<p>Wool from the Rhön, no side seams, no scratching.</p>",
            "button_label": "Shop knitwear",
            "button_link": "/collections/knit",
            "side": "start",
            "color_scheme": "soft",
        },
        picture=2,
    ),
    Section(
        "testimonials",
        {"color_scheme": "light"},
        (
            ("quote", {"quote": "No glare, warm and even. The dimmer has no hum, which is rarer than it should be.", "author": "Jonas W."}),
            ("quote", {"quote": "It opens flat from the first page to the last. I ordered three more.", "author": "Ines C."}),
        ),
    ),
)  # fmt: skip

FRONT = Front(
    announcements=("All prices include VAT", "DHL GoGreen: two to three days within Germany"),
    motto="Made slowly, in Kreuzberg.",
    about_html="<p>We draw lamps, bind books and sell the things of friends who sew and knit.</p>",
    payments=("Visa", "Mastercard", "Rechnung"),
    home=_HOME,
    settings={},
    delivery={"cutoff": "13:00", "time_zone": "Europe/Berlin", "handling": 1, "fastest": 2, "slowest": 3},
)
