"""Rules, settings and tests of search: what is saved, what is refused, and that a neighbour sees none of it."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select

from souk.catalog.models import Product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.engine import SearchQuery
from souk.search.errors import RuleMissing, SearchInvalid, SearchTestMissing
from souk.search.models import SearchRule, SearchRuleProduct, SearchTest
from souk.search.policy import NO_RULE, Rule, read_policy
from souk.search.promises import add_search_test, delete_search_test
from souk.search.rules import RuleDraft, delete_rule, save_rule
from souk.search.save_settings import save_search_settings
from souk.search.settings import DEFAULT_FACETS, FacetChoice, SearchSettings
from souk.search.terms import terms_key
from tests.search.products import save


def products(scope: TenantScope, prefix: str, number: int) -> list[int]:
    with transaction(scope) as session:
        return [save(session, f"{prefix} {count}") for count in range(number)]


@pytest.mark.parametrize(
    ("text", "key"),
    [("  Café-Tables ", "cafe tables"), ("USB-C", "usb c"), ("ÄPFEL", "apfel"), ("!!!", ""), ("x" * 200, "x" * 100)],
)
def test_queries_meet_in_one_form(text: str, key: str) -> None:
    assert terms_key(text) == key


def test_a_rule_arranges_its_query_in_its_own_shop(shop: TenantScope, other_shop: TenantScope) -> None:
    one, two, three = products(shop, "Ruled", 3)
    with transaction(shop) as session:
        save_rule(session, RuleDraft("Tea Pot!", pinned=(two, one), hidden=(three,)))
        save_rule(session, RuleDraft("sale", redirect="/collections/sale"))

    with transaction(shop, read_only=True) as session:
        policy = read_policy(session)
    with transaction(other_shop, read_only=True) as session:
        theirs = read_policy(session)

    assert policy.rule_of("TEA-pot") == Rule(pinned=(two, one), hidden=(three,))
    assert policy.rule_of("sale").redirect == "/collections/sale"
    assert policy.rule_of("tea") is NO_RULE
    applied = policy.applied(SearchQuery(text="tea pot"))
    assert (applied.pinned, applied.boosted, applied.hidden) == ((two, one), (), (three,))
    assert theirs.rules == {}


def test_saving_again_replaces_and_a_deleted_product_leaves_its_rules(shop: TenantScope) -> None:
    one, two = products(shop, "Replaced", 2)
    with transaction(shop) as session:
        first = save_rule(session, RuleDraft("samovar", pinned=(one,)))
        again = save_rule(session, RuleDraft("Samovar", boosted=(two, one)))
    with transaction(shop) as session:
        session.execute(delete(Product).where(Product.id == one))

    with transaction(shop, read_only=True) as session:
        rule = read_policy(session).rule_of("samovar")
    with transaction(shop) as session:
        delete_rule(session, again)
        with pytest.raises(RuleMissing):
            delete_rule(session, again)

    assert first == again
    assert rule == Rule(boosted=(two,))
    with transaction(shop, read_only=True) as session:
        assert read_policy(session).rule_of("samovar") is NO_RULE


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (RuleDraft("!!!", redirect="/x"), "terms"),
        (RuleDraft("mug"), "products"),
        (RuleDraft("mug", redirect="https://evil.example"), "redirect"),
        (RuleDraft("mug", redirect="//evil.example"), "redirect"),
        (RuleDraft("mug", redirect="/a\nb"), "redirect"),
        (RuleDraft("mug", pinned=(999_999,)), "products"),
        (RuleDraft("mug", pinned=(1, 1)), "products"),
        (RuleDraft("mug", pinned=tuple(range(51))), "products"),
    ],
)
def test_a_bad_rule_is_refused_and_nothing_is_saved(shop: TenantScope, draft: RuleDraft, field: str) -> None:
    with transaction(shop, read_only=True) as session:
        before = [session.scalar(select(func.count(each))) for each in (SearchRule.id, SearchRuleProduct.id)]

    with pytest.raises(SearchInvalid) as refused, transaction(shop) as session:
        save_rule(session, draft)

    assert refused.value.extra["field"] == field
    with transaction(shop, read_only=True) as session:
        after = [session.scalar(select(func.count(each))) for each in (SearchRule.id, SearchRuleProduct.id)]
    assert after == before


def test_another_shops_product_cannot_be_pinned(shop: TenantScope, other_shop: TenantScope) -> None:
    theirs = products(other_shop, "Theirs", 1)[0]
    with transaction(shop, read_only=True) as session:
        assert session.scalar(select(Product.id).where(Product.id == theirs + 10_000)) is None

    with pytest.raises(SearchInvalid), transaction(shop) as session:
        save_rule(session, RuleDraft("theirs", pinned=(theirs + 10_000,)))


def test_settings_are_cleaned_and_kept(shop: TenantScope, other_shop: TenantScope) -> None:
    settings = SearchSettings(
        synonyms=(("laptop", " note  book "),), stop_words=("cheap",), facets=(FacetChoice("option.Size", "How big"),)
    )
    with transaction(shop) as session:
        save_search_settings(session, settings)

    with transaction(shop, read_only=True) as session:
        kept = read_policy(session).settings
    with transaction(other_shop, read_only=True) as session:
        theirs = read_policy(session).settings

    assert kept.synonyms == (("laptop", "note book"),)
    assert kept.tuning.stop_words == ("cheap",)
    assert kept.facets == (FacetChoice("option.Size", "How big"),)
    assert theirs == SearchSettings(facets=DEFAULT_FACETS)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (SearchSettings(synonyms=(("alone",),)), "synonyms"),
        (SearchSettings(synonyms=(("a", "!!!"),)), "synonyms"),
        (SearchSettings(synonyms=(("a", "b" * 61),)), "synonyms"),
        (SearchSettings(stop_words=("two words",)), "stop_words"),
        (SearchSettings(stop_words=("\0",)), "stop_words"),
        (SearchSettings(facets=(FacetChoice("color"),)), "facets"),
        (SearchSettings(facets=(FacetChoice("option."),)), "facets"),
        (SearchSettings(facets=(FacetChoice("brand"), FacetChoice("brand", "Maker"))), "facets"),
    ],
)
def test_bad_settings_are_refused(shop: TenantScope, settings: SearchSettings, field: str) -> None:
    with transaction(shop, read_only=True) as session:
        before = read_policy(session).settings

    with pytest.raises(SearchInvalid) as refused, transaction(shop) as session:
        save_search_settings(session, settings)

    assert refused.value.extra["field"] == field
    with transaction(shop, read_only=True) as session:
        assert read_policy(session).settings == before


def test_search_tests_are_made_changed_and_deleted(shop: TenantScope, other_shop: TenantScope) -> None:
    product_id = products(shop, "Tested", 1)[0]
    with transaction(shop) as session:
        first = add_search_test(session, "Tested", product_id)
        again = add_search_test(session, "tested", product_id, 3)
        for terms, chosen, within in (("!", product_id, 5), ("tested", 10**9, 5), ("tested", product_id, 51)):
            with pytest.raises(SearchInvalid):
                add_search_test(session, terms, chosen, within)

    with transaction(shop) as session:
        rows = session.execute(select(SearchTest.id, SearchTest.within)).all()
        delete_search_test(session, first)
        with pytest.raises(SearchTestMissing):
            delete_search_test(session, first)

    assert first == again
    assert [tuple(row) for row in rows] == [(first, 3)]
    with transaction(other_shop, read_only=True) as session:
        assert session.scalar(select(func.count(SearchTest.id))) == 0
