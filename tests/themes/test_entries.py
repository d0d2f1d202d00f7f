"""Custom entries, as a theme shows them: by reference and by type, within the budget of queries."""

from __future__ import annotations

from typing import Any

from tests.themes.test_render import page, theme
from themes import rows
from themes.fixtures import FixtureReader
from themes.render import render_page

CARDS = """{% for product in collection.products %}[{{ product.metafields.custom.maker.title }}|
{{ product.metafields.custom.maker.fields.town.fields.name }}|{{ product.metafields.custom.maker.fields.photo.alt }}|
{% for chart in product.metafields.custom.charts %}{{ chart.handle }};{% endfor %}]{% endfor %}"""
LISTS = """{% for chart in metaobjects.chart %}{{ chart.title }};{% endfor %}
{{ metaobjects.chart['two'].fields.text }}{{ metaobjects.chart.none }}{{ metaobjects.nothing | length }}"""


def reference(number: int, kind: str = "metaobject") -> rows.ReferenceRow:
    return rows.ReferenceRow(kind, number)


ENTRIES = (
    rows.EntryRow(1, "maker", "anna", "Anna", {"town": reference(3), "photo": reference(7, "file")}),
    rows.EntryRow(2, "maker", "berta", "Berta", {"town": reference(4)}),
    rows.EntryRow(3, "town", "ash", "Ash", {"name": "Ash & Co"}),
    rows.EntryRow(4, "town", "elm", "Elm", {"name": "Elm"}),
    rows.EntryRow(5, "chart", "one", "One", {}),
    rows.EntryRow(6, "chart", "two", "Two", {"text": "M is 55"}),
)


def test_references_of_all_cards_come_at_once_and_leave_their_keys() -> None:
    products = tuple(rows.ProductRow(n, f"p{n}", "P", 100, 100) for n in (1, 2, 3))
    fields: dict[int, dict[str, Any]] = {
        1: {"custom.maker": reference(1), "custom.charts": [reference(6), reference(99), reference(5)]},
        2: {"custom.maker": reference(2)},
        3: {"custom.maker": reference(98)},
    }
    photo = rows.ImageRow(7, "t1/aa", "Anna at work", 800, 600)
    reader = FixtureReader(products=products, metafields=fields, entries=ENTRIES, images=(photo,))

    rendered = render_page(theme(cards=CARDS), "collection", page(reader))

    shown = "".join(rendered.html.split())
    assert "[Anna|Ash&amp;Co|Annaatwork|two;one;][Berta|Elm||][|||]" in shown
    # Makers and charts of all cards, then their towns, then the picture: three, however many cards there are.
    assert reader.calls["referenced"] == 3
    assert {"metaobject-1", "metaobject-3", "metaobject-98", "metaobject-99", "file-7"} <= rendered.surrogate_keys


def test_entries_of_a_type_are_listed_and_found_with_one_load() -> None:
    reader = FixtureReader(entries=ENTRIES)

    rendered = render_page(theme(lists=LISTS), "collection", page(reader))

    assert "One;Two;M is 550" in rendered.html.replace("\n", "")
    assert (reader.calls["entries_of_type"], reader.calls["entries_by_handle"]) == (2, 0)
    assert {"metaobjects-chart", "metaobjects-nothing", "metaobject-6"} <= rendered.surrogate_keys
