"""How search fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from souk.kernel.errors import Conflict, Invalid, NotFound, Unavailable


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


class SearchIndexNotBuilt(Conflict):
    code = "search_index_not_built"

    def __init__(self) -> None:
        super().__init__("This shop has no search index yet; ask for one and wait for its run, then try again.")


class SearchInvalid(Invalid):
    """`field` names what to correct."""

    code = "search_invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", field=field)


class RuleMissing(NotFound):
    code = "search_rule_missing"

    def __init__(self) -> None:
        super().__init__("There is no such rule in this shop; it may have been deleted.")


class RuleTaken(Conflict):
    code = "search_rule_taken"

    def __init__(self, terms: str) -> None:
        super().__init__(f"The query {terms!r} has a rule already; change that one.", terms=terms)


class RuleChanged(Conflict):
    """`version` is that of now."""

    code = "search_rule_changed"

    def __init__(self, version: int) -> None:
        super().__init__("Somebody changed this rule meanwhile; read it again and repeat the change.", version=version)


class SearchSettingsChanged(Conflict):
    """`version` is that of now."""

    code = "search_settings_changed"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Somebody changed the search settings meanwhile; read them again and repeat the change.", version=version
        )


class SearchTestMissing(NotFound):
    code = "search_test_missing"

    def __init__(self) -> None:
        super().__init__("There is no such search test in this shop; it may have been deleted.")


class IndexRefused(Conflict):
    """The old index stays live; `failures` are what `souk.search.trial` found."""

    code = "search_index_refused"

    def __init__(self, failures: Sequence[Mapping[str, Any]]) -> None:
        first = failures[0]
        more = f" and {len(failures) - 1} more" if len(failures) > 1 else ""
        super().__init__(
            f"The new index fails the search test {first['terms']!r} ({first['title']} within the first"
            f" {first['within']}){more}; the old index stays. Correct the settings or the tests and build it again."
        )
        self.failures = tuple(failures)
