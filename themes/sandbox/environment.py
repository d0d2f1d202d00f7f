"""The environment of themes: an allowlist of types instead of the stock sandbox's list of what is unsafe.

It is never the application's own environment and has no loader: templates are compiled from a theme's files.
"""

from __future__ import annotations

from types import NoneType
from typing import Any, NoReturn

from jinja2 import Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from markupsafe import Markup

from themes.sandbox import grammar
from themes.sandbox.access import EXPOSED, LOOP_METHODS, Lookup
from themes.sandbox.budget import MAX_RANGE, MAX_TEXT, BudgetExceeded, current
from themes.sandbox.codegen import ThemeCodeGenerator
from themes.sandbox.compare import COMPARING_TESTS, compared
from themes.sandbox.operators import INTERCEPTED, calculate
from themes.sandbox.output import join_output, join_values, printed
from themes.sandbox.rewrite import TICK, WEIGH, rewrite
from themes.sandbox.ticks import tick, weigh, weighed
from themes.sandbox.undefined import MissingValue

# The remaining tests are those of compare.py: the library's own would format and compare without a bound.
TESTS = frozenset(
    {
        "boolean", "defined", "false", "float", "integer", "iterable", "mapping", "none", "number", "sameas",
        "sequence", "string", "true", "undefined",
    }
)  # fmt: skip
_CALL_COST = 20
_SEQUENCES = (list, tuple)
_TEXTS = (str, Markup)


def bounded_range(*bounds: int) -> range:
    """`range()` of at most 1,000 numbers."""
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        raise BudgetExceeded("range length")
    return numbers


class ThemeEnvironment(ImmutableSandboxedEnvironment):
    intercepted_binops = INTERCEPTED
    code_generator_class = ThemeCodeGenerator
    concat = staticmethod(join_output)
    printed = staticmethod(printed)
    join_values = staticmethod(join_values)
    compared = staticmethod(compared)

    def __init__(self, **options: Any) -> None:
        super().__init__(autoescape=True, optimized=False, undefined=MissingValue, cache_size=0, **options)
        self.globals.clear()
        self.globals |= {"range": bounded_range, "namespace": Namespace}
        self.filters.clear()
        self.filters |= {TICK: tick, WEIGH: weighed}
        self.tests = {name: test for name, test in self.tests.items() if name in TESTS} | COMPARING_TESTS

    def tree(self, source: str, name: str | None = None) -> nodes.Template:
        """Parse without judging the grammar, for tools that report every problem."""
        if len(source) > grammar.MAX_SOURCE:
            raise TemplateSyntaxError("it is larger than 256 KB; split it", 1, name)
        if source.count("{{") + source.count("{%") > grammar.MAX_TAGS:
            # Counted before parsing, which takes longer than all checks of the tree.
            raise TemplateSyntaxError(f"it has more than {grammar.MAX_TAGS} tags; split it into snippets", 1, name)
        try:
            return super()._parse(source, name, name)
        except RecursionError:
            raise TemplateSyntaxError("it is nested too deep", 1, name) from None

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = self.tree(source, name)
        grammar.check(tree, self.filters, self.tests)
        rewrite(tree)
        return tree

    def get_template(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise SecurityError("templates are not loaded by name; use the render tag")

    select_template = get_template
    get_or_select_template = get_template

    def getattr(self, obj: Any, attribute: str) -> Any:
        names = EXPOSED.get(type(obj))
        if names is not None and attribute in names:
            return getattr(obj, attribute)
        return self._read(obj, attribute)

    def _read(self, obj: Any, name: str) -> Any:
        if name[:1] == "_":
            raise SecurityError(f"names that start with an underscore are private: {name!r}")
        if isinstance(obj, Lookup):
            return obj.lookup(name)
        if isinstance(obj, Undefined):
            # Never the attribute of the object itself: its internals lead to the value it was read from.
            return obj
        kind = type(obj)
        if kind is dict:
            return obj[name] if name in obj else self.undefined(obj=None, name=name)
        if kind is Namespace:
            try:
                return obj[name]
            except (KeyError, TypeError, AttributeError):
                return self._namespace(obj, name)
        return self.undefined(obj=None, name=name)

    def _namespace(self, obj: Namespace, name: str) -> Any:
        # Namespace answers every name through __getattribute__, which also hides its own internals.
        try:
            return getattr(obj, name)
        except AttributeError:
            return self.undefined(obj=None, name=name)

    def getitem(self, obj: Any, argument: Any) -> Any:
        kind = type(argument)
        if kind in _TEXTS:
            return self._read(obj, argument) if type(obj) is dict else self.getattr(obj, str(argument))
        if kind is slice:
            return self._slice(obj, argument)
        if isinstance(obj, Lookup):
            return obj.lookup(argument) if kind is int else self.undefined(obj=None, name="item")
        if type(obj) in (*_SEQUENCES, *_TEXTS, dict, range) and kind in (int, bool):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        return self.undefined(obj=None, name="item")

    def _slice(self, obj: Any, part: slice) -> Any:
        if any(type(end) not in (int, NoneType) for end in (part.start, part.stop, part.step)):
            # An object at an end would be asked for its text or its number by whoever takes the slice.
            raise SecurityError("a slice goes from one whole number to another")
        if isinstance(obj, Lookup):
            return obj.lookup(part)
        if type(obj) not in (*_SEQUENCES, *_TEXTS):
            return self.undefined(obj=None, name="slice")
        budget = current()
        result = obj[part]
        if type(obj) in _TEXTS:
            budget.charge_text(len(result))
        budget.charge(1 + len(result) // 8)
        return result

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        return calculate(operator, left, right)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - Jinja passes template names as keywords
        budget = current()
        _check_callable(__obj)
        if __obj is Namespace or _collects(__obj):
            weigh(kwargs)
            weigh(args)
        budget.charge(_CALL_COST)
        budget.depth -= 1
        if budget.depth < 0:
            raise BudgetExceeded("call depth")
        try:
            return __context.call(__obj, *args, **kwargs)
        finally:
            budget.depth += 1


def _collects(obj: Any) -> bool:
    """Say whether a macro gathers arguments into containers (varargs, kwargs), which nest without a literal."""
    return type(obj) is Macro and (obj.catch_varargs or obj.catch_kwargs)


def _check_callable(obj: Any) -> None:
    if type(obj) is Macro or obj is bounded_range or obj is Namespace:
        return
    owner = getattr(obj, "__self__", None) if type(obj).__name__ == "method" else None
    if type(owner) is LoopContext and obj.__name__ in LOOP_METHODS:
        return
    raise SecurityError(f"{type(obj).__name__} cannot be called from a theme")


__all__ = ["MAX_TEXT", "ThemeEnvironment"]
