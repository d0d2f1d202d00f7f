"""The demo shops are made once, whole, and apart from each other."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import func, select

from cli.demo import changes, history, seed
from cli.demo.catalog import Shop
from cli.demo.develop import Album
from cli.demo.ember import EMBER
from cli.demo.fill import MARK
from cli.demo.front import presets
from cli.demo.gallery import draw
from cli.demo.journal import EMBER_POSTS, LUMEN_POSTS
from cli.demo.lumen import LUMEN
from cli.demo.searches import SEARCHES
from cli.demo.special import SET
from souk.catalog.models import Collection, Product, Variant
from souk.checkout import complete
from souk.checkout.abandoned.queries import list_abandoned, status_of
from souk.checkout.models import Checkout
from souk.content.menus import menus_by_handle
from souk.content.models import Article
from souk.inventory.audit import audit
from souk.inventory.models import InventoryLevel, InventoryMovement
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.models import OutboxEvent
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.media.models import Media
from souk.notifications.consume import CONSUMERS, WANTS, dedupe_key
from souk.notifications.models import MailMessage
from souk.orders.models import DraftOrder, Fulfillment, Order, OrderChange, OrderEvent
from souk.reviews.models import Review
from souk.search.policy import read_rules
from souk.search.reports import last_runs, query_report
from souk.search.settings import from_json
from souk.web.language_prefix import published_languages
from themes.models import ThemeInstallation


def small(shop: Shop) -> Shop:
    """A few products instead of all: drawing every picture would take the suite longer than it proves."""
    sized = next((product.handle for product in shop.products if product.product_type == "Knitwear"), "")
    wanted = {product.handle for product in shop.products[:3]} | {handle for handle, _ in SET} | {sized}
    products = tuple(product for product in shop.products if product.handle in wanted)
    handles = {product.handle for product in products}
    collections = tuple(
        replace(each, products=tuple(h for h in each.products if h in handles) or (products[0].handle,), cover="")
        for each in shop.collections
    )
    return replace(shop, products=products, collections=collections)


@pytest.fixture(scope="module")
def facts(platform: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed, "SHOPS", (small(EMBER), small(LUMEN)))
        patch.setattr(history, "DAYS", 6)
        seed.seed_demo(path)
    return path


def scope_of(slug: str) -> TenantScope:
    scope = seed._scope(slug)
    assert scope is not None
    return scope


def counts(slug: str) -> tuple[int, ...]:
    with transaction(scope_of(slug), read_only=True) as session:
        tables = (Product, Variant, Collection, Media, Review, Order)
        return tuple(session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def test_the_facts_hold_what_a_person_needs(facts: Path) -> None:
    content = json.loads(facts.read_text("utf-8"))

    assert [shop["slug"] for shop in content["shops"]] == ["ember", "lumen"]
    assert [shop["currency"] for shop in content["shops"]] == ["USD", "EUR"]
    assert [shop["custom_host"] for shop in content["shops"]] == ["ember-and-oak.localhost", "lumen-studio.localhost"]
    assert content["admin"]["email"] == "owner@example.com"
    assert stat.S_IMODE(facts.stat().st_mode) == 0o600


def test_a_second_start_changes_nothing(facts: Path) -> None:
    before, text = (counts("ember"), counts("lumen")), facts.read_text("utf-8")

    seed.seed_demo(facts)

    assert (counts("ember"), counts("lumen")) == before
    assert facts.read_text("utf-8") == text


def test_lost_facts_are_written_again_without_a_second_catalogue(facts: Path, tmp_path: Path) -> None:
    before = (counts("ember"), counts("lumen"))

    seed.seed_demo(tmp_path / "again.json")

    assert (counts("ember"), counts("lumen")) == before
    assert json.loads((tmp_path / "again.json").read_text("utf-8"))["shops"][0]["slug"] == "ember"


def test_each_shop_has_its_own_products(facts: Path) -> None:
    handles = []
    for slug in ("ember", "lumen"):
        with transaction(scope_of(slug), read_only=True) as session:
            handles.append(set(session.execute(select(Product.handle)).scalars()))

    ember, lumen = ({product.handle for product in small(shop).products} for shop in (EMBER, LUMEN))
    assert handles == [ember | {"slow-morning-set"}, lumen | {"notes-on-light-pdf"}]
    assert len(ember | lumen) == len(ember) + len(lumen)


def test_menus_lead_to_collections(facts: Path) -> None:
    with transaction(scope_of("ember"), read_only=True) as session:
        main = menus_by_handle(session, ["main"])["main"]

    assert [link.url for link in main.links][:2] == ["/collections/kitchen", "/collections/home"]
    assert [link.url for link in main.links[0].links] == ["/collections/table", "/collections/cookware"]


def test_each_shop_writes_a_blog_of_its_own_and_speaks_other_languages(facts: Path) -> None:
    titles, languages = [], []
    for slug in ("ember", "lumen"):
        with transaction(scope_of(slug), read_only=True) as session:
            titles.append(
                set(session.execute(select(Article.title).where(Article.published_at < clock.now())).scalars())
            )
            languages.append(published_languages(read_setting(session, "shop")))

    assert titles == [{post.title for post in EMBER_POSTS}, {post.title for post in LUMEN_POSTS}]
    assert languages == [["en", "es"], ["en", "de", "fr"]]


def test_the_past_orders_agree_with_stock_and_ledger(facts: Path) -> None:
    with transaction(scope_of("lumen")) as session:
        orders = session.execute(select(Order.financial_status, func.count()).group_by(Order.financial_status)).all()
        negative = session.execute(
            select(func.count()).where(InventoryLevel.on_hand - InventoryLevel.committed < 0)
        ).scalar_one()
        problems = audit(session)
        moved = select(func.min(InventoryMovement.created_at), func.max(InventoryMovement.created_at))
        came_in = session.execute(moved.where(InventoryMovement.reason == "received")).one()
        sold = session.execute(moved.where(InventoryMovement.kind == "allocated")).one()

    assert came_in[1] < sold[0]
    assert {status for status, _ in orders} <= {"paid", "partially_paid", "partially_refunded"}
    assert negative == 0
    assert list(problems) == []


def mails(slug: str) -> dict[str, str]:
    with transaction(scope_of(slug), read_only=True) as session:
        rows = session.execute(select(MailMessage.dedupe_key, MailMessage.status))
        return {row.dedupe_key: row.status for row in rows}


@pytest.mark.parametrize("slug", ["ember", "lumen"])
def test_the_past_orders_write_to_nobody(facts: Path, slug: str) -> None:
    columns = (OutboxEvent.name, OutboxEvent.subject_id, OutboxEvent.payload)
    told = select(*columns).where(OutboxEvent.tenant_id == scope_of(slug).tenant_id)
    with transaction(pod_scope("default"), read_only=True) as session:
        found = [Event(*row) for row in session.execute(told.where(OutboxEvent.name.in_(CONSUMERS)))]
    events = [event for event in found if event.name not in WANTS or WANTS[event.name](event)]

    assert len(events) >= 4
    assert mails(slug) == {dedupe_key(event): "sent" for event in events}


def test_past_orders_are_dated_and_shipped_by_the_shop_that_ships_itself(facts: Path) -> None:
    with transaction(scope_of("lumen"), read_only=True) as session:
        rows = session.execute(
            select(Order.placed_at, Order.fulfillment_status, Fulfillment.shipped_at)
            .join(Fulfillment, Fulfillment.order_id == Order.id)
            .order_by(Order.number)
        ).all()

    assert rows == sorted(rows)
    assert {row.fulfillment_status for row in rows} == {"fulfilled"}
    assert all(row.shipped_at - row.placed_at == timedelta(minutes=20) for row in rows)


@pytest.mark.parametrize(
    ("place", "step", "slug"),
    [
        (history, "_paid", "begun"),
        (complete, "conclude", "charged"),
        (history, "_ship", "placed"),
        (history, "keep_as_sent", "told"),
        (changes, "issue_invoice", "edited"),
    ],
)
def test_a_start_killed_in_the_middle_of_the_past_is_repaired(
    facts: Path, monkeypatch: pytest.MonkeyPatch, place: ModuleType, step: str, slug: str
) -> None:
    shop = replace(small(EMBER), slug=f"killed-{slug}")
    monkeypatch.setitem(seed.CUSTOM_HOSTS, shop.slug, f"{shop.slug}.example")
    monkeypatch.setattr(history, "DAYS", 6)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(place, step, killed_at_the_second_call(getattr(place, step)))
        seed.seed_shop(shop, album_of)

    seed.seed_shop(shop, album_of)

    with transaction(scope_of(shop.slug)) as session:
        mark = read_setting(session, MARK)
        plan = history.purchases(shop, datetime.fromisoformat(mark["filled_at"]))
        bought = select(Checkout.created_at).where(Checkout.source != "draft", Checkout.status == "completed")
        begun = list(session.execute(bought.order_by(Checkout.id)).scalars())
        orders = session.execute(select(func.count()).select_from(Order)).scalar_one()
        changed = session.execute(select(OrderChange.kind, OrderChange.order_id)).all()
        drafts = session.execute(select(func.count()).select_from(DraftOrder)).scalar_one()
        problems = list(audit(session))
    assert mark["replayed"] is True
    # The last one is of the buyer who left and came back.
    assert begun[:-1] == [purchase.at for purchase in plan]
    assert orders == len(plan) + 1
    assert len(changed) == len(set(changed))
    assert [row.kind for row in changed].count("edit") == 1
    assert 1 <= [row.kind for row in changed].count("return") <= 3
    assert drafts == 2
    assert set(mails(shop.slug).values()) == {"sent"}
    assert problems == []


def killed_at_the_second_call(function: Callable[..., Any]) -> Callable[..., Any]:
    calls = count(1)

    def call(*args: Any, **more: Any) -> Any:
        if next(calls) > 1:
            raise KeyboardInterrupt
        return function(*args, **more)

    return call


def album_of(shop: Shop) -> Album:
    """One picture for all: what it shows is none of these tests' business."""
    picture = draw(shop.products[0], 0)
    return Album({product.handle: [picture] for product in shop.products}, [picture] * len(shop.banners))


