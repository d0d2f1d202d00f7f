"""What a search engine is asked and what it answers, so that any engine can stand behind the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Sort = Literal[
    "relevance",
    "price-ascending",
    "price-descending",
    "title-ascending",
    "created-descending",
    "best-rating",
]
FacetName = Literal["category", "brand", "in_stock", "rating", "price", "options"]


@dataclass(frozen=True, slots=True)
class ProductDocument:
    """One product as it is indexed.

    Prices are minor units of the shop's currency, `rating` is tenths of a star (0-50),
    `category` holds the names from the root, `description` is plain text with one block a line.
    An engine keeps the document with the highest `version`.
    """

    id: int
    version: int
    handle: str
    title: str
    description: str = ""
    brand: str = ""
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min: int = 0
    price_max: int = 0
    rating: int = 0
    rating_count: int = 0
    in_stock: bool = False
    published_at: datetime | None = None
    collection_ids: tuple[int, ...] = ()
    image: str = ""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`price_from` and `price_to` are minor units and inclusive; they meet the lowest price, as listings do.

    `category` is one name or a whole path joined by " > "; the brands, and the values
    of one option, are alternatives. Pages count from 1.

    `hidden` products are never found. In the order of relevance the `pinned` ones come first, in their order and
    even without the words, as long as they pass the filters; then come the `boosted` ones that have the words.
    """

    text: str = ""
    category: str = ""
    brands: tuple[str, ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    in_stock: bool | None = None
    rating_min: int | None = None
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    collection_id: int | None = None
    sort: Sort = "relevance"
    page: int = 1
    limit: int = 24
    facets: tuple[FacetName, ...] = ()
    pinned: tuple[int, ...] = ()
    boosted: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuning:
    """What an index knows of its shop's language: words of one group of `synonyms` find each other, and
    `stop_words` are passed over unless a text has no other word.
    """

    synonyms: tuple[tuple[str, ...], ...] = ()
    stop_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """`name` is a FacetName or `option.<name>`; its own filter is left out of the counts: it stays open.

    The price facet has the two values of its lowest and highest price in minor units; the rating facet
    has "40", "30", "20" and "10" with the number of products that have at least so many tenths of a star;
    the stock facet has "true" and "false"; the category facet has the path of each level ("Kitchen > Cups").
    """

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`suggestions` are other spellings of the text, the best first."""

    ids: tuple[int, ...]
    total: int
    facets: tuple[Facet, ...] = ()
    suggestions: tuple[str, ...] = ()


Searching = Callable[[SearchQuery], SearchResults]


class SearchEngine(Protocol):
    """One index per tenant; methods may raise `SearchUnavailable` and never run inside a transaction."""

    def index(self, tenant_key: str, documents: Sequence[ProductDocument]) -> None:
        """Add or replace documents; one that is older than the indexed version is left out."""

    def remove(self, tenant_key: str, ids: Sequence[int]) -> None:
        """Take documents out; unknown ids are no error."""

    def search(self, tenant_key: str, query: SearchQuery) -> SearchResults:
        """Return one page of ids with the number of all hits and the facets asked for."""

    def suggest(self, tenant_key: str, text: str, limit: int) -> tuple[str, ...]:
        """Return at most `limit` completions of what was typed so far."""

    def rebuild(
        self,
        tenant_key: str,
        batches: Iterable[Sequence[ProductDocument]],
        tuning: Tuning = Tuning(),
        accept: Callable[[Searching], None] | None = None,
        recipe: str = "",
    ) -> int:
        """Build a new index aside, swap it in when it is complete, and return its number of documents.

        `accept` may search the new index before that; when it raises, the old index stays with its tuning.
        With a `recipe` the documents come in the order of their ids, and a build that was broken off is kept: the
        next one of the same recipe goes on after `begun`, and passes over what it has already.
        """

    def begun(self, tenant_key: str, recipe: str) -> tuple[int, int]:
        """Return the last id and the number of documents of a build of this recipe that was broken off; zeros
        where there is none or where the engine keeps none.
        """

    def versions(self, tenant_key: str, first: int, last: int) -> dict[int, int]:
        """Return the indexed version of each document whose id is from `first` to `last`."""

    def drop(self, tenant_key: str) -> None:
        """Remove the tenant's index; a missing one is no error."""

    def ping(self) -> None:
        """Return when the engine answers."""
