"""Draw a page in the shop's theme and say how it may be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from flask import Response, abort, current_app, g, jsonify, redirect, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from plugins.loader import plugins
from souk.catalog.archived import was_sold
from souk.content.redirects import redirect_of
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound
from souk.web.language_prefix import PREFIX
from souk.web.own_themes import load_missing
from souk.web.page_cache.fragments import fragments_of
from souk.web.page_cache.ticket import keep, without_tracking
from souk.web.storefront.chosen import OWN_ARGUMENTS, chosen, head_of, template_of
from souk.web.storefront.front import Front, read_chosen_front, read_front
from souk.web.storefront.goods import Goods
from souk.web.storefront.reader import Main, Run, Search, SqlReader, Visitor
from souk.web.storefront.seo import common_head
from souk.web.storefront.visitor import NoVisitor
from tenants.resolve import ResolvedHost
from themes import rows
from themes.page import PageContext
from themes.render import MAX_SECTIONS, render_page, render_sections
from themes.stored import ThemeNotLoaded

T = TypeVar("T")
HTML = "text/html; charset=utf-8"
NOTHING = Markup()
_NOINDEX = Markup('<meta name="robots" content="noindex,follow">\n')
# Pages that nobody should find.
_UNLISTED = frozenset(["404", "cart", "search", "password", "quick-order", "contact", "newsletter"])


class NoLongerSold(NotFound):
    """Tells search engines to forget the address, where 404 would have them ask again."""

    status = 410
    code = "no_longer_sold"
    title = "This product is no longer sold"

    def __init__(self) -> None:
        super().__init__("This product is no longer sold.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A shop whose front is read, inside the page's transaction."""

    session: Session
    front: Front

    def run(self, ask: Callable[[Session], T]) -> T:
        return ask(self.session)

    def missing(self) -> NotFound:
        """Return the error to raise for an address that leads nowhere; an old address redirects instead."""
        target = redirect_of(self.session, request.path)
        if target is not None:
            abort(redirect(_with_query(target), 301))
        if was_sold(self.session, request.path):
            return NoLongerSold()
        if request.path.endswith("/") and _is_route(request.path.rstrip("/")):
            # Of the path's own parts: what begins with two slashes would lead to another host.
            way = self.front.localization.prefix + "/" + request.path.strip("/")
            abort(redirect(_with_query(way), 301))
        return NotFound("This page does not exist; it may have been moved or deleted.")


def _with_query(target: str) -> str:
    """Keep what was asked, such as a variant or the mark of a campaign, unless the target says more than a path."""
    query = request.query_string.decode("ascii", "replace")
    return f"{target}?{query}" if query and not {"?", "#"} & set(target) else target


