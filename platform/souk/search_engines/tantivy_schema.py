"""What Tantivy stores of a product, and how text becomes terms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tantivy import Document, Filter, Index, Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from souk.search.engine import ProductDocument
from souk.search_engines.keys import OPTION_SEPARATOR, category_paths, code_key, folded, text_key

LONGEST_WORD = 40
# Beyond the first paragraph descriptions are lists of properties, which say little about what a thing is.
LEAD_WORDS = 60
_ALPHABET = " 0123456789abcdefghijklmnopqrstuvwxyz"
# 37 ** 12 is the largest power that fits a signed 64-bit field.
_KEY_LETTERS = 12

TEXT_FIELDS = ("title", "lead", "body", "about")
_RAW_FIELDS = ("codes", "joined", "category_keys", "brand_key", "category", "brand", "option")
_NUMBER_FIELDS = (
    "id", "version", "price", "rating", "in_stock", "published", "collection", "title_key", "title_key_rest",
)  # fmt: skip
# "Wi-Fi", "dv7-1211ea", "USB-C": parts that are also typed as one word.
_COMPOUND = re.compile(r"[^\W_]+(?:[-._'\u2019][^\W_]+)+")
_JOINT = re.compile(r"[-._'\u2019]")


@lru_cache(maxsize=1)
def schema() -> Schema:
    builder = SchemaBuilder()
    for name in _NUMBER_FIELDS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in _RAW_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", fast=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="stemmed")
    # What the shopper may have meant: whole words, because a stem is no spelling to offer.
    builder.add_text_field("words", tokenizer_name="plain")
    return builder.build()


@lru_cache(maxsize=2)
def analyzer(*, stemmed: bool) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer("english")) if stemmed else builder).build()


def prepare(index: Index) -> Index:
    """Register the tokenizers: Tantivy keeps their names on disk and not what they do."""
    index.register_tokenizer("stemmed", analyzer(stemmed=True))
    index.register_tokenizer("plain", analyzer(stemmed=False))
    return index


def to_tantivy(product: ProductDocument) -> Document:
    fields = _labels(product) | _numbers(product) | _texts(product)
    return Document(**fields)


def _labels(product: ProductDocument) -> dict[str, object]:
    paths = category_paths(product.category)
    fields: dict[str, object] = {
        "codes": [code_key(code) for code in (*product.skus, *product.barcodes) if code],
        "category_keys": sorted({text_key(name) for name in (*product.category, *paths)}),
        "category": paths,
        "option": [f"{name}{OPTION_SEPARATOR}{value}" for name, values in product.options.items() for value in values],
    }
    return fields | ({"brand": product.brand, "brand_key": text_key(product.brand)} if product.brand else {})


def _numbers(product: ProductDocument) -> dict[str, object]:
    first, rest = title_keys(product.title)
    return {
        "id": product.id,
        "version": product.version,
        "price": product.price_min,
        "rating": product.rating,
        "in_stock": int(product.in_stock),
        "published": int(product.published_at.timestamp()) if product.published_at else 0,
        "title_key": first,
        "title_key_rest": rest,
        "collection": list(product.collection_ids),
    }


def _texts(product: ProductDocument) -> dict[str, object]:
    lead = " ".join(product.description.split("\n", 1)[0].split()[:LEAD_WORDS])
    about = [product.brand, *product.category, *product.tags, *(v for vs in product.options.values() for v in vs)]
    return {
        "title": product.title,
        "lead": lead,
        "body": product.description,
        "about": "\n".join(about),
        "joined": sorted(compounds(f"{product.title} {lead}")),
        "words": " ".join((product.title, product.brand, *product.category, *product.tags)),
    }


def compounds(text: str) -> set[str]:
    """Return the compound words of a text as one word each: "Wi-Fi" as "wifi"."""
    joined = (_JOINT.sub("", folded(match[0])) for match in _COMPOUND.finditer(text))
    return {word for word in joined if len(word) <= LONGEST_WORD}


def title_keys(title: str) -> tuple[int, int]:
    """Return the first 24 letters as two numbers that sort like them: Tantivy sorts by numbers only."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    letters = "".join(letter for letter in plain if letter in _ALPHABET).strip()
    return _number(letters[:_KEY_LETTERS]), _number(letters[_KEY_LETTERS : 2 * _KEY_LETTERS])


def _number(letters: str) -> int:
    number = 0
    for letter in letters.ljust(_KEY_LETTERS):
        number = number * len(_ALPHABET) + _ALPHABET.index(letter)
    return number
