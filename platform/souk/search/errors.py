"""How search fails."""

from __future__ import annotations

from souk.kernel.errors import Unavailable


class SearchUnavailable(Unavailable):
    """The engine gave no answer; callers degrade to the database search."""

    code = "search_unavailable"

    def __init__(self, cause: str) -> None:
        super().__init__(f"The search engine does not answer ({cause}); `souk doctor` shows what is wrong with it.")


class SearchIndexMissing(SearchUnavailable):
    """The engine is well but holds no index of this tenant, so other tenants need not avoid it."""

    code = "search_index_missing"

    def __init__(self, tenant_key: str) -> None:
        super().__init__(f"no index of {tenant_key}; run `souk reindex`")