def _is_route(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        rule, _ = adapter.match(path, "GET", return_rule=True) if adapter else (None, {})
    except (HTTPException, RoutingException):
        return False
    # The route that takes any address is how we came here.
    return rule is not None and not rule.rule.startswith("/<path:")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a view found out about its page. `keys` are surrogate keys beside those that the drops record."""

    template: str
    page_type: str
    title: str
    description: str = ""
    resource: Mapping[str, rows.Resource]
    keys: frozenset[str] = frozenset()
    head: Markup = NOTHING
    # The picture of link previews, by its media key, and what kind of thing the page is there.
    image: str = ""
    kind: str = "website"
    # Where the page is shown, when it is not at the address of this request.
    path: str = ""
    # What was wrong with a form that was sent, by the kind of form.
    form_errors: Mapping[str, str] = field(default_factory=dict)
    form_values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def this_shop() -> ResolvedHost:
    shop: ResolvedHost = g.shop
    return shop


@contextmanager
def opened() -> Iterator[Opened]:
    """Open the page's read-only transaction; a theme that is not in memory is fetched first, outside of it."""
    shop, choice = this_shop(), chosen()
    fragments = fragments_of(shop.scope.tenant_id)

    def read(session: Session) -> Front:
        return read_chosen_front(session, shop, choice) if choice else read_front(session, shop, fragments)

    with ExitStack() as stack:
        session = stack.enter_context(transaction(shop.scope, read_only=True))
        try:
            front = read(session)
        except ThemeNotLoaded as missing:
            stack.close()
            load_missing(missing)
            session = stack.enter_context(transaction(shop.scope, read_only=True))
            front = read(session)
        yield Opened(session, front)


def draw(
    front: Front,
    run: Run,
    view: View,
    *,
    visitor: Visitor | None = None,
    search: Search | None = None,
    main: Main | None = None,
    goods: Goods | None = None,
    status: int = 200,
    whole: bool = False,
) -> Response:
    """Render the view, or the sections that `?sections=` names as JSON, which `whole` refuses."""
    reader = SqlReader(run, front.prices, visitor or NoVisitor(front.prices.currency), search, main, goods=goods)
    page, template = _context(front, reader, view, run), template_of(view.template)
    wanted = request.args.get("sections", "")
    if wanted and not whole:
        names = wanted.split(",")[:MAX_SECTIONS]
        response = jsonify(render_sections(front.theme, template, names, page))
        response.headers["Cache-Control"] = "no-store"
        return response
    rendered = render_page(front.theme, template, page)
    if rendered.beyond:
        # An empty page behind the last one is nothing to be found; people still get to the others from it.
        status = 404
    response = Response(rendered.html, status, content_type=HTML)
    if rendered.private or visitor is not None or not front.prices.shared:
        response.headers["Cache-Control"] = "private, no-store"
    elif status == 200 and not rendered.failed_sections:  # noqa: PLR2004
        keep(request.environ, rendered.surrogate_keys | view.keys)
    return response


def draw_sections(front: Front, run: Run, view: View, visitor: Visitor, names: Sequence[str]) -> dict[str, str]:
    """Render single sections of a page that is not the one of this request."""
    reader = SqlReader(run, front.prices, visitor)
    return render_sections(front.theme, view.template, names[:MAX_SECTIONS], _context(front, reader, view, run))


def _context(front: Front, reader: SqlReader, view: View, run: Run) -> PageContext:
    query = tuple(without_tracking(list(request.args.items(multi=True))))
    choice = chosen()
    return PageContext(
        shop=front.shop,
        request=rows.RequestRow(
            host=this_shop().primary_host,
            path=front.localization.prefix + (view.path or request.path),
            page_type=view.page_type,
            locale=front.localization.locale,
            design_mode=choice is not None and choice.design,
            query=tuple(pair for pair in query if pair[0] not in OWN_ARGUMENTS),
        ),
        reader=reader,
        localization=front.localization,
        routes=rows.routes_at(front.localization.prefix),
        resource=view.resource,
        title=view.title,
        description=view.description,
        canonical_url=_canonical(front, view),
        head=_head(front, view) + head_of(template_of(view.template)),
        form_errors=view.form_errors,
        form_values=view.form_values,
        fragments=front.fragments,
        asset_base=choice.asset_base if choice else "/theme",
        apps=front.apps,
        slots=partial(_slot, run, view.page_type),
        plugins=_plugin_values(run, view.page_type),
    )


def _canonical(front: Front, view: View) -> str:
    """Return the address to be found under: filters and orders show the same things, further pages show others."""
    if view.page_type == "404":
        return ""
    path = front.localization.prefix + (view.path or request.path)
    number = request.args.get("page", "")
    further = number if number.isascii() and number.isdigit() and number not in {"0", "1"} else ""
    return f"{front.shop.url}{path}?page={further}" if further and len(further) < 6 else front.shop.url + path  # noqa: PLR2004


def _head(front: Front, view: View) -> Markup:
    if view.page_type in _UNLISTED:
        return view.head
    if any(name.startswith("filter.") for name in request.args):
        return _NOINDEX + view.head
    url = _canonical(front, view)
    about = {"title": view.title, "description": view.description, "kind": view.kind, "image": view.image}
    return common_head(front, url=url, **about) + view.head


def _plugin_values(run: Run, page_type: str) -> Mapping[str, Mapping[str, Any]]:
    hook, installed = "storefront_context", plugins()
    if not installed.listens(hook):
        return {}
    return run(lambda session: installed.spaces(session, hook, page_type=page_type))


def _slot(run: Run, page_type: str, place: str, values: Mapping[str, Any]) -> Markup:
    """Return what the shop's plugins put at `place`; an operator installed them, so their HTML is trusted."""
    page = {"page_type": page_type, **values}
    answers = run(lambda session: plugins().collect(session, "slot", place=place, page=page))
    return Markup("").join(Markup(answer) for answer in answers)  # noqa: S704


def themed_error_page(status: int, title: str, detail: str) -> str | None:
    """Draw the theme's page for what is missing or gone; other errors are the platform's."""
    if status not in {404, 410}:
        return None
    # What is missing may be the language itself.
    request.environ.pop(PREFIX, None)
    with opened() as shop:
        view = View(template="404", page_type="404", title=title, description=detail, resource={})
        return draw(shop.front, shop.run, view, status=status).get_data(as_text=True)
