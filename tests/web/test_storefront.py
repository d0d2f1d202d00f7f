from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.models import ProductMedia
from souk.catalog.save_product import save_product
from souk.content.menus import save_menu
from souk.content.pages import PageDraft, save_page
from souk.content.redirects import save_redirect
from souk.kernel.connections import engine_of
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.models import Media
from souk.web.page_cache.fragments import EXTENSION
from tests.fixtures.shops import make_shop
from tests.fixtures.watching import wait_for
from tests.web.conftest import ClientFor

NAMES = ("S", "M")


@pytest.fixture(scope="module")
def filled(platform: None) -> TenantScope:
    scope = make_shop(description="Everything for a quiet house.")
    with transaction(scope) as session:
        ids = [
            save_product(
                session,
                ProductDraft(
                    f"Chair {n:02}",
                    tuple(VariantDraft(1000 + n, (size,), inventory_tracked=False) for size in NAMES),
                    description_html="<p>Made of oak.</p>",
                    vendor="Alba",
                    options=("Size",),
                ),
            )
            for n in range(30)
        ]
        collection = save_collection(session, CollectionDraft("Chairs", product_ids=tuple(ids)))
        save_page(session, PageDraft("About us", "<p>We build chairs.</p>"))
        save_menu(session, "main", "Main", [{"title": "Chairs", "type": "collection", "target": collection}])
        save_redirect(session, "/old-chair", "/products/chair-01")
    return scope


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements of this thread: another writes now and then how often a search was asked."""
    statements: list[str] = []
    engine, thread = engine_of("default"), threading.get_ident()

    def note(*args: object) -> None:
        if threading.get_ident() == thread:
            statements.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def ask_twice(client: FlaskClient, address: str) -> None:
    """Ask for a page until the process keeps parts of it; before it hears purges it keeps nothing."""
    client.get(address)
    assert wait_for(lambda: client.application.extensions[EXTENSION].memory.heard)
    client.get(f"{address}{'&' if '?' in address else '?'}uncached=first")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Chairs"),
        ("/collections", "Chairs"),
        ("/collections/chairs", "Chair 00"),
        ("/collections/chairs?page=2", "Chair 29"),
        ("/collections/all?filter.price.max=10.05&sort_by=price-descending", "Chair 05"),
        ("/products/chair-07", "Made of oak."),
        ("/pages/about-us", "We build chairs."),
        ("/search?q=chair+12", "Chair 12"),
        ("/robots.txt", "Sitemap: "),
        ("/sitemap.xml", "/sitemaps/products-1.xml"),
        ("/sitemaps/products-1.xml", "/products/chair-29"),
    ],
)
def test_a_page_shows_the_shops_own_things_and_no_other_shops(
    client_for: ClientFor, filled: TenantScope, other_shop: TenantScope, path: str, words: str
) -> None:
    own = client_for(filled).get(path)
    other = client_for(other_shop).get(path)

    assert own.status_code == 200
    assert words in own.text
    assert "Chair 1" not in other.text
    assert "Chair 0" not in other.text


@pytest.mark.parametrize(("path", "most"), [("/collections/chairs", 6), ("/products/chair-07", 8), ("/", 6)])
def test_a_page_takes_a_fixed_number_of_queries(
    client_for: ClientFor, filled: TenantScope, path: str, most: int
) -> None:
    client = client_for(filled)
    ask_twice(client, path)

    with counted() as statements:
        assert client.get(f"{path}?uncached=1").status_code == 200

    # Which shop a host belongs to is remembered for a while, whatever page asks next.
    own = [line for line in statements if "control.tenants" not in line]
    assert len(own) <= most, "\n".join(line[:150].replace("\n", " ") for line in own)


def test_a_missing_page_is_the_themes_404_and_an_old_address_redirects(
    client_for: ClientFor, filled: TenantScope
) -> None:
    client = client_for(filled)

    missing = client.get("/products/none", headers={"Accept": "text/html"})
    moved = client.get("/old-chair")

    assert missing.status_code == 404
    assert "theme.css" in missing.text
    assert moved.status_code == 301
    assert moved.headers["Location"] == "/products/chair-01"
    assert client.get("/old-chair?variant=2").headers["Location"] == "/products/chair-01?variant=2"


def test_single_sections_are_answered_as_json(client_for: ClientFor, filled: TenantScope) -> None:
    answer = client_for(filled).get("/?sections=header,nothing")

    assert answer.json is not None
    assert list(answer.json) == ["header"]
    assert "<header" in answer.json["header"]


def test_suggestions_hold_products_and_collections(
    client_for: ClientFor, filled: TenantScope, other_shop: TenantScope
) -> None:
    own = client_for(filled).get("/search/suggest?q=chair&limit=2").json
    other = client_for(other_shop).get("/search/suggest?q=chair&limit=2").json

    assert own is not None
    assert [product["title"] for product in own["products"]] == ["Chair 00", "Chair 01"]
    assert own["products"][0]["price_formatted"] == "$10.00"
    assert own["queries"][0] == {"text": "Chair 00", "url": "/search?q=Chair+00"}
    assert own["collections"] == [{"title": "Chairs", "url": "/collections/chairs"}]
    assert other == {"products": [], "collections": [], "pages": [], "queries": []}


@pytest.mark.parametrize("query", ["page=99999999999", "filter.price.min=abc", "filter.rating.min=%00", "sort_by=x"])
def test_an_edited_address_is_no_error(client_for: ClientFor, filled: TenantScope, query: str) -> None:
    assert client_for(filled).get(f"/collections/chairs?{query}").status_code == 200


def test_assets_are_immutable_and_pictures_of_other_shops_absent(
    client_for: ClientFor, filled: TenantScope, other_shop: TenantScope
) -> None:
    client = client_for(filled)
    address = client.get("/").text.partition('/theme.css"')[0].rpartition('"')[2] + "/theme.css"

    sheet = client.get(address)

    assert sheet.status_code == 200
    assert sheet.content_type == "text/css; charset=utf-8"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert client.get("/theme/000000000000/theme.css").status_code == 404
    for extension in ("webp", "jpg"):
        assert client.get(f"/media/t{other_shop.tenant_id}/abc/720.{extension}").status_code == 404


def test_each_variant_leads_to_its_own_picture(client_for: ClientFor, shop: TenantScope) -> None:
    size = {"width": 400, "height": 400, "byte_size": 9, "content_type": "image/png"}
    rows = [{"storage_key": f"t{shop.tenant_id}/{name}", "filename": name, "sha256": name, **size} for name in "abc"]
    with transaction(shop) as session:
        ids = list(session.scalars(insert(Media).returning(Media.id, sort_by_parameter_order=True), rows))
        shown = {"Red": ids[2], "Blue": ids[0], "Green": None}
        variants = tuple(VariantDraft(1250, options=(color,), media_id=each) for color, each in shown.items())
        gallery = tuple((each, "") for each in ids)
        save_product(session, ProductDraft("Poster", variants, options=("Color",), media=gallery))

    page = client_for(shop).get("/products/poster").text

    table = json.loads(page.partition('id="product-data">')[2].partition("</script>")[0])["table"]
    assert [row[-1] for row in table["rows"]] == [3, 1, 0]


def test_a_picture_keeps_its_focal_point_and_its_words(client_for: ClientFor, shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save_product(session, ProductDraft("Tall Vase", (VariantDraft(1250),)))
        media = {"storage_key": f"t{shop.tenant_id}/vase", "filename": "v.png", "content_type": "image/png"}
        size = {"width": 400, "height": 900, "byte_size": 9, "sha256": "00", "focal_x": 30, "focal_y": 0}
        media_id = session.scalar(insert(Media).values(**media, **size, alt="A vase").returning(Media.id))
        session.execute(insert(ProductMedia).values(product_id=product_id, media_id=media_id))

    page = client_for(shop).get("/products/tall-vase").text

    assert 'style="object-position:30% 0%"' in page
    assert 'alt="A vase"' in page
