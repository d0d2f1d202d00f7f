"""Show the engine's facets as the shop chose them: which, in which order, and under which label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from souk.kernel.localized import labels
from souk.search.engine import Facet, FacetName, FacetValue
from souk.search.entry_labels import entry_words
from souk.search.settings import FacetChoice
from souk.web.storefront.language import here
from themes import rows

_OPTION = "option."
_EVERY_OPTION = "option.*"
# Between the names of a category's path.
_LEVEL = " > "
_METAFIELD = "option.metafield."
_CHOSEN_BY_NAME = ("specification.", "metafield.")
_NAMES: dict[str, FacetName] = {
    "category": "category", "brand": "brand", "price": "price", "in_stock": "in_stock", "rating": "rating",
}  # fmt: skip
_LABELS = {"category": "facets.category", "brand": "facets.brand", "price": "facets.price",
           "in_stock": "facets.availability", "rating": "facets.rating"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What says the facets in the language of the visit.

    `label` turns any word of the shop, `entries` the titles of custom entries by the key of the metafield.
    """

    label: Callable[[str], str]
    entries: Mapping[str, Mapping[str, str]]

    def of(self, facet: str) -> Callable[[str], str]:
        if facet == "category":
            return lambda path: _LEVEL.join(map(self.label, path.split(_LEVEL)))
        known = self.entries.get(facet.removeprefix(_METAFIELD), {})
        return lambda word: known.get(word) or self.label(word)


def read_words(session: Session, facets: Iterable[Facet]) -> Words:
    titles = {
        facet.name.removeprefix(_METAFIELD): [each.value for each in facet.values]
        for facet in facets
        if facet.name.startswith(_METAFIELD)
    }
    return Words(labels(session), entry_words(session, titles))


def asked_facets(choices: Iterable[FacetChoice]) -> tuple[FacetName, ...]:
    """Return what to ask the engine for."""
    return tuple(dict.fromkeys(_NAMES.get(choice.source, "options") for choice in choices))


def facet_rows(facets: Sequence[Facet], choices: Iterable[FacetChoice], words: Words) -> tuple[rows.FacetRow, ...]:
    """Return the filters of a page; a facet without values is left out."""
    by_name = {facet.name: facet for facet in facets}
    choices = tuple(choices)
    named = {choice.source for choice in choices}
    made: list[rows.FacetRow | None] = []
    for choice in choices:
        if choice.source == _EVERY_OPTION:
            others = (name for name in sorted(by_name) if name.startswith(_OPTION) and name not in named)
            plain = (name for name in others if not name.removeprefix(_OPTION).startswith(_CHOSEN_BY_NAME))
            made += [_row(by_name.get(name), FacetChoice(name), words) for name in plain]
        else:
            made.append(_row(by_name.get(_facet_name(choice.source)), choice, words))
    return tuple(row for row in made if row is not None)


def _facet_name(source: str) -> str:
    """Return the engine's name: what is chosen by name is kept beside the options."""
    return f"{_OPTION}{source}" if source.startswith(_CHOSEN_BY_NAME) else source


def _row(facet: Facet | None, choice: FacetChoice, words: Words) -> rows.FacetRow | None:
    if facet is None or not facet.values:
        return None
    title = _title(choice, words.label)
    if facet.name == "price":
        return rows.FacetRow(title, "filter.price", "price_range", (), max(int(each.value) for each in facet.values))
    if facet.name == "in_stock":
        return _availability(title, facet.values)
    if facet.name == "rating":
        values = ((str(int(each.value) // 10), each.count) for each in facet.values)
        stars_text = partial(here(), "facets.stars")
        steps = tuple(rows.FacetValueRow(stars, stars_text(count=int(stars)), count) for stars, count in values)
        return rows.FacetRow(title, "filter.rating.min", "list", steps)
    said: Callable[[str], str] = str if facet.name == "brand" else words.of(facet.name)
    listed = tuple(rows.FacetValueRow(each.value, said(each.value), each.count) for each in facet.values)
    return rows.FacetRow(title, f"filter.{facet.name}", "list", listed)


def _title(choice: FacetChoice, label: Callable[[str], str]) -> str:
    """Return what the merchant calls the facet, else its own name, in the language of the visit."""
    if choice.label:
        return label(choice.label)
    known = _LABELS.get(choice.source)
    return here()(known) if known else label(choice.source.partition(".")[2].rpartition(".")[2])


def _availability(label: str, values: Iterable[FacetValue]) -> rows.FacetRow | None:
    there = next((each.count for each in values if each.value == "true"), 0)
    if not there:
        return None
    return rows.FacetRow(
        label, "filter.available", "boolean", (rows.FacetValueRow("1", here()("facets.in_stock"), there),)
    )
