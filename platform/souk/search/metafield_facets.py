"""Let shoppers narrow by a metafield, which makes it one of the facets of the search settings."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from souk.catalog.metafields.define import Definition
from souk.catalog.metafields.errors import DefinitionInvalid
from souk.catalog.metafields.types import ENTRY_REFERENCE, REFERENCES
from souk.search.save_settings import lock_search_settings, save_search_settings
from souk.search.settings import FacetChoice

METAFIELD = "metafield."


def offer_metafield(session: Session, definition: Definition, *, offered: bool) -> None:
    """Let shoppers narrow by a metafield, or no longer; where that changes anything, the worker builds a new index.

    A custom entry is told by its title. Raises DefinitionInvalid for a field that is not of products, or that refers to
    anything else by a number which says nothing to shoppers; SearchInvalid where there are too many facets.
    """
    if definition.filterable == offered:
        return
    if definition.owner_type != "product":
        raise DefinitionInvalid("filterable", "Shoppers can filter by fields of products only.")
    kind = definition.type.removeprefix("list.")
    if offered and kind in REFERENCES and kind != ENTRY_REFERENCE:
        said = "Shoppers can filter by references to custom entries only; use those, or a text to choose from."
        raise DefinitionInvalid("filterable", said)
    settings, _ = lock_search_settings(session)
    source = METAFIELD + definition.full_key
    others = tuple(facet for facet in settings.facets if facet.source != source)
    save_search_settings(session, replace(settings, facets=(*others, FacetChoice(source)) if offered else others))
