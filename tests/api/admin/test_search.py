"""Search through the admin API: settings and rules with compare-and-set, tests, reports."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.search.counts import Count, add_counts
from souk.search.index import rebuild_index
from souk.search_engines.configured import engine_from
from souk.web import searching
from tests.api.admin.apps import App


@pytest.fixture(scope="module")
def products(admin: App) -> list[str]:
    made = [
        admin.post("/products", {"title": f"{name} Lantern", "status": "active", "variants": [{"price": 10}]})[1]["id"]
        for name in ("Tin", "Brass", "Zinc")
    ]
    rebuild_index(engine_from(config()), admin.store.scope)
    return made


def found(app: App, terms: str) -> list[str]:
    answer = app.store.call("GET", f"/api/v1/products/search?q={terms}")
    return [product["id"] for product in answer.get_json()["products"]]


def test_settings_are_read_and_changed_in_parts(admin: App, other_admin: App) -> None:
    theirs = other_admin.get("/search/settings")
    before = admin.get("/search/settings")[1]

    status, changed = admin.patch("/search/settings", {"synonyms": [["mug", "cup"]], "version": before["version"]})
    again = admin.patch("/search/settings", {"stop_words": ["the"], "facets": [{"source": "brand", "label": "Maker"}]})[
        1
    ]

    assert (status, changed["synonyms"], changed["facets"]) == (200, [["mug", "cup"]], before["facets"])
    assert again == {
        "synonyms": [["mug", "cup"]], "stop_words": ["the"], "facets": [{"source": "brand", "label": "Maker"}],
        "version": changed["version"] + 1,
    }  # fmt: skip
    assert admin.get("/search/settings")[1] == again
    assert other_admin.get("/search/settings") == theirs


def test_of_two_who_saw_the_same_settings_one_wins(admin: App) -> None:
    seen, answers = admin.get("/search/settings")[1]["version"], []

    def change(word: str) -> None:
        answers.append(admin.patch("/search/settings", {"stop_words": [word], "version": seen}))

    writers = [threading.Thread(target=change, args=(word,)) for word in ("of", "and")]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    (won, lost) = sorted(answers, key=lambda answer: answer[0])
    assert (won[0], lost[0], lost[1]["code"]) == (200, 409, "search_settings_changed")
    assert lost[1]["version"] == won[1]["version"] == admin.get("/search/settings")[1]["version"]


def test_a_rule_pins_and_hides_until_it_is_deleted(admin: App, other_admin: App, products: list[str]) -> None:
    tin, brass, zinc = products
    usual = found(admin, "lantern")
    body = {"terms": " LANTERN! ", "pinned": [usual[2]], "hidden": [usual[0]]}

    status, rule = admin.post("/search/rules", body, key="lantern")
    repeated = admin.post("/search/rules", body, key="lantern")
    admin_sees = admin.get("/search/rules?terms=Lantern")[1]["rules"]

    assert sorted(usual) == sorted([tin, brass, zinc])
    assert (status, rule["terms"], repeated) == (201, "lantern", (201, rule))
    assert admin_sees == [rule] == [admin.get(f"/search/rules/{rule['id']}")[1]]
    assert eventually(lambda: found(admin, "lantern")) == [usual[2], usual[1]]
    assert other_admin.get("/search/rules")[1]["rules"] == []
    for method in ("GET", "DELETE"):
        assert other_admin.send(method, f"/search/rules/{rule['id']}").status_code == 404
    assert other_admin.patch(f"/search/rules/{rule['id']}", {"redirect": "/x"})[0] == 404
    assert admin.get(f"/search/rules/{rule['id']}")[1] == rule
    assert admin.delete(f"/search/rules/{rule['id']}") == (200, {"id": rule["id"], "deleted": True})
    assert admin.get("/search/rules")[1]["rules"] == []


def eventually(ask: Any) -> list[str]:
    """Ask once the policies that a process keeps for a second are read anew."""
    searching._policies.clear()
    return list(ask())


def test_a_rule_is_changed_in_parts_and_never_over_a_newer_one(admin: App, products: list[str]) -> None:
    rule = admin.post("/search/rules", {"terms": "lamp", "boosted": products[:1]})[1]
    path = f"/search/rules/{rule['id']}"

    changed = admin.patch(path, {"terms": "lamps", "pinned": products[1:2], "version": rule["version"]})[1]
    status, problem = admin.patch(path, {"redirect": "/collections/sale", "version": rule["version"]})
    other = admin.post("/search/rules", {"terms": "torch", "redirect": "/collections/sale"})[1]
    taken = [admin.post("/search/rules", {"terms": "Lamps", "redirect": "/"}), admin.patch(path, {"terms": "torch"})]

    assert (changed["terms"], changed["pinned"], changed["boosted"]) == ("lamps", products[1:2], products[:1])
    assert (status, problem["code"], problem["version"]) == (409, "search_rule_changed", changed["version"])
    assert [(answer[0], answer[1]["code"]) for answer in taken] == [(409, "search_rule_taken")] * 2
    assert admin.get(path)[1] == changed
    for one in (rule, other):
        admin.delete(f"/search/rules/{one['id']}")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/search/rules", {"terms": "!!!", "redirect": "/"}, "search_invalid"),
        ("/search/rules", {"terms": "mug"}, "search_invalid"),
        ("/search/rules", {"terms": "mug", "redirect": "//evil.example"}, "search_invalid"),
        ("/search/rules", {"terms": "mug", "pinned": ["prod_999999"]}, "unknown_reference"),
        ("/search/rules", {"terms": "mug", "pinned": ["variant_1"]}, "invalid_fields"),
        ("/search/rules", {"terms": "mug", "redirect": "/", "color": "red"}, "invalid_fields"),
        ("/search/tests", {"terms": "mug", "product_id": "prod_999999"}, "unknown_reference"),
        ("/search/tests", {"terms": "mug", "product_id": "prod_1", "within": 51}, "invalid_fields"),
    ],
)
def test_a_bad_rule_or_test_changes_nothing(admin: App, path: str, body: dict[str, Any], code: str) -> None:
    before = (admin.get("/search/rules"), admin.get("/search/tests"))

    status, problem = admin.post(path, body)

    assert (status, problem["code"]) == (422, code)
    assert (admin.get("/search/rules"), admin.get("/search/tests")) == before


@pytest.mark.parametrize(
    "body",
    [{"synonyms": [["mug"]]}, {"stop_words": ["two words"]}, {"facets": [{"source": "shoe size"}]}, {"colour": 1}],
)
def test_bad_settings_change_nothing(admin: App, body: dict[str, Any]) -> None:
    before = admin.get("/search/settings")

    assert admin.patch("/search/settings", body)[0] == 422
    assert admin.get("/search/settings") == before


def test_tests_are_kept_run_and_deleted(admin: App, other_admin: App, products: list[str]) -> None:
    status, good = admin.post("/search/tests", {"terms": "tin lantern", "product_id": products[0], "within": 1})
    bad = admin.post("/search/tests", {"terms": "samovar", "product_id": products[1]})[1]

    ran = admin.post("/search/tests/run")[1]
    listed = admin.get("/search/tests")[1]["tests"]

    assert (status, good["found_at"], good["passed"]) == (201, None, False)
    assert ran == {"failed": 1, "tests": listed}
    assert [(test["id"], test["found_at"], test["passed"]) for test in listed] == [
        (bad["id"], None, False), (good["id"], 1, True),
    ]  # fmt: skip
    assert other_admin.get("/search/tests")[1]["tests"] == []
    assert other_admin.delete(f"/search/tests/{good['id']}")[0] == 404
    for test in listed:
        assert admin.delete(f"/search/tests/{test['id']}")[0] == 200
    assert admin.post("/search/tests/run")[1] == {"failed": 0, "tests": []}


def test_queries_and_runs_are_reported(admin: App, other_admin: App, products: list[str]) -> None:
    with transaction(admin.store.scope) as session:
        today, asked = clock.now().date(), {"samovar", "urn"}
        add_counts(session, {(today, "samovar"): Count(4, 4, 0), (today, "urn"): Count(3, 0, 0)})

    reports = {
        # What other tests searched for is counted by a thread, when it comes to it.
        name: [
            row["terms"] for row in admin.get(f"/search/queries?report={name}")[1]["queries"] if row["terms"] in asked
        ]
        for name in ("popular", "without_results", "without_clicks")
    }
    runs = admin.get("/search/runs?limit=1")[1]

    assert reports == {"popular": ["samovar", "urn"], "without_results": ["samovar"], "without_clicks": ["urn"]}
    assert [(run["kind"], run["status"]) for run in runs["runs"]] == [("rebuild", "live")]
    assert admin.get("/search/queries?days=91")[0] == 422
    assert other_admin.get("/search/queries")[1]["queries"] == []
    assert other_admin.get("/search/runs")[1]["runs"] == []


def test_tests_of_a_shop_without_an_index_cannot_run(other_admin: App) -> None:
    product = other_admin.get("/products?limit=1")[1]["products"][0]["id"]
    test = other_admin.post("/search/tests", {"terms": "bowl", "product_id": product})[1]

    status, problem = other_admin.post("/search/tests/run")
    other_admin.delete(f"/search/tests/{test['id']}")

    assert (status, problem["code"]) == (409, "search_index_not_built")


def test_a_new_index_is_asked_for(admin: App) -> None:
    assert admin.post("/search/index") == (202, {"status": "queued"})


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [("GET", "/search/rules", "read_search"), ("PATCH", "/search/settings", "write_search"),
     ("POST", "/search/tests/run", "write_search")],
)  # fmt: skip
def test_each_call_needs_its_scope(admin: App, method: str, path: str, scope: str) -> None:
    outsider, reader = App(admin.store, "write_products"), App(admin.store, "read_search")

    refused = outsider.send(method, path, None if method == "GET" else {})

    assert (refused.status_code, refused.get_json()["permission"]) == (403, scope)
    assert (reader.send(method, path, None if method == "GET" else {}).status_code == 200) is (scope == "read_search")
