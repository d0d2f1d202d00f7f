"""What merchants wrote in another language: on every page, at the same number of queries, and never in another shop."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.models import Product, Variant
from souk.catalog.save_product import save_product
from souk.content.menus import save_menu
from souk.content.pages import PageDraft, save_page
from souk.kernel.db import transaction
from souk.kernel.localized import LABEL, MENU, digest_of
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.search.documents import read_documents
from souk.translating.errors import UnknownText
from souk.translating.save import save_translations
from souk.translating.sources import count_resources, read_resources
from souk.translating.state import read_translations
from souk.translating.transfer import read_csv, write_csv
from souk.web.storefront.search_facets import Words
from souk.web.theme_texts import theme_resource
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor
from tests.web.test_storefront import ask_twice, counted


@dataclass(frozen=True, slots=True)
class Shop:
    scope: TenantScope
    product_id: int

    def say(self, kind: str, resource_id: int = 0, **values: str) -> None:
        """Translate by field into German."""
        with transaction(self.scope) as session:
            (resource,) = read_resources(session, kind, ids=[resource_id])
            save_translations(session, resource, "de", values)


def speaking(locales: list[str]) -> Shop:
    scope = make_shop()
    with transaction(scope) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"locales": locales})
        draft = ProductDraft(
            "Bowl", (VariantDraft(1250, options=("Red",), inventory_tracked=False),), description_html="<p>Round.</p>",
            options=("Color",), seo_description="A bowl.",
        )  # fmt: skip
        product_id = save_product(session, draft)
        save_collection(session, CollectionDraft("Kitchen", product_ids=(product_id,)))
        save_page(session, PageDraft("About", "<p>Us.</p>"))
        save_menu(session, "main", "Main", [{"title": "All goods", "type": "url", "target": "/collections/all"}])
    return Shop(scope, product_id)


@pytest.fixture(scope="module")
def german(platform: None) -> Shop:
    shop = speaking(["de"])
    shop.say("product", shop.product_id, title="Schale", description_html="<p>Rund.<script>x</script></p>",
             seo_description="Eine Schale.")  # fmt: skip
    with transaction(shop.scope) as session:
        ids = {kind: read_resources(session, kind)[0].id for kind in ("collection", "page", MENU)}
    shop.say("collection", ids["collection"], title="Küche")
    shop.say("page", ids["page"], title="Über uns", content_html="<p>Wir.</p>")
    shop.say(MENU, ids[MENU], **{f"item.{digest_of('All goods')}": "Alle Waren"})
    shop.say(LABEL, Color="Farbe", Red="Rot")
    return shop


PAGES = {
    "/products/bowl": ["Schale", "<p>Rund.</p>", "Eine Schale.", "Farbe", "Rot", "Alle Waren"],
    "/collections/kitchen": ["Küche", "Schale", "Farbe", "Rot"],
    "/collections": ["Küche"],
    "/pages/about": ["Über uns", "<p>Wir.</p>"],
    "/search?q=bowl": ["Schale"],
    "/search/suggest?q=Bow": ["Schale"],
}


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_what_was_translated(client_for: ClientFor, german: Shop, path: str) -> None:
    client = client_for(german.scope)

    shown, own = client.get(f"/de{path}"), client.get(path).text
    text = shown.get_json()["products"][0]["title"] if shown.is_json else shown.text

    assert [words for words in PAGES[path] if words not in text] == []
    assert [words for words in PAGES[path] if words in own] == []


def test_facets_say_each_level_of_a_category_and_the_titles_of_entries() -> None:
    shop = {"Lighting": "Leuchten", "Oak": "Eiche (Wort)"}
    words = Words(lambda word: shop.get(word, word), {"custom.wood": {"Oak": "Eiche"}})

    assert words.of("category")("Lighting > Table Lamps") == "Leuchten > Table Lamps"
    assert [words.of("option.metafield.custom.wood")(each) for each in ("Oak", "Ash")] == ["Eiche", "Ash"]
    assert words.of("option.Wood")("Oak") == "Eiche (Wort)"


def test_a_colour_is_itself_in_every_language(client_for: ClientFor, german: Shop) -> None:
    client = client_for(german.scope)

    for path in ("/collections/kitchen", "/de/collections/kitchen"):
        assert 'data-swatch="red"' in client.get(path).text


def test_a_visit_in_another_language_takes_no_query_more(client_for: ClientFor, german: Shop, platform: None) -> None:
    alone = client_for(speaking([]).scope)
    counts = []
    for client, prefix in ((alone, ""), (client_for(german.scope), ""), (client_for(german.scope), "/de")):
        ask_twice(client, f"{prefix}/products/bowl")
        with counted() as statements:
            client.get(f"{prefix}/products/bowl?warm=2")
        counts.append(len([line for line in statements if "control." not in line]))

    assert counts[2] <= counts[1]
    assert max(counts) <= 11


def test_the_cart_and_its_language(client_for: ClientFor, german: Shop) -> None:
    client = client_for(german.scope)
    with transaction(german.scope) as session:
        variant = session.execute(select(Variant.id)).scalar_one()
    client.post("/de/cart/add", data={"id": variant, "quantity": "1"})

    shown = client.get("/de/cart").text

    assert "Schale" in shown
    assert "Rot" in shown
    assert "Bowl" not in shown


def test_texts_of_the_theme_are_said_wherever_they_stand(client_for: ClientFor, german: Shop) -> None:
    theme = theme_resource(german.scope)
    heading = next(text for text in theme.texts if text.field in client_texts(client_for(german.scope).get("/").text))
    with transaction(german.scope) as session:
        save_translations(session, theme, "de", {heading.field: "Willkommen im Laden"})

    client = client_for(german.scope)

    assert "Willkommen im Laden" in client.get("/de/?fresh=1").text
    assert "Willkommen im Laden" not in client.get("/?fresh=1").text


def client_texts(html: str) -> set[str]:
    """Return the digests of the texts of a page's headings."""
    return {digest_of(text.strip()) for text in re.findall(r"<h[12][^>]*>([^<]+)<", html)}


