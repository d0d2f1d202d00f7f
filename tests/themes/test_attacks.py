"""Templates that try to leave the sandbox or to exhaust the process: each is refused."""

from __future__ import annotations

import resource
from time import thread_time

import pytest
from jinja2.exceptions import TemplateError

from themes.engine import environment
from themes.errors import ThemeError
from themes.sandbox.budget import Budget, Limits, running

NS = "{% set ns = namespace(x=START) %}{% for i in range(60) %}{% set ns.x = STEP %}{% endfor %}"


def grow(start: str, step: str, tail: str = "{{ ns.x | length }}") -> str:
    return NS.replace("START", start).replace("STEP", step) + tail


ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ ''['__cla' ~ 'ss__'] }}",
    "{{ nope._undefined_obj }}",
    "{{ self }}",
    "{{ namespace.__init__ }}",
    "{{ range.__self__ }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ ('%s' | safe).format(1) }}",
    "{{ 'a' | attr('upper') }}",
    "{{ [].append(1) }}",
    "{{ {}.items() }}",
    "{% macro m() %}{% endmacro %}{{ m._func }}",
    "{% macro m() %}{% endmacro %}{{ m }}",
    "{% for x in [1] %}{{ loop._iterable }}{% endfor %}",
    "{{ [namespace(x=1)] | map('__class__') }}",
    "{{ [[1]] | sort('__class__') }}",
    "{% import 'os' as o %}",
    "{% include 'x' %}",
    "{% extends 'x' %}",
    "{% block a %}{% endblock %}",
    "{% autoescape false %}{% endautoescape %}",
    "{% filter upper %}x{% endfilter %}",
    "{{ range(*[1, 2]) }}",
    "{{ cycler(1) }}{{ lipsum(1) }}",
    "{{ [1] }}",
    "{{ range }}",
]
BOMBS = [
    "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}{% endfor %}{% endfor %}{% endfor %}",
    "{{ 'a' * 10**9 }}",
    "{% set n = 10 %}{{ 'a' * n ** 9 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ range(10 ** 9) | list }}",
    "{{ '%1000000000d' % 1 }}",
    grow("'aaaaaaaa'", "ns.x + ns.x"),
    grow("'aaaaaaaa'", "ns.x ~ ns.x"),
    grow("3", "ns.x * ns.x"),
    grow("[1, 1]", "[ns.x, ns.x]"),
    grow("(1, 1)", "(ns.x, ns.x)", "{{ {ns.x: 1} | length }}"),
    grow("[1, 1]", "ns.x + ns.x"),
    grow("'aaaaaaaa'", "ns.x | replace('a', 'aa')"),
    "{% set x %}aaaaaaaaaaaaaaaa{% endset %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 30,
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{% if n > 0 %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(30) }}",
    "{% for x in [[1], [2]] recursive %}{{ loop(x) }}{% endfor %}",
    "{{ " + "(" * 50_000 + "1" + ")" * 50_000 + " }}",
    "{{ " + "+".join(["a"] * 20_000) + " }}",
    "{{ " + "-" * 20_000 + "1 }}",
    "{% if a %}" * 300 + "x" + "{% endif %}" * 300,
    "{{ a.b }}{% if a %}x{% endif %}" * 20_000,
]


def run(source: str) -> str:
    with running(Budget(Limits())):
        return environment().from_string(source).render()


@pytest.mark.parametrize("source", ESCAPES)
def test_escape_is_refused(source: str) -> None:
    try:
        output = run(source)
    except (TemplateError, ThemeError, TypeError):
        output = ""

    assert not output.strip()


@pytest.mark.parametrize("source", BOMBS, ids=range(len(BOMBS)))
def test_bomb_is_stopped_early_and_small(source: str) -> None:
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, thread_time()

    with pytest.raises((TemplateError, ThemeError, ValueError, TypeError, RecursionError, SyntaxError)):
        run(source)

    assert thread_time() - started < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024
