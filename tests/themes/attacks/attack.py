"""One row of an attack table."""

from __future__ import annotations

from typing import NamedTuple


class Attack(NamedTuple):
    """`answer` is a part of the refusal, or the whole output of what is harmless here (prefixed with `=`)."""

    name: str
    source: str
    answer: str


def repeat(start: str, step: str, tail: str = "{{ ns.x | length }}", turns: int = 60) -> str:
    """Return a template that applies `step` to `ns.x` many times and then uses it."""
    loop = f"{{% for i in range({turns}) %}}{{% set ns.x = {step} %}}{{% endfor %}}"
    return f"{{% set ns = namespace(x={start}) %}}{loop}{tail}"
