"""Read the rules of queries with their products, in two statements for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from souk.search.models import SearchRule, SearchRuleProduct
from souk.search.rules import RuleDraft


@dataclass(frozen=True, slots=True)
class StoredRule:
    id: int
    draft: RuleDraft
    created_at: datetime
    updated_at: datetime


def list_rules(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> list[StoredRule]:
    """Return at most `limit` rules, the newest first."""
    query = select(
        SearchRule.id, SearchRule.terms, SearchRule.redirect, SearchRule.created_at, SearchRule.updated_at
    ).where(*where)
    rows = session.execute(query.order_by(SearchRule.id.desc()).limit(limit)).all()
    members = _members(session, [row.id for row in rows])
    return [
        StoredRule(row.id, RuleDraft(row.terms, row.redirect, *members[row.id]), row.created_at, row.updated_at)
        for row in rows
    ]


def _members(session: Session, rule_ids: Sequence[int]) -> dict[int, tuple[tuple[int, ...], ...]]:
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: {"pinned": [], "boosted": [], "hidden": []})
    member = SearchRuleProduct
    query = select(member.rule_id, member.action, member.product_id).where(member.rule_id.in_(rule_ids))
    for row in session.execute(query.order_by(member.rule_id, member.position, member.id)):
        found[row.rule_id][row.action].append(row.product_id)
    return {rule_id: tuple(tuple(ids) for ids in found[rule_id].values()) for rule_id in rule_ids}
