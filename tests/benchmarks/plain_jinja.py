"""What the sandbox costs: the collection page of 24 products in it, and in plain Jinja on the same data.

Plain Jinja has the library's own parser, code generator, calls, attribute access and joins; templates, data, filters
and tags are the same, and so is what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time
from typing import Any
from unittest.mock import patch

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context

from tests.themes_builtin.catalog import files, page
from themes import engine
from themes.filters.registry import FILTERS
from themes.page import PageContext
from themes.render import render_page
from themes.sandbox.access import Lookup
from themes.sandbox.environment import ThemeEnvironment
from themes.tags import calls
from themes.tags.language import LanguageExtension
from themes.theme import Theme

ROUNDS, PAGES = 15, 10


class PlainEnvironment(ThemeEnvironment):
    """Jinja as it comes, with our tags and filters."""

    sandboxed = False
    intercepted_binops = frozenset()
    code_generator_class: Any = CodeGenerator
    concat: Any = staticmethod("".join)

    def __init__(self) -> None:
        super().__init__(extensions=[LanguageExtension], finalize=_nothing)
        self.tests = Environment(autoescape=True).tests
        self.filters |= FILTERS | {"e": FILTERS["escape"], "count": FILTERS["length"]}
        self.filters |= {"tojson": FILTERS["json"]} | calls.CALLS

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return self.tree(source, name)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj.lookup(attribute) if isinstance(obj, Lookup) else Environment.getattr(self, obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return obj.lookup(argument) if isinstance(obj, Lookup) else Environment.getitem(self, obj, argument)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 - as in Jinja
        return __context.call(__obj, *args, **kwargs)


def _nothing(value: Any) -> Any:
    return "" if value is None else value


@contextmanager
def plain() -> Iterator[None]:
    """Compile and render in plain Jinja until the block ends."""
    made = PlainEnvironment()
    engine.forget()
    with (
        patch.object(engine, "environment", lambda: made),
        patch.object(engine, "join_output", "".join),
        # Bytecode that an application of this process keeps is the sandbox's own, and must stay so.
        patch.object(engine, "_shared", engine._Shared()),
    ):
        yield
    engine.forget()


def collection(handle: str = "bazaar") -> Callable[[], str]:
    """Return what renders the collection page of a built-in theme, compiled in the environment of now."""
    theme = Theme(handle, files(handle))
    shown: PageContext = page("collection")
    return lambda: render_page(theme, "collection", shown).html


def milliseconds(render: Callable[[], str]) -> float:
    begun = thread_time()
    for _ in range(PAGES):
        render()
    return (thread_time() - begun) / PAGES * 1000


def measure_sandbox() -> dict[str, float]:
    """Return processor milliseconds of one page in both, the best of rounds that take turns, and their ratio."""
    sandboxed, best = collection(), {"sandboxed": 1e9, "plain": 1e9}
    with plain():
        bare = collection()
    for _ in range(ROUNDS):
        best["sandboxed"] = min(best["sandboxed"], milliseconds(sandboxed))
        with plain():
            best["plain"] = min(best["plain"], milliseconds(bare))
    return {
        "collection page of 24 products in the sandbox, ms": best["sandboxed"],
        "the same page and data in plain Jinja, ms": best["plain"],
        "sandbox against plain Jinja (at most 1.3)": best["sandboxed"] / best["plain"],
    }
