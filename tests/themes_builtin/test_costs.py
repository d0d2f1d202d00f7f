"""What a page of the built-in themes may cost."""

from __future__ import annotations

import pytest

from tests.benchmarks.plain_jinja import collection, plain
from tests.themes_builtin.catalog import HANDLES, TEMPLATES, page, theme
from themes.render import render_page


@pytest.mark.parametrize("handle", HANDLES)
def test_plain_jinja_writes_the_same_page(handle: str) -> None:
    """Or `make bench` would compare the sandbox with something else."""
    sandboxed = collection(handle)()

    with plain():
        assert collection(handle)() == sandboxed


@pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_asks_seldom(template: str, look: str) -> None:
    most = 12 if template == "product" else 10
    assert render_page(theme(look), template, page(template)).stats.queries <= most
