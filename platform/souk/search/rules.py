"""Save and delete the rule of one query: what is pinned, boosted and hidden, or where it leads instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.search.errors import RuleMissing, SearchInvalid
from souk.search.models import SearchRule, SearchRuleProduct
from souk.search.settings import GROUP
from souk.search.terms import terms_key

# Every search reads all rules of its shop from memory.
MOST_RULES = 1_000
MOST_PRODUCTS = 50
LONGEST_REDIRECT = 500


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """Product ids in the order in which they are shown; `redirect` is a path of the shop."""

    terms: str
    redirect: str = ""
    pinned: tuple[int, ...] = ()
    boosted: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()


def save_rule(session: Session, draft: RuleDraft) -> int:
    """Make or replace the rule of the draft's query and return its id; raises SearchInvalid."""
    terms = terms_key(draft.terms)
    _check(session, draft, terms)
    now = clock.now()
    row = upsert(SearchRule).values(terms=terms, redirect=draft.redirect, created_at=now, updated_at=now)
    changed = {"redirect": draft.redirect, "updated_at": now}
    saved = row.on_conflict_do_update(index_elements=[SearchRule.terms], set_=changed).returning(SearchRule.id)
    rule_id = session.execute(saved).scalar_one()
    session.execute(delete(SearchRuleProduct).where(SearchRuleProduct.rule_id == rule_id))
    members = [
        {"rule_id": rule_id, "product_id": product_id, "action": action, "position": position}
        for action, ids in _lists(draft)
        for position, product_id in enumerate(ids, 1)
    ]
    if members:
        session.execute(insert(SearchRuleProduct), members)
    _tell(session)
    return rule_id


def delete_rule(session: Session, rule_id: int) -> None:
    """Take the rule away; raises RuleMissing."""
    gone = delete(SearchRule).where(SearchRule.id == rule_id).returning(SearchRule.id)
    if session.execute(gone).first() is None:
        raise RuleMissing
    _tell(session)


def _lists(draft: RuleDraft) -> Iterable[tuple[str, tuple[int, ...]]]:
    return (("pinned", draft.pinned), ("boosted", draft.boosted), ("hidden", draft.hidden))


def _check(session: Session, draft: RuleDraft, terms: str) -> None:
    if not terms:
        raise SearchInvalid("terms", "write the words that shoppers type.")
    redirect = draft.redirect
    if redirect and (not redirect.startswith("/") or redirect.startswith("//") or not redirect.isprintable()):
        raise SearchInvalid("redirect", "write a path of this shop, such as /collections/sale.")
    if len(redirect) > LONGEST_REDIRECT:
        raise SearchInvalid("redirect", f"a path has at most {LONGEST_REDIRECT} letters.")
    chosen = [product_id for _, ids in _lists(draft) for product_id in ids]
    if not chosen and not redirect:
        raise SearchInvalid("products", "pin, boost or hide a product, or write where the query leads.")
    if len(set(chosen)) < len(chosen) or len(chosen) > MOST_PRODUCTS:
        raise SearchInvalid("products", f"name each product once, and at most {MOST_PRODUCTS}.")
    known = session.scalar(select(func.count(Product.id)).where(Product.id.in_(chosen)))
    if known != len(chosen):
        raise SearchInvalid("products", "a chosen product is not in this shop; it may have been deleted.")
    others = select(func.count(SearchRule.id)).where(SearchRule.terms != terms)
    if (session.scalar(others) or 0) >= MOST_RULES:
        raise SearchInvalid("terms", f"a shop has at most {MOST_RULES} rules; delete one first.")


def _tell(session: Session) -> None:
    publish(session, Event("settings.updated", 0, {"name": f"{GROUP}.rules"}))
