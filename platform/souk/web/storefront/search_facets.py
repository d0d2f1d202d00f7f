"""Show the engine's facets as the shop chose them: which, in which order, and under which label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from souk.search.engine import Facet, FacetName, FacetValue
from souk.search.settings import FacetChoice
from themes import rows

_OPTION = "option."
_EVERY_OPTION = "option.*"
_CHOSEN_BY_NAME = ("specification.", "metafield.")
_NAMES: dict[str, FacetName] = {
    "category": "category", "brand": "brand", "price": "price", "in_stock": "in_stock", "rating": "rating",
}  # fmt: skip
_LABELS = {"category": "Category", "brand": "Brand", "price": "Price", "in_stock": "Availability", "rating": "Rating"}


def asked_facets(choices: Iterable[FacetChoice]) -> tuple[FacetName, ...]:
    """Return what to ask the engine for."""
    return tuple(dict.fromkeys(_NAMES.get(choice.source, "options") for choice in choices))


def facet_rows(facets: Sequence[Facet], choices: Iterable[FacetChoice]) -> tuple[rows.FacetRow, ...]:
    """Return the filters of a page; a facet without values is left out."""
    by_name = {facet.name: facet for facet in facets}
    choices = tuple(choices)
    named = {choice.source for choice in choices}
    made: list[rows.FacetRow | None] = []
    for choice in choices:
        if choice.source == _EVERY_OPTION:
            others = (name for name in sorted(by_name) if name.startswith(_OPTION) and name not in named)
            plain = (name for name in others if not name.removeprefix(_OPTION).startswith(_CHOSEN_BY_NAME))
            made += [_row(by_name.get(name), FacetChoice(name)) for name in plain]
        else:
            made.append(_row(by_name.get(_facet_name(choice.source)), choice))
    return tuple(row for row in made if row is not None)


def _facet_name(source: str) -> str:
    """Return the engine's name: what is chosen by name is kept beside the options."""
    return f"{_OPTION}{source}" if source.startswith(_CHOSEN_BY_NAME) else source


def _row(facet: Facet | None, choice: FacetChoice) -> rows.FacetRow | None:
    if facet is None or not facet.values:
        return None
    label = choice.label or _LABELS.get(choice.source) or choice.source.partition(".")[2].rpartition(".")[2]
    if facet.name == "price":
        return rows.FacetRow(label, "filter.price", "price_range", (), max(int(each.value) for each in facet.values))
    if facet.name == "in_stock":
        return _availability(label, facet.values)
    if facet.name == "rating":
        values = ((str(int(each.value) // 10), each.count) for each in facet.values)
        steps = tuple(rows.FacetValueRow(stars, f"{stars} stars and up", count) for stars, count in values)
        return rows.FacetRow(label, "filter.rating.min", "list", steps)
    listed = tuple(rows.FacetValueRow(each.value, each.value, each.count) for each in facet.values)
    return rows.FacetRow(label, f"filter.{facet.name}", "list", listed)


def _availability(label: str, values: Iterable[FacetValue]) -> rows.FacetRow | None:
    there = next((each.count for each in values if each.value == "true"), 0)
    if not there:
        return None
    return rows.FacetRow(label, "filter.available", "boolean", (rows.FacetValueRow("1", "In stock", there),))
