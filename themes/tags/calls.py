"""What the tags do when a template runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from themes.drops.base import Drop
from themes.drops.collection import Listed
from themes.drops.handles import AllCollections
from themes.drops.listing import UNPAGED
from themes.drops.paginate import PaginateDrop
from themes.drops.scope import AROUND
from themes.errors import NestingRefused, ThemeError
from themes.filters.media import attributes_of
from themes.page import state
from themes.sandbox.access import exposes
from themes.sandbox.budget import BudgetExceeded, current
from themes.schema import MAX_BLOCK_DEPTH
from themes.tags import language

D = TypeVar("D", bound=Drop)
_RENDER_COST = 20
FORM_ROUTES = {
    "product": "cart_add_url", "cart": "cart_update_url", "cart_change": "cart_change_url", "search": "search_url",
    "storefront_password": "storefront_password_url", "quick_order": "cart_order_url",
    "contact": "contact_url", "newsletter": "newsletter_url", "newsletter_confirm": "newsletter_confirm_url",
}  # fmt: skip
# Forms that lead back to the page they stand on.
RETURNING = frozenset({"contact", "newsletter", "newsletter_confirm"})


@pass_context
def render(context: Context, name: str, /, **values: Any) -> Markup:
    """Render a snippet: it sees the page's globals, the section, and what it was given."""
    from themes.snippets import render_snippet  # noqa: PLC0415 - snippets are rendered by the engine that calls this

    budget = current()
    budget.charge(_RENDER_COST)
    budget.depth -= 1
    if budget.depth < 0:
        raise BudgetExceeded("snippet depth")
    try:
        page, compiled = state(), state().theme.file(f"snippets/{name}.html")
        if page.page.profile is None:
            return render_snippet(page, compiled, context.parent, values)
        with page.measured(compiled.path):
            return render_snippet(page, compiled, context.parent, values)
    finally:
        budget.depth += 1


def section(name: str) -> Markup:
    from themes.sections import render_static  # noqa: PLC0415 - sections render through these tags

    return render_static(_outside_section(name))


def sections(name: str) -> Markup:
    from themes.sections import render_group  # noqa: PLC0415 - as above

    return render_group(_outside_section(name))


def _outside_section(name: str) -> str:
    state().scope.tainted = True
    if state().in_section:
        raise NestingRefused("A section cannot hold another section")
    return name


@pass_context
def blocks(context: Context, _name: str, /) -> Markup:
    """Render the blocks of this section, or those inside this block."""
    from themes.sections import render_block  # noqa: PLC0415 - as above

    page = state()
    page.scope.varies.add(AROUND)
    current().charge(_RENDER_COST * (1 + len(page.blocks)))
    if page.block_depth >= MAX_BLOCK_DEPTH:
        raise NestingRefused(f"Blocks nest deeper than {MAX_BLOCK_DEPTH}")
    return Markup().join([render_block(block, context.parent) for block in page.blocks])


@pass_context
def block(context: Context, _name: str, /, block: Any = None) -> Markup:
    """Render one block of `section.blocks`, a theme's or an app's."""
    from themes.sections import BlockDrop, render_block  # noqa: PLC0415 - as above

    current().charge(_RENDER_COST)
    state().scope.varies.add(AROUND)
    if type(block) is not BlockDrop:
        raise ThemeError("Give content_for a block of section.blocks: {% content_for 'block', block=block %}.")
    if state().block_depth >= MAX_BLOCK_DEPTH:
        raise NestingRefused(f"Blocks nest deeper than {MAX_BLOCK_DEPTH}")
    return render_block(block.definition, context.parent)


def slot(name: str, /, **values: Any) -> Markup:
    from themes.sections import fill_slot  # noqa: PLC0415 - as above

    current().charge(_RENDER_COST)
    return fill_slot(name, values)


def _own(value: Any, kind: type[D]) -> D:
    """Return `value` when it is the tag's own object: a template may have put another thing under its name."""
    if type(value) is not kind:
        raise ThemeError("The names paginate and form belong to their tags; use another name in set.")
    return value


