"""Search: the rule of one query, which pins, boosts and hides products or leads elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import ids
from souk.search.edit_rule import RuleChange, change_rule, create_rule, lock_rule, version_of
from souk.search.errors import RuleMissing
from souk.search.list_rules import StoredRule, list_rules
from souk.search.models import SearchRule
from souk.search.rules import RuleDraft, delete_rule
from souk.search.terms import terms_key
from souk.web.api.admin.references import known_ids
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_search import NewRule, RuleChanges, RuleParameters, SearchRulePage, SearchRuleView
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_LISTS = ("pinned", "boosted", "hidden")


@admin_api.operation(
    "GET",
    "/search/rules",
    summary="List the rules of queries, newest first",
    tag="search",
    takes=RuleParameters,
    answers=SearchRulePage,
    access="admin",
    permission="read_search",
)
def list_search_rules(call: Call, query: RuleParameters) -> SearchRulePage:
    where = after(SearchRule.id.expression, query.after)
    if query.terms:
        where.append(SearchRule.terms == terms_key(query.terms))
    rules = list_rules(call.session, where, query.limit + 1)
    shown = [_view(rule) for rule in rules[: query.limit]]
    return SearchRulePage(rules=shown, next_cursor=cursor_of(rules, query.limit))


@admin_api.operation(
    "GET",
    "/search/rules/{search_rule_id}",
    summary="Read a rule",
    tag="search",
    takes=Nothing,
    answers=SearchRuleView,
    access="admin",
    permission="read_search",
)
def read_search_rule(call: Call, _query: Nothing) -> SearchRuleView:
    return _view(_stored(call.session, _number(call)))


@admin_api.operation(
    "POST",
    "/search/rules",
    summary="Make the rule of a query",
    tag="search",
    takes=NewRule,
    answers=SearchRuleView,
    status=201,
    access="admin",
    permission="write_search",
    problems={409: "`search_rule_taken`: the query has a rule already."},
)
def create_search_rule(call: Call, body: NewRule) -> SearchRuleView:
    lists = _known(call.session, {name: getattr(body, name) for name in _LISTS})
    rule_id = create_rule(call.session, RuleDraft(body.terms, body.redirect, **lists))
    return _view(_stored(call.session, rule_id))


@admin_api.operation(
    "PATCH",
    "/search/rules/{search_rule_id}",
    summary="Change a rule; what is left out stays as it is",
    tag="search",
    takes=RuleChanges,
    answers=SearchRuleView,
    access="admin",
    permission="write_search",
    problems={409: "`search_rule_changed`, with the `version` of now, or `search_rule_taken`."},
)
def change_search_rule(call: Call, body: RuleChanges) -> SearchRuleView:
    rule_id, named = _number(call), body.named()
    lock_rule(call.session, rule_id, body.version)
    lists = _known(call.session, {name: named[name] for name in _LISTS if name in named})
    change = RuleChange(named.get("terms"), named.get("redirect"), **lists)
    change_rule(call.session, rule_id, _stored(call.session, rule_id).draft, change)
    return _view(_stored(call.session, rule_id))


@admin_api.operation(
    "DELETE",
    "/search/rules/{search_rule_id}",
    summary="Delete a rule",
    tag="search",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_search",
)
def remove_search_rule(call: Call, _query: Nothing) -> Deleted:
    delete_rule(call.session, _number(call))
    return Deleted(id=call.path["search_rule_id"])


def _number(call: Call) -> int:
    return ids.decode(ids.SEARCH_RULE, call.path["search_rule_id"])


def _known(session: Session, sent: Mapping[str, list[str]]) -> dict[str, Any]:
    return {name: tuple(known_ids(session, name, ids.PRODUCT, ids_, Product.id)) for name, ids_ in sent.items()}


def _stored(session: Session, rule_id: int) -> StoredRule:
    found = list_rules(session, [SearchRule.id == rule_id], 1)
    if not found:
        raise RuleMissing
    return found[0]


def _view(rule: StoredRule) -> SearchRuleView:
    return SearchRuleView(
        id=ids.encode(ids.SEARCH_RULE, rule.id),
        terms=rule.draft.terms,
        redirect=rule.draft.redirect,
        **{name: [ids.encode(ids.PRODUCT, one) for one in getattr(rule.draft, name)] for name in _LISTS},
        version=version_of(rule.updated_at),
        created_at=rule.created_at,
        updated_at=rule.updated_at,
    )
