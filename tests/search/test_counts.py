"""Searches are counted by nobody's name, and reports tell what failed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.counts import Count, add_counts, countable
from souk.search.reports import QueryUse, past_queries, past_terms, query_report
from souk.search.rules import RuleDraft, save_rule
from souk.web import search_counts


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Red  Mug", "red mug"),
        ("rtx 2060", "rtx 2060"),
        ("ada@example.com", ""),
        ("030 1234567", ""),
        ("+49 (30) 123-456", ""),
        ("4111 1111 1111 1111", ""),
        ("x", ""),
        ("a" * 61, ""),
    ],
)
def test_what_may_be_a_person_is_not_counted(text: str, key: str) -> None:
    assert countable(text) == key


def asked(session: Session, text: str) -> list[str]:
    return list(session.scalars(past_queries(), past_terms(text) | {"most": 5}))


def test_reports_add_up_days_and_see_no_other_shop(shop: TenantScope, other_shop: TenantScope) -> None:
    today = clock.now().date()
    for _ in range(2):
        with transaction(shop) as session:
            add_counts(
                session,
                {
                    (today, "mug"): Count(searches=3, clicks=1),
                    (today - timedelta(days=1), "mug"): Count(searches=1),
                    (today, "muddler"): Count(searches=2),
                    (today, "opening hours"): Count(searches=1),
                    (today, "mudguard"): Count(searches=3, without_results=3),
                    (today - timedelta(days=31), "mug"): Count(searches=100),
                },
            )

    with transaction(shop) as session:
        save_rule(session, RuleDraft("opening hours", redirect="/pages/contact"))
        reports = {name: query_report(session, name) for name in ("popular", "without_results", "without_clicks")}
        typed = asked(session, "MU")
    with transaction(other_shop, read_only=True) as session:
        theirs = (query_report(session, "popular"), asked(session, "mu"))

    assert reports["popular"] == [
        QueryUse("mug", 8, 0, 2), QueryUse("mudguard", 6, 6, 0), QueryUse("muddler", 4, 0, 0),
        QueryUse("opening hours", 2, 0, 0),
    ]  # fmt: skip
    assert [use.terms for use in reports["without_results"]] == ["mudguard"]
    assert [use.terms for use in reports["without_clicks"]] == ["muddler"]
    assert typed == ["mug", "muddler"]
    assert theirs == ([], [])


def test_two_processes_add_to_the_same_query_without_losing_a_search(shop: TenantScope) -> None:
    key, started, failed = (clock.now().date(), "raced"), threading.Event(), list[BaseException]()

    def other() -> None:
        try:
            with transaction(shop) as session:
                started.set()
                add_counts(session, {key: Count(searches=2)})
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    thread = threading.Thread(target=other)
    with transaction(shop) as session:
        add_counts(session, {key: Count(searches=1, clicks=1)})
        thread.start()
        started.wait(5)
    thread.join(10)

    with transaction(shop, read_only=True) as session:
        uses = {use.terms: use for use in query_report(session, "popular")}
    assert failed == []
    assert uses["raced"] == QueryUse("raced", 3, 0, 1)


def test_the_counter_keeps_a_bound_and_writes_each_shop_apart(
    shop: TenantScope, other_shop: TenantScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_counts, "MOST_KEPT", 2)
    counter = search_counts.Counter(seconds=3600)

    for text in ("bounded one", "bounded two", "bounded three", "Bounded One"):
        counter.searched(shop, text, 1)
    counter.write()
    counter.searched(other_shop, "bounded other", 0)
    counter.write()

    with transaction(shop, read_only=True) as session:
        mine = {use.terms: use.searches for use in query_report(session, "popular") if "bounded" in use.terms}
    with transaction(other_shop, read_only=True) as session:
        theirs = {use.terms: use.without_results for use in query_report(session, "popular")}
    assert mine == {"bounded one": 2, "bounded two": 1}
    assert theirs == {"bounded other": 1}
