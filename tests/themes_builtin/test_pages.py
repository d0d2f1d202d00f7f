"""Every page of the built-in themes renders whole, in all presets, for shops of every size."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.themes_builtin.catalog import PRESETS, TEMPLATES, page, product, theme
from themes import rows
from themes.fixtures import FixtureReader
from themes.render import render_page, render_sections

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "source", "circle", "wbr"}


class Outline(HTMLParser):
    """Counts elements, keeps images and inline scripts, and complains about what is closed out of order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.seen if name == tag]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("count", [0, 1, 30])
@pytest.mark.parametrize("template", TEMPLATES)
def test_renders_without_a_failed_section(template: str, count: int, preset: str) -> None:
    rendered = render_page(theme(preset), template, page(template, count))

    outline = Outline(rendered.html)
    ids = [attrs["id"] for _, attrs in outline.seen if attrs.get("id")]
    assert rendered.failed_sections == ()
    assert outline.faults == []
    assert outline.open == []
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_has_landmarks_and_one_main_heading(template: str, look: str) -> None:
    outline = Outline(render_page(theme(look), template, page(template)).html)

    skip = next(attrs for attrs in outline.all("a") if attrs.get("class") == "skip-link")
    assert skip["href"] == "#main"
    assert [attrs["id"] for attrs in outline.all("main")] == ["main"]
    assert len(outline.all("h1")) == 1
    if template != "password":
        assert len(outline.all("header")) == 1
        assert len(outline.all("footer")) == 1
        assert len(outline.all("nav")) >= 2


@pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_pictures_have_sizes_and_words(template: str, look: str) -> None:
    images = Outline(render_page(theme(look), template, page(template)).html).all("img")

    for image in images:
        assert image.keys() >= {"alt", "width", "height", "loading", "srcset", "sizes"}


@pytest.mark.parametrize("template", ["index", "product"])
def test_first_picture_is_fetched_at_once(template: str) -> None:
    first = Outline(render_page(theme(), template, page(template)).html).all("img")[0]

    assert (first["loading"], first["fetchpriority"]) == ("eager", "high")


@pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_scripts_are_modules_or_data(template: str, look: str) -> None:
    html = render_page(theme(look), template, page(template)).html

    scripts = Outline(html).all("script")
    assert all(script["type"] == "application/json" or "src" in script for script in scripts)
    assert re.findall(r"\son[a-z]+=", html) == []


@pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_only_the_cart_page_is_private(template: str, look: str) -> None:
    rendered = render_page(theme(look), template, page(template))

    assert rendered.private is (template == "cart")


def test_collection_page_is_small_and_asks_little() -> None:
    rendered = render_page(theme(), "collection", page("collection"))

    assert rendered.html.count('class="card"') == 24
    assert len(rendered.html) < 40 * 1024
    assert rendered.stats.queries == 3


def test_an_order_table_is_small_and_asks_little() -> None:
    rendered = render_page(theme("Ledger"), "collection", page("collection"))

    outline = Outline(rendered.html)
    assert sum(1 for row in outline.all("tbody") if "prow" in (row["class"] or "")) == 24
    assert len(rendered.html) < 100 * 1024
    assert rendered.stats.queries == 3


def test_a_row_of_an_order_table_tells_number_stock_and_price() -> None:
    html = render_page(theme("Ledger"), "search", page("search", 1)).html

    rows_of = Outline(html).all("input")
    names = [attrs["name"] for attrs in rows_of if (attrs.get("name") or "").startswith("quantity[")]
    assert names == ["quantity[10]", "quantity[11]", "quantity[12]"]  # the fourth is sold out
    assert "V-1-2" in html
    assert "Only 2 left" in html
    assert html.count('<span class="stockword stockword--none">Sold out</span>') == 1


def test_quick_order_keeps_what_was_typed_and_says_what_was_wrong() -> None:
    sent = {"sku-1": "A-1", "lines": "<b>B-2</b>, 3"}
    context = replace(
        page("quick-order"), form_errors={"quick_order": "A-1: unknown\nB-2: gone"}, form_values={"quick_order": sent}
    )

    html = render_page(theme("Ledger"), "quick-order", context).html

    assert 'name="sku-1" value="A-1"' in html
    assert "&lt;b&gt;B-2&lt;/b&gt;, 3</textarea>" in html
    assert "<li>A-1: unknown</li><li>B-2: gone</li>" in html


def test_the_address_chooses_the_variant() -> None:
    html = render_page(theme(), "product", page("product", query=(("variant", "11"),))).html

    assert 'name="id" value="11"' in html
    assert "Only 2 left" in html


def test_a_sold_out_variant_cannot_be_added() -> None:
    html = render_page(theme(), "product", page("product", query=(("variant", "13"),))).html

    button = next(attrs for attrs in Outline(html).all("button") if attrs.get("name") == "add")
    assert "disabled" in button
    assert "Sold out at the moment" in html


