"""Save synonyms, stop words and facets; the worker then builds a new index with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.metafields.models import MetafieldDefinition
from souk.kernel import clock
from souk.kernel.models import Setting
from souk.kernel.settings import write_setting
from souk.search.errors import SearchInvalid, SearchSettingsChanged
from souk.search.settings import GROUP, FacetChoice, SearchSettings, from_json, to_json
from souk.search.terms import terms_key

MOST_GROUPS = 1_000
MOST_IN_GROUP = 20
MOST_STOP_WORDS = 200
MOST_FACETS = 30
LONGEST_TEXT = 60
_FIELDS = frozenset({"category", "brand", "price", "in_stock", "rating"})
_FAMILIES = ("option.", "specification.", "metafield.")


def lock_search_settings(
    session: Session, seen_version: int | None = None, *, lock: bool = True
) -> tuple[SearchSettings, int]:
    """Return the settings with their version, and keep other changes out until the commit.

    Raises SearchSettingsChanged when they have another version than `seen_version`.
    """
    query = select(Setting.value, Setting.version).where(Setting.name == GROUP)
    if lock:
        # The row must be there to be locked: of two who choose for the first time, the second waits.
        row = insert(Setting).values(name=GROUP, value={}, version=0, updated_at=clock.now())
        session.execute(row.on_conflict_do_nothing(index_elements=[Setting.name]))
        query = query.with_for_update()
    found = session.execute(query).first()
    value, version = (found.value, found.version) if found else ({}, 0)
    if seen_version is not None and seen_version != version:
        raise SearchSettingsChanged(version)
    return from_json(value), version


def save_search_settings(session: Session, settings: SearchSettings) -> None:
    """Replace the settings; raises SearchInvalid. They are in force when the new index is live."""
    groups = _groups(settings.synonyms)
    stop_words = _stop_words(settings.stop_words)
    facets = _named(session, _facets(settings.facets))
    write_setting(session, GROUP, to_json(SearchSettings(groups, stop_words, facets)))
    _tell_definitions(session, facets)


def _named(session: Session, facets: Sequence[FacetChoice]) -> tuple[FacetChoice, ...]:
    """Give metafields without a label the name that the merchant gave them: a key says nothing to shoppers."""
    model = MetafieldDefinition
    wanted = [facet.source for facet in facets if facet.source.startswith("metafield.") and not facet.label]
    source = func.concat("metafield.", model.namespace, ".", model.key)
    query = select(source, model.name).where(model.owner_type == "product", source.in_(wanted))
    names = {found: name[:LONGEST_TEXT] for found, name in session.execute(query)} if wanted else {}
    return tuple(replace(facet, label=facet.label or names.get(facet.source, "")) for facet in facets)


def _tell_definitions(session: Session, facets: Iterable[FacetChoice]) -> None:
    """Note at each definition of a product's metafield whether shoppers narrow by it: the facets alone decide."""
    keys = [facet.source.removeprefix("metafield.") for facet in facets if facet.source.startswith("metafield.")]
    model = MetafieldDefinition
    chosen = func.concat(model.namespace, ".", model.key).in_(keys)
    of_products = update(model).where(model.owner_type == "product", model.filterable != chosen)
    session.execute(of_products.values(filterable=chosen))


def _groups(given: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    groups = tuple(tuple(dict.fromkeys(_text("synonyms", text) for text in group)) for group in given)
    for group in groups:
        if not 1 < len(group) <= MOST_IN_GROUP:
            raise SearchInvalid("synonyms", f"give each line 2 to {MOST_IN_GROUP} words that mean the same.")
    if len(groups) > MOST_GROUPS:
        raise SearchInvalid("synonyms", f"a shop has at most {MOST_GROUPS} lines of synonyms.")
    return groups


def _stop_words(given: Iterable[str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(_text("stop_words", word) for word in given))
    for word in words:
        if " " in terms_key(word):
            raise SearchInvalid("stop_words", f"{word!r} is more than one word; write each on a line of its own.")
    if len(words) > MOST_STOP_WORDS:
        raise SearchInvalid("stop_words", f"a shop has at most {MOST_STOP_WORDS} stop words.")
    return words


def _text(field: str, given: str) -> str:
    text = " ".join(given.replace("\0", " ").split())
    if not terms_key(text) or len(text) > LONGEST_TEXT:
        raise SearchInvalid(
            field, f"{text[:LONGEST_TEXT]!r} is no word; use letters or digits, at most {LONGEST_TEXT}."
        )
    return text


def _facets(given: Iterable[FacetChoice]) -> tuple[FacetChoice, ...]:
    facets = tuple(given)
    sources = [facet.source for facet in facets]
    for facet in facets:
        family = next((each for each in _FAMILIES if facet.source.startswith(each)), "")
        if facet.source not in _FIELDS and not (family and facet.source.removeprefix(family).strip()):
            raise SearchInvalid("facets", f"{facet.source[:60]!r} is no field, option, specification or metafield.")
        if (
            len(facet.label) > LONGEST_TEXT
            or len(facet.source) > 2 * LONGEST_TEXT
            or "\0" in facet.source + facet.label
        ):
            raise SearchInvalid("facets", f"a label has at most {LONGEST_TEXT} letters.")
    if len(set(sources)) < len(sources) or len(sources) > MOST_FACETS:
        raise SearchInvalid("facets", f"choose each facet once, and at most {MOST_FACETS}.")
    return facets
