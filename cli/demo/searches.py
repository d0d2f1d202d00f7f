"""What the merchants of the demo decided about search, and what their shoppers asked in the last 30 days."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.catalog import Shop
from souk.catalog.models import Product
from souk.kernel import clock
from souk.search.counts import Count, add_counts
from souk.search.promises import add_search_test
from souk.search.rules import RuleDraft, save_rule
from souk.search.save_settings import save_search_settings
from souk.search.settings import SearchSettings

DAYS = 30


@dataclass(frozen=True)
class Searches:
    """`pinned` and `redirects` by query; `tests` are (query, handle, within); `asked` (a day, in vain, followed)."""

    synonyms: tuple[tuple[str, ...], ...]
    pinned: Mapping[str, tuple[str, ...]]
    redirects: Mapping[str, str]
    tests: tuple[tuple[str, str, int], ...]
    asked: Mapping[str, tuple[float, float, float]]


_NONE = Searches((), {}, {}, (), {})
SEARCHES = {
    "ember": Searches(
        synonyms=(("mug", "cup", "tumbler"), ("pan", "skillet", "saucepan"), ("throw", "blanket")),
        pinned={"gift": ("cedar-smoke-candle", "nesting-bowls-set-of-three"), "mug": ("enamel-camp-mug",)},
        redirects={"returns": "/pages/shipping-returns"},
        tests=(("camp mug", "enamel-camp-mug", 1), ("kettle", "whistling-kettle", 3), ("bowls", "everyday-bowl", 5)),
        asked={
            "mug": (6, 0, 0.6), "candle": (4, 0, 0.5), "dutch oven": (3, 0, 0.7), "kettle": (2.5, 0, 0.5),
            "gift": (2, 0, 0.4), "blanket": (1.5, 0, 0.3), "tea towel": (1, 1, 0), "air fryer": (0.7, 1, 0),
            "rug": (0.6, 0.5, 0), "basket": (0.5, 0, 0),
        },
    ),
    "lumen": Searches(
        synonyms=(("lampe", "lamp", "leuchte"), ("tasse", "becher", "mug"), ("pullover", "sweater")),
        pinned={"lampe": ("kugel-table-lamp", "plissee-lamp")},
        redirects={},
        tests=(("pendant", "papiermond-pendant", 5), ("notebook", "notizbuch-a5", 5)),
        asked={
            "lamp": (5, 0, 0.6), "pendant": (3, 0, 0.5), "pen": (2, 0, 0.5), "sweater": (1.5, 0, 0.4),
            "desk lamp": (1.2, 0, 0.6), "rucksack": (0.8, 0.4, 0.2), "smart bulb": (0.6, 1, 0), "vase": (0.5, 0, 0.3),
        },
    ),
}  # fmt: skip


def search_like(session: Session, shop: Shop) -> None:
    """Keep rules, synonyms, tests and the counts of the past; what names a product that the shop lacks is left out."""
    searches = SEARCHES.get(shop.slug, _NONE)
    ids = {row.handle: row.id for row in session.execute(select(Product.handle, Product.id))}
    save_search_settings(session, SearchSettings(searches.synonyms))
    for terms, handles in searches.pinned.items():
        if pinned := tuple(ids[handle] for handle in handles if handle in ids):
            save_rule(session, RuleDraft(terms, pinned=pinned))
    for terms, target in searches.redirects.items():
        save_rule(session, RuleDraft(terms, redirect=target))
    for terms, handle, within in searches.tests:
        if handle in ids:
            add_search_test(session, terms, ids[handle], within)
    add_counts(session, _counts(shop.slug, searches))


def _counts(slug: str, searches: Searches) -> dict[tuple[date, str], Count]:
    chance = random.Random(slug)  # noqa: S311 - a plan, not a secret
    today = clock.now().date()
    counts: dict[tuple[date, str], Count] = {}
    for terms, (often, in_vain, followed) in searches.asked.items():
        for days_ago in range(DAYS):
            if asked := round(chance.uniform(0, 2) * often):
                count = Count(asked, round(asked * in_vain), round(asked * (1 - in_vain) * followed))
                counts[today - timedelta(days=days_ago), terms] = count
    return counts
