"""What search engines and link previews read in a page's head: Open Graph, languages and structured data.

The types and properties are those of schema.org that product, article and breadcrumb results are made of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from souk.catalog.cards import ProductCard
from souk.catalog.unit_price import read_measure
from souk.kernel.money import Money
from souk.web.storefront.front import Front
from souk.web.storefront.language import at, here
from themes.settings import Reference

_META = Markup('<meta property="{}" content="{}">\n')
_NAMED = Markup('<meta name="{}" content="{}">\n')
_ALTERNATE = Markup('<link rel="alternate" hreflang="{}" href="{}">\n')
_DATA = Markup('<script type="application/ld+json">{}</script>\n')
PREVIEW_WIDTH = 1066


def common_head(front: Front, *, title: str, description: str, url: str, kind: str, image: str) -> Markup:
    """Return the tags of every page that may be found; `image` is a media key, or empty."""
    properties = {
        "og:site_name": front.shop.name,
        "og:type": kind,
        "og:title": title,
        "og:description": description,
        "og:url": url,
        "og:image": picture(front, image),
        "og:locale": front.localization.locale.replace("-", "_"),
    }
    card = _NAMED.format("twitter:card", "summary_large_image" if image else "summary")
    tags = Markup().join(_META.format(name, value) for name, value in properties.items() if value)
    return tags + card + _alternates(front)


def _alternates(front: Front) -> Markup:
    languages = front.localization.languages
    if len(languages) < 2:  # noqa: PLR2004 - a page in one language has no others
        return Markup()
    links = [_ALTERNATE.format(each.locale, front.shop.url + each.url) for each in languages]
    return Markup().join([*links, _ALTERNATE.format("x-default", front.shop.url + languages[0].url)])


def picture(front: Front, key: str) -> str:
    return f"{front.shop.url}/media/{key}/{PREVIEW_WIDTH}.jpg" if key else ""


def data(*things: Mapping[str, Any]) -> Markup:
    """Return structured data; what merchants and shoppers wrote cannot end the element."""
    graph = {"@context": "https://schema.org", "@graph": [_told(thing) for thing in things]}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return _DATA.format(Markup(text))  # noqa: S704 - nothing in it can be read as markup any more


def _told(thing: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if value not in (None, "", [], {})}


def organisation(front: Front) -> dict[str, Any]:
    shop = front.shop
    return {"@type": "Organization", "@id": f"{shop.url}/#shop", "name": shop.name, "url": shop.url,
            "email": shop.email, "description": shop.description, "logo": _logo(front)}  # fmt: skip


def _logo(front: Front) -> str:
    chosen = front.theme.settings.get("logo")
    return picture(front, chosen.handle) if isinstance(chosen, Reference) else ""


def website(front: Front) -> dict[str, Any]:
    shop, target = front.shop, front.shop.url + at("/search?q={search_term_string}")
    action = {"@type": "SearchAction", "target": {"@type": "EntryPoint", "urlTemplate": target},
              "query-input": "required name=search_term_string"}  # fmt: skip
    return {"@type": "WebSite", "url": shop.url + at("/"), "name": shop.name, "potentialAction": action,
            "inLanguage": front.localization.locale, "publisher": {"@id": f"{shop.url}/#shop"}}  # fmt: skip


def breadcrumbs(front: Front, steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the way from the home page; `steps` are (title, path)."""
    way = [(here()("titles.home"), "/"), *steps]
    items = [
        {"@type": "ListItem", "position": place, "name": title, "item": front.shop.url + at(path)}
        for place, (title, path) in enumerate(way, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def product(front: Front, card: ProductCard, description: str) -> dict[str, Any]:
    return {
        "@type": "Product",
        "name": card.title,
        "url": front.shop.url + at(f"/products/{card.handle}"),
        "description": description,
        "image": picture(front, card.picture.key if card.picture else ""),
        "brand": {"@type": "Brand", "name": card.vendor} if card.vendor else None,
        "category": card.product_type,
        "offers": _offer(front, card),
        "aggregateRating": _rating(card),
    }


def _offer(front: Front, card: ProductCard) -> dict[str, Any]:
    state = "InStock" if card.available else "OutOfStock"
    offer: dict[str, Any] = {
        "priceCurrency": front.prices.currency,
        "availability": f"https://schema.org/{state}",
        "url": front.shop.url + at(f"/products/{card.handle}"),
        "seller": {"@id": f"{front.shop.url}/#shop"},
    }
    if (unit := _unit_price(front, card)) is not None:
        offer["priceSpecification"] = unit
    if card.price_min == card.price_max:
        return {"@type": "Offer", "price": _price(front, card.price_min), **offer}
    low, high = _price(front, card.price_min), _price(front, card.price_max)
    return {"@type": "AggregateOffer", "lowPrice": low, "highPrice": high, **offer}


# Codes of UN/CEFACT recommendation 20, which schema.org takes for units.
_UNIT_CODES = {
    "mg": "MGM", "g": "GRM", "kg": "KGM", "ml": "MLT", "cl": "CLT", "l": "LTR", "m3": "MTQ", "mm": "MMT", "cm": "CMT",
    "m": "MTR", "cm2": "CMK", "m2": "MTK", "item": "C62",
}  # fmt: skip


def _unit_price(front: Front, card: ProductCard) -> dict[str, Any] | None:
    measure = read_measure(card.unit_measure)
    if measure is None:
        return None
    told = {"@type": "QuantitativeValue", "value": f"{measure.reference.normalize():f}",
            "unitCode": _UNIT_CODES[measure.reference_unit]}  # fmt: skip
    price = _price(front, measure.price(card.price_min))
    return {"@type": "UnitPriceSpecification", "price": price, "priceCurrency": front.shop.currency,
            "referenceQuantity": told}  # fmt: skip


def _price(front: Front, amount: int) -> str:
    return str(Money(amount, front.prices.currency).major)


def _rating(card: ProductCard) -> dict[str, Any] | None:
    if not card.rating_count:
        return None
    return {"@type": "AggregateRating", "ratingValue": str(card.rating), "reviewCount": card.rating_count,
            "bestRating": 5, "worstRating": 1}  # fmt: skip


def article(
    front: Front, *, title: str, path: str, author: str, image: str, dates: Iterable[datetime | None]
) -> dict[str, Any]:
    """Return a blog post; `dates` are when it was published and last changed."""
    published, changed = dates
    return {
        "@type": "BlogPosting",
        "headline": title[:110],
        "url": front.shop.url + at(path),
        "image": picture(front, image),
        "author": {"@type": "Person", "name": author} if author else {"@id": f"{front.shop.url}/#shop"},
        "publisher": {"@id": f"{front.shop.url}/#shop"},
        "datePublished": published.isoformat() if published else None,
        "dateModified": changed.isoformat() if changed else None,
        "inLanguage": front.localization.locale,
    }
