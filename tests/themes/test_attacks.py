"""Every attack of the tables is refused or bounded, and harms nothing: neither data nor process nor machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.themes.attacks.attack import Attack
from tests.themes.attacks.bombs import BOMBS
from tests.themes.attacks.escapes import ESCAPES

FILES = {
    "snippets/twice.html": "{{ x }}{{ x }}",
    "snippets/again.html": "{% render 'again' %}",
    "snippets/fib.html": "{% if n > 0 %}{% render 'fib', n=n - 1 %}{% render 'fib', n=n - 1 %}{% endif %}",
    "snippets/ping.html": "{% render 'pong' %}{% render 'pong' %}",
    "snippets/pong.html": "{% render 'ping' %}{% render 'ping' %}",
    "snippets/empty.html": "",
    "snippets/peek.html": "[{{ mine }}]",
    "snippets/card.html": "{{ context.name }}",
    "sections/attack.html": "{% section 'attack' %}",
    "locales/en.default.json": json.dumps(
        {"twice": "{x}{x}", "many": "{a}" * 5000, "greeting_html": "<i>{{ name }}</i>"}
    ),
}
SECONDS = 1.0
MEGABYTES = 150
Run = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Start the cell once; each attack gets a process of its own inside."""
    cell = subprocess.Popen(
        [sys.executable, "-m", "tests.themes.attacks.cell"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert cell.stdin is not None
    assert cell.stdout is not None
    orders, answers = cell.stdin, cell.stdout

    def ask(source: str) -> dict[str, Any]:
        orders.write(json.dumps({"source": source, "files": FILES}) + "\n")
        orders.flush()
        found: dict[str, Any] = json.loads(answers.readline())
        return found

    yield ask
    orders.close()
    cell.wait(10)


@pytest.mark.parametrize("attack", [*ESCAPES, *BOMBS], ids=lambda attack: attack.name)
def test_attack_is_refused_or_bounded_and_does_no_damage(run: Run, attack: Attack) -> None:
    found = run(attack.source)

    assert "died" not in found
    if attack.answer.startswith("="):
        assert found["output"] == attack.answer[1:]
    else:
        # A slow machine may spend the time before the operations; both bound the attack.
        answers = {attack.answer, attack.answer.replace("budget of operations", "budget of time")}
        assert any(answer in found["refused"] for answer in answers)
        assert found["output"] == ""
    assert "SECRET" not in json.dumps(found)
    assert (found["reads"], found["caused"], found["damaged"]) == ([], [], False)
    assert found["cpu"] < SECONDS
    assert found["megabytes"] < MEGABYTES


def test_the_cell_notices_what_it_must_notice(run: Run) -> None:
    """A watchman that sees nothing proves nothing: an honest template reaches the drop and its output comes back."""
    found = run("{{ drop.name }}{{ collection.products | map('id') | join('+') }}")

    assert found["output"].startswith("bob1+2+3")
    assert found["cpu"] > 0


def test_the_tables_hold_the_lists_that_were_measured() -> None:
    assert len(ESCAPES) >= 130
    assert len(BOMBS) >= 130
    names = [attack.name for attack in (*ESCAPES, *BOMBS)]
    assert len(names) == len(set(names))
