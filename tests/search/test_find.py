"""The engine proposes, the shop's own rows decide; an engine that is down costs quality and no page."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from souk.catalog.models import Product
from souk.kernel.db import NetworkInsideTransaction, transaction
from souk.kernel.tenancy import TenantScope
from souk.search.circuit import PAUSE_SECONDS, Circuit
from souk.search.engine import SearchQuery, SearchResults
from souk.search.errors import SearchUnavailable
from souk.search.find import DEGRADED, Found, ask, ask_completions, completions, find
from souk.search.index import rebuild_index
from souk.search_engines.tantivy_engine import TantivyEngine
from tests.search.products import save


class DownEngine(TantivyEngine):
    """Counts how often it is asked in vain."""

    asked = 0

    def search(self, tenant_key: str, query: SearchQuery) -> SearchResults:
        self.asked += 1
        raise SearchUnavailable("connection refused")

    def suggest(self, tenant_key: str, text: str, limit: int) -> tuple[str, ...]:
        self.asked += 1
        raise SearchUnavailable("connection refused")


def test_hidden_products_are_left_out_of_the_answer(shop: TenantScope, tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    with transaction(shop) as session:
        shown, hidden = save(session, "Red Anvil"), save(session, "Blue Anvil")
    rebuild_index(engine, shop)
    with transaction(shop) as session:
        session.execute(update(Product).where(Product.id == hidden).values(status="archived"))

    answer = ask(engine, shop, SearchQuery(text="anvil"), Circuit())
    with transaction(shop, read_only=True) as session:
        found = find(session, SearchQuery(text="anvil"), answer)

    assert answer is not None
    assert set(answer.ids) == {shown, hidden}
    assert found == Found((shown,), 1)


def test_a_down_engine_degrades_with_a_notice_and_is_left_alone(shop: TenantScope, tmp_path: Path) -> None:
    now = [100.0]
    engine, circuit, query = DownEngine(tmp_path), Circuit(lambda: now[0]), SearchQuery(text="girder")
    with transaction(shop) as session:
        product_id = save(session, "Steel Girder")

    answers = [ask(engine, shop, query, circuit) for _ in range(3)]
    typed = ask_completions(engine, shop, "girde", 5, circuit)
    asked_while_open = engine.asked
    now[0] += PAUSE_SECONDS
    ask(engine, shop, query, circuit)
    with transaction(shop, read_only=True) as session:
        found = find(session, query, answers[0])
        lines = completions(session, "girde", 5, typed)

    assert (answers, typed, asked_while_open, engine.asked) == ([None] * 3, None, 1, 2)
    assert found == Found((product_id,), 1, notice=DEGRADED)
    assert lines == ("Steel Girder",)


def test_a_missing_index_degrades_its_own_shop_only(shop: TenantScope, other_shop: TenantScope, tmp_path: Path) -> None:
    engine, circuit = TantivyEngine(tmp_path), Circuit()
    rebuild_index(engine, other_shop)

    assert ask(engine, shop, SearchQuery(), circuit) is None
    assert ask(engine, other_shop, SearchQuery(), circuit) == SearchResults((), 0)


def test_the_engine_is_never_asked_inside_a_transaction(shop: TenantScope, tmp_path: Path) -> None:
    with transaction(shop, read_only=True), pytest.raises(NetworkInsideTransaction):
        ask(TantivyEngine(tmp_path), shop, SearchQuery(), Circuit())


def test_another_shops_ids_are_no_answer(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save(session, "Iron Chain")

    with transaction(other_shop, read_only=True) as session:
        found = find(session, SearchQuery(), SearchResults((product_id,), 1))

    assert found == Found((), 0)