def test_variants_show_the_picture_of_their_colour(facts: Path) -> None:
    with transaction(scope_of("ember"), read_only=True) as session:
        rows = session.execute(
            select(Variant.option1, Media.alt)
            .join(Media, Media.id == Variant.media_id)
            .join(Product, Product.id == Variant.product_id)
            .where(Product.handle == "hearth-mug")
            .order_by(Variant.position)
        ).all()

    assert [tuple(row) for row in rows] == [
        ("Sage", "Hearth Mug in sage"),
        ("Chalk", "Hearth Mug in chalk"),
        ("Terracotta", "Hearth Mug in terracotta, from another side"),
    ]


def front_of(slug: str) -> ThemeInstallation:
    with transaction(scope_of(slug), read_only=True) as session:
        return session.execute(select(ThemeInstallation).where(ThemeInstallation.role == "main")).scalar_one()


def test_the_shops_wear_two_presets_of_the_theme(facts: Path) -> None:
    ember, lumen = front_of("ember"), front_of("lumen")

    assert (ember.base_handle, lumen.base_handle) == ("bazaar", "bazaar")
    assert ember.settings == presets()["Bazaar"]
    assert lumen.settings == presets()["Atelier"]


def test_the_home_pages_tell_each_shops_own_story(facts: Path) -> None:
    ember, lumen = front_of("ember").templates, front_of("lumen").templates

    assert ember["templates/index.json"]["sections"]["hero"]["settings"]["heading"] == "Made to be used."
    assert lumen["templates/index.json"]["sections"]["hero"]["settings"]["heading"] == "Light, paper, wool"
    assert ember["templates/index.json"]["order"] != lumen["templates/index.json"]["order"]
    assert ember["sections/header-group.json"]["sections"]["announcement"]["blocks"] == {
        "message-1": {
            "type": "message",
            "settings": {"text": "Ground shipping within the United States in 3 to 5 days"},
        }
    }