def test_options_are_links_without_javascript() -> None:
    outline = Outline(render_page(theme(), "product", page("product")).html)

    chosen = [(a["data-value"], a["href"], a.get("aria-current")) for a in outline.all("a") if "data-value" in a]
    assert chosen == [
        ("Navy", "/products/vase-1?variant=10", "true"),
        ("Cream", "/products/vase-1?variant=12", None),
        ("Small", "/products/vase-1?variant=10", "true"),
        ("Large", "/products/vase-1?variant=11", None),
    ]


def test_the_cart_drawer_is_a_section_of_its_own() -> None:
    filled = render_sections(theme(), "index", ["cart-drawer"], page("index"))["cart-drawer"]
    empty = render_sections(theme(), "index", ["cart-drawer"], page("index", 0))["cart-drawer"]

    assert 'data-remove-line="k1"' in filled
    assert "Only 1 left." in filled
    assert "Your cart is empty." in empty


def test_a_line_is_changed_and_removed_without_javascript() -> None:
    outline = Outline(render_page(theme(), "cart", page("cart")).html)

    names = [attrs.get("name") for attrs in outline.all("input")]
    forms = [(form.get("id"), form["action"]) for form in outline.all("form") if form.get("method") == "post"]
    assert "updates[k1]" in names
    assert forms == [(None, "/cart/update"), ("remove-1", "/cart/change"), (None, "/newsletter")]


def test_speaks_german() -> None:
    html = render_page(theme(), "product", page("product", locale="de")).html

    assert "In den Warenkorb" in html
    assert "Add to cart" not in html


class Degraded(FixtureReader):
    """A shop whose search engine is away."""

    def listing(self, query: rows.ListingQuery, offset: int, limit: int) -> rows.ListingRow:
        del query, offset, limit
        return rows.ListingRow((), 0, (), "Search is simpler than usual right now.", ("vase",))


def test_a_search_without_results_helps_on() -> None:
    context = replace(page("search"), reader=Degraded())

    html = render_page(theme(), "search", context).html

    assert "Search is simpler than usual right now." in html
    assert 'href="/search?q=vase"' in html
    assert "Nothing matched your search." in html


def test_an_active_filter_is_ticked_and_can_be_removed() -> None:
    html = render_page(theme(), "collection", page("collection", query=(("filter.brand", "Hallen"),))).html

    assert re.search(r'name="filter.brand" value="Hallen" checked', html)
    assert 'class="chip" href="/products/vase-1"' in html


def test_a_product_without_pictures_still_has_a_face() -> None:
    bare = replace(product(1), featured_image=None, title="Unseen")
    context = replace(page("collection"), reader=FixtureReader(products=(bare,)))

    html = render_page(theme(), "collection", context).html

    assert '<span class="card__blank" aria-hidden="true">U</span>' in html


@pytest.mark.parametrize("preset", ["Bazaar", "Atelier"])
@pytest.mark.parametrize("name", ["I", "Ember & Oak", "W" * 40, "日本の陶器の店", "<b>Ünïcödé</b>"])
def test_the_wordmark_is_stretched_to_the_width_it_has(name: str, preset: str) -> None:
    shown = page("404", 1)
    shown = replace(shown, shop=replace(shown.shop, name=name))

    rendered = render_page(theme(preset), "404", shown)

    outline = Outline(rendered.html)
    box = next(attrs["viewbox"] or "" for _, attrs in outline.seen if attrs.get("class") == "wordmark")
    stretched = next(attrs["textlength"] or "" for tag, attrs in outline.seen if tag == "text")
    assert rendered.failed_sections == ()
    assert int(box.split()[2]) == int(stretched) + 5


@pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
@pytest.mark.parametrize("template", ["collection", "product"])
def test_lists_and_products_tell_the_price_of_a_litre(template: str, look: str) -> None:
    def shown(measure: str) -> str:
        asked = page(template)
        measured = FixtureReader(
            products=tuple(replace(row, unit_measure=measure) for row in asked.reader.products),  # type: ignore[attr-defined]
            variants={
                number: [replace(row, unit_measure=measure) for row in found]
                for number, found in asked.reader.variants.items()  # type: ignore[attr-defined]
            },
        )
        resource = {
            name: replace(row, unit_measure=measure) if isinstance(row, rows.ProductRow) else row
            for name, row in asked.resource.items()
        }
        return render_page(theme(look), template, replace(asked, reader=measured, resource=resource)).html

    assert "$180.00 / 1 l" in re.sub(r"\s+", " ", shown("250ml/1l")).replace("\xa0", " ").replace("1 L", "1 l")
    assert "/ 1 l" not in shown("").replace("1 L", "1 l")