def paginate(source: Any, attribute: str | None, size: int) -> PaginateDrop:
    current().charge(_RENDER_COST)
    state().scope.tainted = True
    # By type, never by attribute: a namespace of the template could answer to any name, with a macro to be called.
    paged = source.paged if isinstance(source, (Listed, AllCollections)) else None
    if paged not in (attribute, "collections") or paged is None or type(size) is not int:
        raise ThemeError("paginate works on collection.products, search.results and collections; name one of them.")
    return PaginateDrop(source, size, state().scope)


def paginate_end(drop: PaginateDrop) -> None:
    own = _own(drop, PaginateDrop)
    if own.current_page > 1 and own.current_page > own.pages:
        state().scope.beyond = True
    own._source.window(0, UNPAGED)  # noqa: SLF001 - the drop hides its source from themes


@exposes("id", "kind", "error", "posted", "values")
class FormDrop(Drop):
    """The form that is open; `error` says what was wrong when it was sent, or is nothing; `values` is what was sent."""

    __slots__ = ("_open", "error", "id", "kind", "posted", "values")

    def __init__(
        self,
        kind: str,
        opening: Markup,
        form_id: str | None,
        error: str | None,
        values: dict[str, str],
        *,
        posted: bool = False,
    ) -> None:
        self.kind = kind
        self.id = form_id
        self.error = error
        self.values = values
        self.posted = posted
        self._open = opening


def form(kind: str, resource: Any = None, /, **attributes: Any) -> FormDrop:
    """Open a form: `product` posts to the cart, `cart` updates it, `cart_change` sets one line, `search` asks,
    `storefront_password` opens a locked shop, `quick_order` adds many articles at once,
    `contact` writes to the shop, `newsletter` asks for its news and `newsletter_confirm` confirms that.
    """
    if kind not in FORM_ROUTES:
        raise ThemeError(f"There is no form {kind!r}; use one of {', '.join(sorted(FORM_ROUTES))}.")
    page = state().page
    if page.form_errors or page.form_values:
        # The answer to one visitor's form must not be kept for others.
        state().scope.tainted = True
    action = getattr(page.routes, FORM_ROUTES[kind])
    method = "get" if kind == "search" else "post"
    values = {"action": action, "method": method, "accept-charset": "UTF-8", **attributes}
    opening = Markup(f"<form{attributes_of(values)}>") + _hidden(kind)
    told = page.form_errors.get(kind)
    posted = state().scope.vary("sent") == kind if kind in RETURNING else False
    return FormDrop(kind, opening, attributes.get("id"), told, dict(page.form_values.get(kind, {})), posted=posted)


def _hidden(kind: str) -> Markup:
    if kind == "storefront_password":
        return _return_to()
    if kind not in RETURNING:
        return Markup()
    # The second field is for robots, which fill in all they find.
    return Markup(
        '<input type="hidden" name="return_to" value="{}">'
        '<input class="visually-hidden" type="text" name="website" tabindex="-1" autocomplete="off" aria-hidden="true">'
    ).format(state().scope.vary("path"))


def _return_to() -> Markup:
    """Return the hidden field that leads to the page which was asked for before the password page came."""
    wanted = state().scope.query_value("return_to")
    return Markup('<input type="hidden" name="return_to" value="{}">').format(wanted) if wanted else Markup()


def form_open(drop: FormDrop) -> Markup:
    return _own(drop, FormDrop)._open  # noqa: SLF001 - hidden from themes


def form_close(_drop: FormDrop) -> Markup:
    return Markup("</form>")


CALLS: dict[str, Callable[..., Any]] = {
    language.RENDER: render,
    language.SECTION: section,
    language.SECTIONS: sections,
    language.BLOCKS: blocks,
    language.BLOCK: block,
    language.SLOT: slot,
    language.PAGINATE: paginate,
    language.PAGINATE_END: paginate_end,
    language.FORM: form,
    language.FORM_OPEN: form_open,
    language.FORM_CLOSE: form_close,
}
