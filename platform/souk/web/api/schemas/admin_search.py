"""What a shop decided about its search, as an app reads and changes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from souk.web.api.schemas.admin_collections import ProductId
from souk.web.api.schemas.common import Shape, _whole_text, whole
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

MOST_CHOSEN = 50
Word = Annotated[str, Field(min_length=1, max_length=60)]
Terms = Annotated[str, Field(min_length=1, max_length=100)]
ChosenProducts = Annotated[list[ProductId], Field(default_factory=list, max_length=MOST_CHOSEN)]
SeenVersion = Annotated[int, Field(ge=0, le=2**53), BeforeValidator(whole)]
Place = Annotated[int, Field(ge=1, le=50), BeforeValidator(whole)]
Days = Annotated[int, Field(ge=1, le=90), BeforeValidator(_whole_text)]


class FacetInput(Shape):
    """`source` is category, brand, price, in_stock, rating, `option.NAME`, `specification.NAME` or
    `metafield.NAMESPACE.KEY`; `option.*` takes in every option. An empty `label` means the source's own name.
    """

    source: str = Field(min_length=1, max_length=120)
    label: str = Field(default="", max_length=60)


class SearchSettingsView(Shape):
    """Words of one group of `synonyms` find each other. `version` rises with every change; 0 is a shop that chose
    nothing yet.
    """

    synonyms: list[list[str]]
    stop_words: list[str]
    facets: list[FacetInput]
    version: int


class SearchSettingsChanges(Changes):
    """What is named is replaced; a new index is built with it and goes live when it passes the search tests."""

    synonyms: list[list[Word]] = Field(default_factory=list, max_length=1_000)
    stop_words: list[Word] = Field(default_factory=list, max_length=200)
    facets: list[FacetInput] = Field(default_factory=list, max_length=30)
    version: SeenVersion | None = None


class RuleParameters(CursorParameters):
    """`terms` finds the rule of a query, however it is written."""

    terms: str = Field(default="", max_length=100)


class NewRule(Shape):
    """`redirect` is a path of the shop, such as /collections/sale, that answers instead of results."""

    terms: Terms
    redirect: str = Field(default="", max_length=500)
    pinned: ChosenProducts
    boosted: ChosenProducts
    hidden: ChosenProducts


class RuleChanges(Changes):
    terms: Terms = ""
    redirect: str = Field(default="", max_length=500)
    pinned: ChosenProducts
    boosted: ChosenProducts
    hidden: ChosenProducts
    version: SeenVersion | None = None


class SearchRuleView(Shape):
    """`pinned` are shown first in their order, `boosted` before the others, `hidden` not at all."""

    id: str
    terms: str
    redirect: str
    pinned: list[str]
    boosted: list[str]
    hidden: list[str]
    version: int
    created_at: datetime
    updated_at: datetime


class SearchRulePage(CursorPage):
    rules: list[SearchRuleView]


class NewSearchTest(Shape):
    """The query must show the product among the first `within` results."""

    terms: Terms
    product_id: ProductId
    within: Place = 5


class SearchTestView(Shape):
    """`found_at` is the place at which the product was found last, null for not at all or not checked yet."""

    id: str
    terms: str
    product_id: str
    within: int
    found_at: int | None
    passed: bool
    checked_at: datetime | None
    created_at: datetime


class SearchTestPage(CursorPage):
    tests: list[SearchTestView]


class SearchTestResults(Shape):
    """`failed` counts those of `tests` that did not pass; tests of products that nobody may see are not run."""

    failed: int
    tests: list[SearchTestView]


class ReportParameters(Shape):
    report: Literal["popular", "without_results", "without_clicks"] = "popular"
    days: Days = 30


class QueryView(Shape):
    terms: str
    searches: int
    without_results: int
    clicks: int


class QueryReport(Shape):
    """The 100 most frequent queries at most; days end at midnight UTC."""

    queries: list[QueryView]


class SearchRunView(Shape):
    """A `rebuild` went `live` or was `refused` by the tests in `details`; a `comparison` was `equal` or `mended`."""

    id: str
    kind: str
    status: str
    products: int
    details: list[dict[str, Any]]
    started_at: datetime
    finished_at: datetime


class SearchRunPage(CursorPage):
    runs: list[SearchRunView]


class IndexAsked(Shape):
    """The new index is built by a job; its outcome stands among the runs."""

    status: Literal["queued"] = "queued"
