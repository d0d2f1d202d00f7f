"""What a page is rendered from and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from souk.kernel import clock
from themes import rows
from themes.profile import Profile
from themes.reader import Reader
from themes.sandbox.budget import Limits

if TYPE_CHECKING:
    from themes.drops.handles import ByHandle
    from themes.drops.scope import Scope
    from themes.fragments import FragmentStore
    from themes.schema import BlockDef
    from themes.theme import Theme


def _no_slot(_name: str, _values: Mapping[str, Any]) -> Markup:
    return Markup()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """`resource` maps the name of a main object (product, collection, search, page) to its row; `head` is
    content_for_header; `slots(name, values)` renders what plugins put in a slot; `plugins` maps a plugin's id to
    the plain values that it adds. `fragments` keeps rendered snippets; None in an editor and outside of a shop.
    """

    shop: rows.ShopRow
    request: rows.RequestRow
    reader: Reader
    localization: rows.LocalizationRow
    routes: rows.RoutesRow = rows.RoutesRow()
    resource: Mapping[str, rows.Resource] = field(default_factory=dict)
    form_errors: Mapping[str, str] = field(default_factory=dict)
    # What the fields of a form begin with, by kind of form and name of field: what was sent when it is shown again.
    form_values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    title: str = ""
    description: str = ""
    canonical_url: str = ""
    head: Markup = Markup()
    slots: Callable[[str, Mapping[str, Any]], Markup] = _no_slot
    plugins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    now: datetime = field(default_factory=clock.now)
    limits: Limits = Limits()
    media_base: str = "/media"
    asset_base: str = "/theme"
    # What the merchant set for each app that the shop uses, by the app's id, and where the files of apps are served.
    apps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    apps_base: str = "/theme/apps"
    fragments: FragmentStore | None = None
    profile: Profile | None = None


@dataclass(frozen=True, slots=True)
class Stats:
    ops: int
    chars: int
    queries: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Rendered:
    """`surrogate_keys` name what was read; `private` says that cart or customer were; `beyond`, that the page number
    lies behind the last page of what is listed.
    """

    html: str
    surrogate_keys: frozenset[str]
    private: bool
    failed_sections: tuple[str, ...]
    stats: Stats
    beyond: bool = False


@dataclass(slots=True)
class AppsUsage:
    """What the blocks of apps have used on this page, all together."""

    blocks: int = 0
    ops: int = 0
    cpu: float = 0.0


@dataclass(slots=True)
class State:
    """The page being rendered, for tags and filters."""

    theme: Theme
    page: PageContext
    scope: Scope
    globals: dict[str, Any]
    finders: Mapping[str, ByHandle]
    failed: list[str] = field(default_factory=list)
    in_section: bool = False
    block_depth: int = 0
    slots: int = 0
    apps: AppsUsage = field(default_factory=AppsUsage)
    # What every part of the page follows from, once it was asked for; see themes.keeping.
    place: str = ""
    blocks: tuple[BlockDef, ...] = ()

    def measured(self, file: str) -> AbstractContextManager[None]:
        """Return a context that records what rendering `file` costs, when someone wants to know."""
        profile = self.page.profile
        return nullcontext() if profile is None else profile.measure(file)


_state: ContextVar[State] = ContextVar("theme_page")
state = _state.get
enter = _state.set
leave = _state.reset
