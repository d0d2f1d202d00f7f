"""The one environment of the engine, and compiled files shared by the hash of their content."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from types import CodeType
from typing import Any

from jinja2.exceptions import TemplateSyntaxError
from jinja2.nodes import EvalContext
from jinja2.runtime import Context

from themes.bytecode import BytecodeStore, engine_build
from themes.errors import ThemeFileInvalid
from themes.filters import color, elements, media, money, sequences, text, variants
from themes.filters.registry import FILTERS
from themes.sandbox.environment import ThemeEnvironment
from themes.sandbox.grammar import MAX_SOURCE
from themes.sandbox.output import join_output
from themes.schema import Schema, schema_of
from themes.tags import calls
from themes.tags.language import LanguageExtension
from themes.tags.raw import split

_UNCOMPILABLE = (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError)
MAX_BYTES = 64 * 1024 * 1024
FILTER_MODULES = (color, elements, media, money, sequences, text, variants)


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


class CompiledFiles:
    """The compiled files of this process, bounded by their bytes: a hostile theme's are large, a usual one's small."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._found: OrderedDict[str, tuple[Compiled, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: str) -> Compiled | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key][0]
        return None

    def put(self, key: str, made: Compiled, size: int) -> None:
        with self._lock:
            if key not in self._found:
                self._found[key] = (made, size)
                self._bytes += size
            while self._bytes > self._max_bytes:
                self._bytes -= self._found.popitem(last=False)[1][1]

    def clear(self) -> None:
        with self._lock:
            self._found.clear()
            self._bytes = 0


@dataclass(slots=True)
class _Shared:
    """What all themes of a process share; `store` is set by whoever has a folder for it."""

    store: BytecodeStore | None = None


_shared = _Shared()
_files = CompiledFiles()


def keep_bytecode(store: BytecodeStore | None) -> None:
    """Share compiled code with the other processes that use the same store; None keeps it here."""
    _shared.store = store


def forget() -> None:
    """Forget what this process has compiled."""
    _files.clear()


def compiled(path: str, source: str) -> Compiled:
    """Compile a file, or find it compiled; equal files of different themes share the result."""
    if len(source) > MAX_SOURCE:
        raise ThemeFileInvalid(path, f"it has more than {MAX_SOURCE // 1024} KB; split it into snippets")
    key = _key(path, source)
    found = _files.get(key)
    if found is None:
        found, size = _load(key, path, source)
        _files.put(key, found, size)
    return found


def _key(path: str, source: str) -> str:
    build = engine_build(tuple(environment().filters))
    return sha256(b"\0".join((build.encode(), path.encode(), source.encode(errors="surrogatepass")))).hexdigest()


def _load(key: str, path: str, source: str) -> tuple[Compiled, int]:
    parts, engine, store = split(source), environment(), _shared.store
    code = store.load(key) if store else None
    if code is None:
        code = _compile(path, parts.markup)
        if store:
            store.save(key, code)
    template = engine.template_class.from_code(engine, code, {})
    schema = schema_of(path, parts.raw.get("schema"), parts.lines.get("schema", 1))
    # Code takes about eleven times its source in memory.
    return Compiled(path, template.root_render_func, schema, parts.raw), 2_000 + 11 * len(source)


def _compile(path: str, markup: str) -> CodeType:
    try:
        return environment().compile(markup, path, path)
    except TemplateSyntaxError as error:
        raise ThemeFileInvalid(path, error.message or "it cannot be read", error.lineno) from error
    except _UNCOMPILABLE as error:
        # Python's own compiler has limits too: nested blocks, digits of a number, depth of an expression.
        raise ThemeFileInvalid(path, f"it cannot be compiled ({error}); make it simpler") from error
