"""What a shop decided about its search, read whole: it is small, and every search needs a part of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.models import Setting
from souk.search.engine import SearchQuery
from souk.search.models import SearchRule, SearchRuleProduct
from souk.search.settings import SearchSettings, from_json
from souk.search.terms import terms_key


@dataclass(frozen=True, slots=True)
class Rule:
    """Product ids in the merchant's order; `redirect` is a path of the shop or empty."""

    redirect: str = ""
    pinned: tuple[int, ...] = ()
    boosted: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()


NO_RULE = Rule()


@dataclass(frozen=True, slots=True)
class Policy:
    """`shop` is the settings group of that name; `rules` are kept by `terms_key`."""

    shop: Mapping[str, Any]
    settings: SearchSettings = field(default_factory=SearchSettings)
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        return str(self.shop["currency"])

    def rule_of(self, text: str) -> Rule:
        return self.rules.get(terms_key(text), NO_RULE) if self.rules else NO_RULE

    def applied(self, query: SearchQuery) -> SearchQuery:
        """Return the query as the merchant wants it answered."""
        return with_rule(query, self.rule_of(query.text))


def with_rule(query: SearchQuery, rule: Rule) -> SearchQuery:
    if rule is NO_RULE:
        return query
    return replace(query, pinned=rule.pinned, boosted=rule.boosted, hidden=rule.hidden)


def read_policy(session: Session) -> Policy:
    """Return the policy in two queries."""
    return replace(read_policy_without_rules(session), rules=read_rules(session))


def read_policy_without_rules(session: Session) -> Policy:
    """Return what a shop has decided that has no tables for rules yet."""
    rows = session.execute(select(Setting.name, Setting.value).where(Setting.name.in_(["shop", "search"])))
    groups = {row.name: row.value for row in rows}
    return Policy(groups.get("shop", {}), from_json(groups.get("search", {})))


def read_rules(session: Session) -> dict[str, Rule]:
    """Return every rule by its terms."""
    member = SearchRuleProduct
    query = (
        select(SearchRule.terms, SearchRule.redirect, member.product_id, member.action)
        .outerjoin(member, member.rule_id == SearchRule.id)
        .order_by(SearchRule.terms, member.position, member.id)
    )
    redirects: dict[str, str] = {}
    products: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in session.execute(query):
        redirects[row.terms] = row.redirect
        if row.action is not None:
            products[row.terms][row.action].append(row.product_id)
    return {
        terms: Rule(redirect, **{action: tuple(ids) for action, ids in products[terms].items()})
        for terms, redirect in redirects.items()
    }
