"""What the drops of one page share: the reader, the record of what was read, and the count of loads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic, thread_time
from typing import TYPE_CHECKING, TypeVar

from themes import rows
from themes.errors import QueryBudgetExceeded
from themes.profile import Profile
from themes.reader import Reader
from themes.sandbox.budget import current

if TYPE_CHECKING:
    from themes.drops.references import References

T = TypeVar("T")
MAX_QUERIES = 60
MAX_PAGE_DIGITS = 5
# Noted beside those: the section or block around was read.
AROUND = "section"
# What a part of a page may be kept by: few values that many pages share.
VARYING: dict[str, Callable[[rows.RequestRow], str | bool | None]] = {
    "path": lambda request: request.path,
    "host": lambda request: request.host,
    "page_type": lambda request: request.page_type,
    "design_mode": lambda request: request.design_mode,
    "sent": lambda request: next((value for name, value in request.query if name == "sent"), None),
}


class Scope:
    # What the drops of a page refer to; whoever makes a scope gives it one (see `themes.drops.handles.finders`).
    references: References
    __slots__ = (
        "_request", "beyond", "currency", "keys", "locale", "prefix", "private", "profile", "queries", "reader",
        "references",
        "tainted", "variant", "varies",
    )  # fmt: skip

    def __init__(
        self,
        reader: Reader,
        request: rows.RequestRow,
        localization: rows.LocalizationRow,
        profile: Profile | None = None,
    ) -> None:
        self.reader = reader
        self._request = request
        # The only word of the address that a product looks at; see themes.fragments, whose keys hold it.
        self.variant = next((value for key, value in request.query if key == "variant"), None)
        self.locale = localization.locale
        self.prefix = localization.prefix
        self.currency = localization.currency
        self.keys: set[str] = set()
        self.private = False
        # Something was read that a part of the page cannot be kept by; what it can be kept by is named in `varies`.
        self.tainted = False
        self.varies: set[str] = set()
        # A page was asked for that lies behind the last one of what is paginated.
        self.beyond = False
        self.queries = 0
        self.profile = profile

    def load(self, ask: Callable[..., T], *args: object) -> T:
        """Ask the reader once, counted; neither its wait nor its work is charged to the theme's time."""
        self.queries += 1
        if self.profile is not None:
            self.profile.queries += 1
        if self.queries > MAX_QUERIES:
            raise QueryBudgetExceeded(MAX_QUERIES)
        started, worked = monotonic(), thread_time()
        result = ask(*args)
        budget = current(None)
        if budget is not None:
            budget.forgive(monotonic() - started, thread_time() - worked)
        return result

    @property
    def request(self) -> rows.RequestRow:
        self.tainted = True
        return self._request

    def vary(self, name: str) -> str | bool | None:
        """Return one of `VARYING` of the request; what is rendered with it is kept for each of its values."""
        self.varies.add(name)
        return VARYING[name](self._request)

    def values_of(self, names: Iterable[str]) -> tuple[str | bool | None, ...]:
        """Return what this page has under names of `VARYING`."""
        return tuple(VARYING[name](self._request) for name in names)

    def query_value(self, name: str) -> str | None:
        return next((value for key, value in self.request.query if key == name), None)

    @property
    def page_number(self) -> int:
        """The page of the query string, 1 when absent or absurd."""
        text = self.query_value("page") or "1"
        return (
            min(max(int(text), 1), 10_000) if text.isascii() and text.isdigit() and len(text) <= MAX_PAGE_DIGITS else 1
        )