@pytest.mark.parametrize("slug", ["ember", "lumen"])
def test_the_home_page_shows_pictures_and_collections_of_its_own_shop(facts: Path, slug: str) -> None:
    sections = front_of(slug).templates["templates/index.json"]["sections"].values()
    settings = [section["settings"] for section in sections]
    settings += [block["settings"] for section in sections for block in section.get("blocks", {}).values()]
    pictures = {each["image"] for each in settings if "image" in each}
    collections = {each["collection"] for each in settings if "collection" in each}

    with transaction(scope_of(slug), read_only=True) as session:
        kept = set(session.execute(select(Media.storage_key)).scalars())
        handles = set(session.execute(select(Collection.handle)).scalars())

    assert pictures
    assert pictures <= kept
    assert collections <= handles


def test_nothing_happens_to_an_order_before_it_is_placed(facts: Path) -> None:
    for slug in ("ember", "lumen"):
        early = select(OrderEvent.type).join(Order, Order.id == OrderEvent.order_id)
        with transaction(scope_of(slug), read_only=True) as session:
            assert session.scalars(early.where(OrderEvent.created_at < Order.placed_at)).all() == []


def test_one_of_the_shops_fulfills_by_itself(facts: Path) -> None:
    automatic = {}
    for slug in ("ember", "lumen"):
        with transaction(scope_of(slug), read_only=True) as session:
            automatic[slug] = read_setting(session, "shop")["auto_fulfill"]

    assert automatic == {"ember": False, "lumen": True}


def test_a_shop_has_fields_of_its_own(facts: Path) -> None:
    found = {}
    for shop in (EMBER, LUMEN):
        with transaction(scope_of(shop.slug), read_only=True) as session:
            found[shop.slug] = session.scalars(select(Product.metafields).where(Product.metafields != {})).all()

    assert any(fields.get("custom.care") == "Dishwasher" and "custom.maker" in fields for fields in found["ember"])
    assert found["lumen"]
    assert all(set(fields) == {"custom.size_chart"} for fields in found["lumen"])


def test_the_merchants_have_arranged_their_search_and_see_what_was_asked(facts: Path) -> None:
    for shop in (EMBER, LUMEN):
        with transaction(scope_of(shop.slug), read_only=True) as session:
            settings = from_json(read_setting(session, "search"))
            asked = {one.terms: one for one in query_report(session, "popular")}
            in_vain = [one.terms for one in query_report(session, "without_results")]
            rules, runs = read_rules(session), last_runs(session)

        assert settings.synonyms == SEARCHES[shop.slug].synonyms
        assert set(asked) == set(SEARCHES[shop.slug].asked)
        assert 0 < len(in_vain) < len(asked)
        assert set(rules) >= set(SEARCHES[shop.slug].redirects)
        assert [run.status for run in runs] == ["live"]


def test_some_buyers_left_and_one_came_back(facts: Path) -> None:
    for slug in ("ember", "lumen"):
        with transaction(scope_of(slug), read_only=True) as session:
            rows, total = list_abandoned(session)

        assert total == 4
        assert sorted(status_of(row) for row in rows) == ["open", "open", "open", "recovered"]
