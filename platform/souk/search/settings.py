"""A shop's choices for its index: synonyms, stop words and facets, kept as one settings group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from souk.search.engine import Tuning

GROUP = "search"


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """`source` is category, brand, price, in_stock, rating, option.<name>, specification.<name> or
    metafield.<namespace>.<key>; an empty `label` means the source's own name.
    """

    source: str
    label: str = ""


# What a shop shows that never chose; `option.*` takes in every option of its products.
DEFAULT_FACETS = tuple(
    FacetChoice(source) for source in ("category", "brand", "price", "in_stock", "rating", "option.*")
)


@dataclass(frozen=True, slots=True)
class SearchSettings:
    synonyms: tuple[tuple[str, ...], ...] = ()
    stop_words: tuple[str, ...] = ()
    facets: tuple[FacetChoice, ...] = DEFAULT_FACETS

    @property
    def tuning(self) -> Tuning:
        return Tuning(self.synonyms, self.stop_words)


def from_json(raw: Mapping[str, Any]) -> SearchSettings:
    """Return the settings of a stored group; what it does not name has its default."""
    facets = tuple(FacetChoice(**each) for each in raw["facets"]) if "facets" in raw else DEFAULT_FACETS
    groups = tuple(tuple(group) for group in raw.get("synonyms", ()))
    return SearchSettings(groups, tuple(raw.get("stop_words", ())), facets)


def to_json(settings: SearchSettings) -> dict[str, Any]:
    return asdict(settings)
