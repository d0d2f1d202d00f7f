"""Random templates of the whole grammar: each ends, within its budgets, and reads nothing that is not exposed."""

from __future__ import annotations

import gc
from contextlib import suppress
from time import thread_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.themes.attacks.cell import SECRET, Tattling, context, engine_state, page_of, theme_of
from themes.engine import compiled, environment
from themes.errors import ThemeFileInvalid
from themes.render import _page

NAMES = ["drop", "user", "bag", "items", "product", "collection", "cart", "ns", "a", "nope", "loop", "shop", "settings"]
PROPERTIES = ["name", "title", "products", "password_hash", "metadata", "query", "a", "x", "first", "items", "variants"]
FILTERS = sorted(name for name in environment().filters if " " not in name)
TESTS = sorted(environment().tests)
FILES = {
    "snippets/other.html": "{{ a }}{% for x in a %}{{ x }}{% endfor %}",
    "locales/en.default.json": '{"k": "{a}{a}"}',
}
PARTS = [
    "{% endif %}",
    "{% endfor %}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "'",
    "\\",
    "\x00",
    "\ud800",
    "{% schema %}",
    "|",
    "*",
]

atoms = st.one_of(
    st.sampled_from(NAMES),
    st.integers(-(10**40), 10**40).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["true", "none", "[]", "{}", "()", "''", "'%9999999d'", "'__class__'", "range(999)", "'{0}'"]),
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from(PROPERTIES)).map(".".join),
        two.map(lambda pair: f"{pair[0]}[{pair[1]}]"),
        two.map(lambda pair: f"{pair[0]}[{pair[1]}:]"),
        two.map(lambda pair: f"[{pair[0]}, {pair[1]}]"),
        two.map(lambda pair: f"{{'a': {pair[0]}, 'x': {pair[1]}}}"),
        st.tuples(inner, st.sampled_from(FILTERS)).map(lambda pair: f"({pair[0]}) | {pair[1]}"),
        st.tuples(inner, st.sampled_from(FILTERS), inner).map(lambda pair: f"({pair[0]}) | {pair[1]}({pair[2]})"),
        st.tuples(inner, st.sampled_from(TESTS)).map(lambda pair: f"({pair[0]}) is {pair[1]}"),
        st.tuples(
            inner, st.sampled_from(["+", "-", "*", "**", "/", "//", "%", "~", "==", "<", "in", "and"]), inner
        ).map(lambda found: f"({found[0]}) {found[1]} ({found[2]})"),
        inner.map(lambda text: f"{text}()"),
        inner.map(lambda text: f"namespace(x={text})"),
    )


expressions = st.recursive(atoms, grown, max_leaves=6)
lines = st.recursive(
    st.one_of(expressions.map(lambda text: f"{{{{ {text} }}}}"), st.sampled_from(PARTS)),
    lambda inner: st.one_of(
        st.tuples(expressions, inner).map(lambda pair: f"{{% for x in {pair[0]} %}}{pair[1]}{{% endfor %}}"),
        st.tuples(expressions, inner).map(lambda pair: f"{{% if {pair[0]} %}}{pair[1]}{{% endif %}}"),
        expressions.map(lambda text: f"{{% set a = {text} %}}"),
        inner.map(lambda text: f"{{% set a %}}{text}{{% endset %}}{{{{ a }}}}"),
        inner.map(lambda text: f"{{% macro a(x) %}}{text}{{% endmacro %}}{{{{ a(a) }}}}"),
        expressions.map(lambda text: f"{{% render 'other', a={text} %}}"),
        st.tuples(expressions, inner).map(lambda pair: f"{{% paginate {pair[0]} by 2 %}}{pair[1]}{{% endpaginate %}}"),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=10,
)


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines)
def test_a_random_template_is_harmless(source: str) -> None:
    theme, values, before = theme_of(FILES), context(), engine_state()
    Tattling.reads.clear()
    html = ""
    # As timeit does: what Hypothesis keeps is much to collect, and no cost of the template.
    gc.disable()
    started = thread_time()
    with suppress(ThemeFileInvalid):
        code = compiled("sections/fuzz.html", source)
        # On a page a section may fail by whatever its code raises; what it must not do stands below.
        with _page(theme, "index", page_of()) as (state, _budget), suppress(Exception):
            html = code.render({**state.globals, **values}, {})

    spent = thread_time() - started
    gc.enable()

    assert spent < 1
    assert Tattling.reads == []
    assert SECRET not in html
    assert len(html) <= 3_000_000
    assert engine_state() == before
