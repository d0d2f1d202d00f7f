"""Choose the engine from the configuration."""

from __future__ import annotations

from souk.kernel.config import Config
from souk.search.engine import SearchEngine
from souk.search_engines.tantivy_engine import TantivyEngine


def engine_from(config: Config) -> SearchEngine:
    """Return the embedded engine under SOUK_HOME."""
    return TantivyEngine(config.search_folder)
