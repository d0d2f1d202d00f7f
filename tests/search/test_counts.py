"""Searches are counted by nobody's name, and reports tell what failed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.counts import Count, add_counts, countable
from souk.search.reports import QueryUse, past_queries, query_report


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
                    (today, "mudguard"): Count(searches=3, without_results=3),
                    (today - timedelta(days=31), "mug"): Count(searches=100),
                },
            )

    with transaction(shop, read_only=True) as session:
        reports = {name: query_report(session, name) for name in ("popular", "without_results", "without_clicks")}
        typed = past_queries(session, "MU", 5)
    with transaction(other_shop, read_only=True) as session:
        theirs = (query_report(session, "popular"), past_queries(session, "mu", 5))

    assert reports["popular"] == [
        QueryUse("mug", 8, 0, 2), QueryUse("mudguard", 6, 6, 0), QueryUse("muddler", 4, 0, 0)
    ]  # fmt: skip
    assert [use.terms for use in reports["without_results"]] == ["mudguard"]
    assert [use.terms for use in reports["without_clicks"]] == ["muddler"]
    assert typed == ["mug", "muddler"]
    assert theirs == ([], [])
