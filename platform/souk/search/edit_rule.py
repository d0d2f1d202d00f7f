"""Make the rule of a query and change it: never over one that somebody else made or changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.search.errors import RuleChanged, RuleMissing, RuleTaken
from souk.search.models import SearchRule
from souk.search.rules import RuleDraft, save_rule
from souk.search.terms import terms_key

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def version_of(updated_at: datetime) -> int:
    """Return what rises with every change of a rule: the time of the change in microseconds."""
    return (updated_at - _EPOCH) // timedelta(microseconds=1)


def create_rule(session: Session, draft: RuleDraft) -> int:
    """Make the rule of a query that has none; returns its id. Raises RuleTaken and SearchInvalid."""
    now = clock.now()
    # Of two who make it at once, the second waits here for the first and then finds it taken.
    row = insert(SearchRule).values(terms=terms_key(draft.terms) or "?", created_at=now, updated_at=now)
    fresh = row.on_conflict_do_nothing(index_elements=[SearchRule.terms]).returning(SearchRule.id)
    if session.execute(fresh).first() is None:
        raise RuleTaken(terms_key(draft.terms))
    return save_rule(session, draft)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What is None stays as it is; with `version`, a rule that has another one by now is left alone."""

    terms: str | None = None
    redirect: str | None = None
    pinned: tuple[int, ...] | None = None
    boosted: tuple[int, ...] | None = None
    hidden: tuple[int, ...] | None = None
    version: int | None = None


def change_rule(session: Session, rule_id: int, present: RuleDraft, change: RuleChange) -> None:
    """Change a rule that `lock_rule` has locked and that was read as `present`; raises RuleTaken and SearchInvalid."""
    kept: dict[str, Any] = {
        name: getattr(present, name) if getattr(change, name) is None else getattr(change, name)
        for name in ("terms", "redirect", "pinned", "boosted", "hidden")
    }
    draft, terms = RuleDraft(**kept), terms_key(kept["terms"])
    if terms and terms != present.terms:
        if session.scalar(select(SearchRule.id).where(SearchRule.terms == terms)) is not None:
            raise RuleTaken(terms)
        session.execute(update(SearchRule).where(SearchRule.id == rule_id).values(terms=terms))
    save_rule(session, draft)


def lock_rule(session: Session, rule_id: int, seen_version: int | None = None) -> None:
    """Keep other changes of the rule out until the commit; raises RuleMissing and RuleChanged."""
    query = select(SearchRule.updated_at).where(SearchRule.id == rule_id).with_for_update()
    updated_at = session.scalar(query)
    if updated_at is None:
        raise RuleMissing
    if seen_version is not None and seen_version != version_of(updated_at):
        raise RuleChanged(version_of(updated_at))
