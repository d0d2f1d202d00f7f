"""The one environment of the engine, and compiled files shared by the hash of their content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2.exceptions import TemplateSyntaxError
from jinja2.nodes import EvalContext
from jinja2.runtime import Context

from themes.errors import ThemeFileInvalid
from themes.filters import media, money, sequences, text
from themes.filters.registry import FILTERS
from themes.sandbox.environment import ThemeEnvironment
from themes.sandbox.grammar import MAX_SOURCE
from themes.sandbox.output import join_output
from themes.schema import Schema, schema_of
from themes.tags import calls
from themes.tags.language import LanguageExtension
from themes.tags.raw import split

_UNCOMPILABLE = (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError)
FILTER_MODULES = (media, money, sequences, text)


@lru_cache(maxsize=1)
def environment() -> ThemeEnvironment:
    made = ThemeEnvironment(extensions=[LanguageExtension])
    made.filters |= FILTERS | {"e": FILTERS["escape"], "count": FILTERS["length"], "tojson": FILTERS["json"]}
    made.filters |= calls.CALLS
    return made


class ThemeContext(Context):
    """Jinja's context without the copies: snippets are rendered fifty times a page."""

    def __init__(self, parent: dict[str, Any], variables: dict[str, Any], name: str) -> None:
        engine = environment()
        self.parent = parent
        self.vars = variables
        self.environment = engine
        self.eval_ctx = EvalContext(engine, name)
        self.exported_vars = set()
        self.name = name
        self.globals_keys = set()
        self.blocks = {}


@dataclass(frozen=True, slots=True)
class Compiled:
    path: str
    root: Callable[[Context], Iterator[str]]
    schema: Schema
    raw: dict[str, str]

    def render(self, parent: dict[str, Any], variables: dict[str, Any]) -> str:
        return join_output(self.root(ThemeContext(parent, variables, self.path)))


@lru_cache(maxsize=2_000)
def compiled(path: str, source: str) -> Compiled:
    """Compile a file; equal files of different themes share the result."""
    if len(source) > MAX_SOURCE:
        raise ThemeFileInvalid(path, f"it has more than {MAX_SOURCE // 1024} KB; split it into snippets")
    parts = split(source)
    engine = environment()
    try:
        template = engine.template_class.from_code(engine, engine.compile(parts.markup, path, path), {})
    except TemplateSyntaxError as error:
        raise ThemeFileInvalid(path, error.message or "it cannot be read", error.lineno) from error
    except _UNCOMPILABLE as error:
        # Python's own compiler has limits too: nested blocks, digits of a number, depth of an expression.
        raise ThemeFileInvalid(path, f"it cannot be compiled ({error}); make it simpler") from error
    schema = schema_of(path, parts.raw.get("schema"), parts.lines.get("schema", 1))
    return Compiled(path, template.root_render_func, schema, parts.raw)
