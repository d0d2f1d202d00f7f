"""Choose the engine from the configuration."""

from __future__ import annotations

from souk.kernel.config import Config
from souk.search.engine import SearchEngine


def engine_from(config: Config) -> SearchEngine:
    """Return Meilisearch when MEILI_URL is set, the embedded engine under SOUK_HOME otherwise."""
    # Imported when chosen: each brings a library of several megabytes that the other does not need.
    if config.meili_url:
        from souk.search_engines.meilisearch_engine import MeilisearchEngine  # noqa: PLC0415

        return MeilisearchEngine(config.meili_url, config.meili_key)
    from souk.search_engines.tantivy_engine import TantivyEngine  # noqa: PLC0415

    return TantivyEngine(config.search_folder)
