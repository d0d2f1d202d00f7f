"""A merchant arranges results, sets words and facets, and keeps search tests; others neither see nor change them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.counts import Count, add_counts
from souk.search.index import rebuild_index
from souk.search.models import SearchRule, SearchTest
from souk.search.policy import Rule, read_policy
from souk.search.settings import FacetChoice
from souk.web.searching import engine
from tests.fixtures.shops import make_shop
from tests.search.products import save
from tests.web_dashboard.conftest import SignedIn


@pytest.fixture
def mugs(platform: None) -> tuple[TenantScope, list[int]]:
    scope = make_shop()
    with transaction(scope) as session:
        ids = [
            save(session, f"{color} Mug", sku=f"MUG-{color}", options=[{"name": "Color", "values": [color]}],
                 specifications=[{"name": "Material", "value": "Clay"}])
            for color in ("Red", "Blue", "Green")
        ]  # fmt: skip
    rebuild_index(engine(), scope)
    return scope, ids


def listed(html: str, name: str) -> list[str]:
    part = html.partition(f'data-results="{name}"')[2].partition("</section>")[0]
    return re.findall(r"<li>.*?<span>([^<]+)</span>", part)


def test_a_preview_stands_beside_the_live_results_and_saves_nothing(
    mugs: tuple[TenantScope, list[int]], signed_in: SignedIn
) -> None:
    scope, (red, blue, green) = mugs
    admin = signed_in(scope, "admin")
    choices = {"terms": "Mug", f"action-{green}": "pinned", f"place-{green}": "1", f"action-{red}": "hidden"}

    before = admin.get("~/search/rules/edit?terms=mug").text
    preview = admin.post("~/search/rules/edit", choices | {"do": "preview"}).text
    with transaction(scope, read_only=True) as session:
        unsaved = read_policy(session).rules
    saved = admin.post("~/search/rules/edit", choices | {"do": "save"})
    after = admin.get("~/search/rules/edit?terms=mug").text

    assert listed(before, "live") == listed(before, "preview") == ["Red Mug", "Blue Mug", "Green Mug"]
    assert listed(preview, "live") == ["Red Mug", "Blue Mug", "Green Mug"]
    assert listed(preview, "preview") == ["Green Mug", "Blue Mug"]
    assert unsaved == {}
    assert saved.status_code == 303
    assert listed(after, "live") == ["Green Mug", "Blue Mug"]
    with transaction(scope, read_only=True) as session:
        assert read_policy(session).rules == {"mug": Rule(pinned=(green,), hidden=(red,))}
    assert blue not in (red, green)


def test_other_products_are_found_and_places_order_the_pins(
    mugs: tuple[TenantScope, list[int]], signed_in: SignedIn
) -> None:
    scope, (_, blue, _) = mugs
    with transaction(scope) as session:
        bench = save(session, "Oak Bench", sku="BENCH")
    admin = signed_in(scope, "admin")

    found = admin.post("~/search/rules/edit", {"terms": "mug", "find": "BENCH", "do": "find"}).text
    pins = {f"action-{bench}": "pinned", f"place-{bench}": "2", f"action-{blue}": "pinned", f"place-{blue}": "1"}
    admin.post("~/search/rules/edit", {"terms": "mug", "do": "save", **pins})

    assert f'name="action-{bench}"' in found
    with transaction(scope, read_only=True) as session:
        assert read_policy(session).rule_of("mug").pinned == (blue, bench)


def test_a_refused_rule_keeps_what_was_typed(mugs: tuple[TenantScope, list[int]], signed_in: SignedIn) -> None:
    scope, _ = mugs
    admin = signed_in(scope, "admin")

    refused = admin.post("~/search/rules/edit", {"terms": "mug", "redirect": "https://evil.example", "do": "save"})

    assert refused.status_code == 422
    assert "write a path of this shop" in refused.text
    assert 'value="https://evil.example"' in refused.text
    with transaction(scope, read_only=True) as session:
        assert session.scalars(select(SearchRule.id)).all() == []


def test_rules_are_listed_and_deleted(mugs: tuple[TenantScope, list[int]], signed_in: SignedIn) -> None:
    scope, _ = mugs
    admin = signed_in(scope, "admin")
    admin.post("~/search/rules/edit", {"terms": "Sale!", "redirect": "/collections/sale", "do": "save"})

    html = admin.get("~/search/rules").text
    with transaction(scope, read_only=True) as session:
        rule_id = session.scalars(select(SearchRule.id)).one()
    admin.post(f"~/search/rules/{rule_id}/delete")

    assert "<b>sale</b>" in html
    assert "/collections/sale" in html
    assert "<b>sale</b>" not in admin.get("~/search/rules").text
    assert admin.post(f"~/search/rules/{rule_id}/delete").status_code == 404


def test_words_and_facets_are_saved_in_the_chosen_order(
    mugs: tuple[TenantScope, list[int]], signed_in: SignedIn
) -> None:
    scope, _ = mugs
    admin = signed_in(scope, "admin")
    page = admin.get("~/search/settings").text
    sources = re.findall(r'name="source" value="([^"]+)"', page)
    places = {"option.Color": "2", "specification.Material": "1"}
    data: dict[str, object] = {
        "synonyms": "mug, cup\n\n tumbler , beaker ", "stop_words": "cheap\nnice",
        "facet": list(places), "source": sources, "label": ["" for _ in sources],
        "place": [places.get(source, "9") for source in sources],
    }  # fmt: skip

    saved = admin.post("~/search/settings", data)
    refused = admin.post("~/search/settings", data | {"synonyms": "alone"})

    assert {"category", "option.*", "option.Color", "specification.Material"} <= set(sources)
    assert (saved.status_code, refused.status_code) == (303, 422)
    with transaction(scope, read_only=True) as session:
        kept = read_policy(session).settings
    assert kept.synonyms == (("mug", "cup"), ("tumbler", "beaker"))
    assert kept.stop_words == ("cheap", "nice")
    assert kept.facets == (FacetChoice("specification.Material"), FacetChoice("option.Color"))


def test_tests_are_added_by_sku_run_and_deleted(mugs: tuple[TenantScope, list[int]], signed_in: SignedIn) -> None:
    scope, (_, blue, _) = mugs
    admin = signed_in(scope, "admin")

    added = admin.post("~/search/tests", {"terms": "blue mug", "product": "MUG-Blue", "within": "1"})
    unknown = admin.post("~/search/tests", {"terms": "blue mug", "product": "NOBODY", "within": "1"})
    admin.post("~/search/tests/run")
    html = admin.get("~/search/tests").text

    with transaction(scope, read_only=True) as session:
        rows = session.execute(select(SearchTest.id, SearchTest.product_id, SearchTest.found_at)).all()
    assert (added.status_code, unknown.status_code) == (303, 422)
    assert [tuple(row)[1:] for row in rows] == [(blue, 1)]
    assert "at 1" in html
    assert admin.post(f"~/search/tests/{rows[0].id}/delete").status_code == 303
    assert admin.post(f"~/search/tests/{rows[0].id}/delete").status_code == 404


def test_reports_and_runs_are_shown(mugs: tuple[TenantScope, list[int]], signed_in: SignedIn) -> None:
    scope, _ = mugs
    with transaction(scope) as session:
        today = clock.now().date()
        add_counts(session, {(today, "teapot"): Count(4, 4), (today, "mug"): Count(9, 0, 2)})
    admin = signed_in(scope, "admin")

    popular, empty = admin.get("~/search").text, admin.get("~/search?report=without_results").text
    rebuilt = admin.post("~/search/rebuild")

    assert "<b>mug</b>" in popular
    assert "<b>teapot</b>" in empty
    assert "<b>mug</b>" not in empty
    assert "3 products" in popular
    assert rebuilt.status_code == 303


@pytest.mark.parametrize(
    "path",
    ["~/search/rules/edit", "~/search/settings", "~/search/tests", "~/search/tests/run", "~/search/rebuild"],
)
def test_a_viewer_looks_and_changes_nothing(
    mugs: tuple[TenantScope, list[int]], signed_in: SignedIn, path: str
) -> None:
    scope, (red, _, _) = mugs
    viewer = signed_in(scope, "viewer")

    denied = viewer.post(path, {"terms": "mug", f"action-{red}": "hidden", "do": "save", "product": "MUG-Red"})

    assert denied.status_code == 403
    assert viewer.get("~/search").status_code == 200
    with transaction(scope, read_only=True) as session:
        policy = read_policy(session)
        assert (policy.rules, session.scalars(select(SearchTest.id)).all()) == ({}, [])
