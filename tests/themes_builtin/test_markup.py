"""Pages of the built-in themes are HTML as the standard writes it."""

from __future__ import annotations

import pytest

from tests.markup import faults
from tests.themes_builtin.catalog import TEMPLATES, TEMPLATES_OF_SOME, page, theme
from themes.render import render_page

OTHERS = ("blog", "article", "contact", "newsletter")


@pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
@pytest.mark.parametrize("count", [0, 30])
@pytest.mark.parametrize("template", TEMPLATES + TEMPLATES_OF_SOME + OTHERS)
def test_a_page_is_valid(template: str, count: int, look: str) -> None:
    assert faults(render_page(theme(look), template, page(template, count)).html) == []


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        ("<p>open", ""),
        ("<ul><p>x</p></ul>", "p stands in ul"),
        ("<b id=one></b><b id=one></b>", "stands 2 times"),
        ("<label for=none>x</label>", "which is not there"),
        ("<a href=/><button>x</button></a>", "stands in a link"),
        ("<input name=q>", "The field q has no label"),
        ("<img src=/x alt=x>", "lacks alt, width or height"),
        ("<p><span><div>x</div></span></p>", "Unexpected"),
        ("<h1><form></form></h1>", "form stands in h1"),
        ("<i>x</b>", "Unexpected end tag"),
    ],
)
def test_what_is_wrong_is_told(fragment: str, told: str) -> None:
    found = faults(f"<!doctype html><title>x</title><body>{fragment}")

    assert (told in " ".join(found)) if told else found == []