def test_a_changed_source_makes_a_translation_outdated_until_it_is_saved_again(german: Shop) -> None:
    shop = speaking(["de"])
    shop.say("product", shop.product_id, title="Schale")
    with transaction(shop.scope) as session:
        done = count_resources(session, "product", undone="de")
        shop_texts = read_resources(session, "product", ids=[shop.product_id])
    shop.say("product", shop.product_id, description_html="<p>Rund.</p>", seo_description="Eine.")

    with transaction(shop.scope) as session:
        complete = count_resources(session, "product", undone="de")
        save_product(session, ProductDraft("Deep bowl", (VariantDraft(1250, inventory_tracked=False),)))
        session.execute(update(Product).where(Product.title == "Bowl").values(title="Wide bowl"))
        undone = [each.title for each in read_resources(session, "product", undone="de")]
        (row,) = read_translations(session, read_resources(session, "product", ids=[shop.product_id]), "de")
    shop.say("product", shop.product_id, title="Schale")
    with transaction(shop.scope) as session:
        again = [each.title for each in read_resources(session, "product", undone="de")]

    assert (done, complete, len(shop_texts)) == (1, 0, 1)
    assert undone == ["Deep bowl", "Wide bowl"]
    assert {entry.text.field: entry.status for entry in row.entries}["title"] == "outdated"
    assert again == ["Deep bowl"]


def test_the_csv_brings_translations_to_where_they_came_from(german: Shop) -> None:
    shop = speaking(["de", "fr"])
    with transaction(shop.scope) as session:
        found = read_resources(session, "product")
        text = write_csv(read_translations(session, found, "de"), "de")
        line = f"PRODUCT,{shop.product_id},title,de,,missing,Bowl,"
        extra = f"{line}Schale\r\nPRODUCT,999,title,de,,,X,Y\r\nPRODUCT,{shop.product_id},nope,de,,,X,Y\r\n"
        extra += f"PRODUCT,{shop.product_id},title,es,,,Bowl,Cuenco\r\n"
        sent = text.replace(f"{line}\r\n", extra).encode()

        def find(kind: str, number: int) -> object:
            return next(iter(read_resources(session, kind, ids=[number])), None)

        report = read_csv(session, sent, ["de", "fr"], find)  # type: ignore[arg-type]
        kept = read_translations(session, found, "de")[0].entries[0]

    assert line in text
    assert (kept.value, report.saved) == ("Schale", 1)
    assert sorted(problem.partition(": ")[2] for problem in report.problems) == [
        "'Bowl' has no text 'nope'.",
        "'es' is no other language of this shop.", "there is no product 999 in this shop.",
    ]  # fmt: skip


def test_search_finds_a_product_by_its_other_names(german: Shop) -> None:
    with transaction(german.scope) as session:
        (document,) = read_documents(session, [german.product_id])

    assert "Schale" in document.description


def test_what_is_no_text_is_refused_and_another_shop_sees_nothing(german: Shop) -> None:
    other = speaking(["de"])
    with pytest.raises(UnknownText):
        other.say("product", other.product_id, handle="schale")

    with transaction(other.scope) as session:
        (row,) = read_translations(session, read_resources(session, "product"), "de")
    assert row.count("missing") == len(row.entries)
