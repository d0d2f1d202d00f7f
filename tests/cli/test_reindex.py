"""`souk reindex` indexes the shop it names, or all, and `souk doctor` names the shops without an index."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from cli.doctor.search import check_search
from cli.main import main
from souk.catalog.models import Product
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from souk.search import index
from souk.search.engine import SearchQuery
from souk.search.index import rebuild_index
from souk.search_engines import tantivy_generation
from souk.search_engines.configured import engine_from
from tenants.queries import tenant_by_id
from tests.fixtures.shops import make_shop
from tests.search.products import save


def slug_of(scope: TenantScope) -> str:
    with transaction(control_scope()) as session:
        return tenant_by_id(session, scope.tenant_id).slug


def found(scope: TenantScope, words: str) -> tuple[int, ...]:
    return engine_from(config()).search(scope.schema, SearchQuery(text=words)).ids


def cures() -> list[str]:
    return [each.cure for each in check_search() if each.status != "ok"]


def test_only_the_named_shop_is_indexed_and_finds_only_its_own(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        mine = save(session, "Oak Bench")
    with transaction(other_shop) as session:
        theirs = save(session, "Ash Bench")
    missing_before = cures()

    one = CliRunner().invoke(main, ["reindex", slug_of(shop)])
    missing_after_one = cures()
    every = CliRunner().invoke(main, ["reindex"])

    assert one.exit_code == 0, one.output
    assert one.stdout == f"{slug_of(shop)}: 1 products indexed.\n"
    assert {f"souk reindex {slug_of(shop)}", f"souk reindex {slug_of(other_shop)}"} <= set(missing_before)
    assert f"souk reindex {slug_of(shop)}" not in missing_after_one
    assert f"souk reindex {slug_of(other_shop)}" in missing_after_one
    assert every.exit_code == 0, every.output
    assert cures() == []
    assert (found(shop, "bench"), found(other_shop, "bench")) == ((mine,), (theirs,))


def test_an_unknown_shop_is_refused(platform: None) -> None:
    result = CliRunner().invoke(main, ["reindex", "nobody"])

    assert result.exit_code == 1
    assert "No shop is called 'nobody'" in result.output


def test_a_broken_off_build_goes_on_and_catches_up(platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, other_shop = make_shop(), make_shop()
    with transaction(shop) as session:
        changed, gone, last = (save(session, f"Oak {name}") for name in ("Bench", "Stool", "Desk"))
    with transaction(other_shop) as session:
        save(session, "Ash Bench")
    monkeypatch.setattr(index, "BATCH", 1)
    monkeypatch.setattr(tantivy_generation, "KEPT_AFTER", 1)

    def killed(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_index(engine_from(config()), shop, killed)
    with transaction(shop) as session:
        session.execute(update(Product).where(Product.id == changed).values(title="Elm Bench", version=2))
        session.execute(update(Product).where(Product.id == gone).values(status="archived"))
    again = CliRunner().invoke(main, ["reindex", slug_of(shop)])
    theirs = CliRunner().invoke(main, ["reindex", slug_of(other_shop)])
    anew = CliRunner().invoke(main, ["reindex", slug_of(shop)])

    assert f"{slug_of(shop)}: going on after the 2 products" in again.stderr
    assert [run.exit_code for run in (again, theirs, anew)] == [0, 0, 0]
    assert "going on" not in theirs.stderr + anew.stderr
    assert (found(shop, "oak"), found(shop, "elm"), found(shop, "bench")) == ((last,), (changed,), (changed,))
