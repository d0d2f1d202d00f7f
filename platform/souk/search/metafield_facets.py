"""Let shoppers narrow by a metafield, which makes it one of the facets of the search settings."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from souk.catalog.metafields.define import Definition
from souk.catalog.metafields.errors import DefinitionInvalid
from souk.catalog.metafields.types import REFERENCES
from souk.search.save_settings import lock_search_settings, save_search_settings
from souk.search.settings import FacetChoice

METAFIELD = "metafield."


def offer_metafield(session: Session, definition: Definition, *, offered: bool) -> None:
    """Let shoppers narrow by a metafield, or no longer; where that changes anything, the worker builds a new index.

    Raises DefinitionInvalid for a field that is not of products, or that refers to something by a number which says
    nothing to shoppers; SearchInvalid where there are too many facets.
    """
    if definition.filterable == offered:
        return
    if definition.owner_type != "product":
        raise DefinitionInvalid("filterable", "Shoppers can filter by fields of products only.")
    if offered and definition.type.removeprefix("list.") in REFERENCES:
        raise DefinitionInvalid("filterable", "Shoppers cannot filter by a reference; give them a text to choose from.")
    settings, _ = lock_search_settings(session)
    source = METAFIELD + definition.full_key
    others = tuple(facet for facet in settings.facets if facet.source != source)
    save_search_settings(session, replace(settings, facets=(*others, FacetChoice(source)) if offered else others))
