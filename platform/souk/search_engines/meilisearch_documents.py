"""The settings of a tenant's index in Meilisearch, and what it stores of a product."""

from __future__ import annotations

from typing import Any

from souk.search.engine import ProductDocument, Tuning
from souk.search_engines.keys import OPTION_SEPARATOR, category_paths, code_key, folded, text_key

# Deeper pages are empty; no shopper turns 800 pages.
DEEPEST = 20_000

SETTINGS: dict[str, Any] = {
    # Their order is their rank.
    "searchableAttributes": ["codes", "title", "description", "brand", "category_names", "tags", "option_values"],
    "filterableAttributes": [
        "id", "category_keys", "category", "brand_key", "brand", "in_stock", "rating", "price", "option", "collection",
    ],
    "sortableAttributes": ["price", "rating", "published", "title_key"],
    # A chosen sort is the order itself; `attribute` stands before `proximity`, so that a name beats a description.
    "rankingRules": [
        "sort", "words", "typo", "attribute", "proximity", "exactness", "rating:desc", "price:asc", "id:asc",
    ],
    "typoTolerance": {"disableOnAttributes": ["codes"]},
    "pagination": {"maxTotalHits": DEEPEST},
    "faceting": {"maxValuesPerFacet": 1000},
}  # fmt: skip


def settings_for(tuning: Tuning) -> dict[str, Any]:
    """Return the settings of an index with the shop's own words."""
    synonyms: dict[str, list[str]] = {}
    for group in tuning.synonyms:
        for word in group:
            others = (other for other in group if other != word)
            synonyms.setdefault(folded(word), []).extend(folded(other) for other in others)
    return SETTINGS | {"synonyms": synonyms, "stopWords": sorted({folded(word) for word in tuning.stop_words})}


def to_meilisearch(product: ProductDocument) -> dict[str, Any]:
    paths = category_paths(product.category)
    return {
        "id": product.id,
        "version": product.version,
        "title": product.title,
        "title_key": folded(product.title),
        "description": product.description,
        "brand": product.brand or None,
        "brand_key": text_key(product.brand),
        "category_names": list(product.category),
        "category": paths,
        "category_keys": sorted({text_key(name) for name in (*product.category, *paths)}),
        "tags": list(product.tags),
        "codes": [code_key(code) for code in (*product.skus, *product.barcodes) if code],
        "option": [f"{name}{OPTION_SEPARATOR}{value}" for name, values in product.options.items() for value in values],
        "option_values": [value for values in product.options.values() for value in values],
        "price": product.price_min,
        "rating": product.rating,
        "in_stock": product.in_stock,
        "published": int(product.published_at.timestamp()) if product.published_at else 0,
        "collection": list(product.collection_ids),
    }
