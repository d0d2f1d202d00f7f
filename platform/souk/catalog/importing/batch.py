"""Check or write one batch of a file's products in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.importing.bundles import coming_parts, composed, find_parts, problem_of
from souk.catalog.importing.cells import unguard
from souk.catalog.importing.compare import differences, first_facts
from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.grouping import Group
from souk.catalog.importing.layout import Layout
from souk.catalog.importing.lines import UNSTORABLE
from souk.catalog.importing.merge import merge
from souk.catalog.importing.metafields import Known, merge_metafields
from souk.catalog.importing.native import is_native, native_patch
from souk.catalog.importing.patch import Patch, patch_of
from souk.catalog.importing.references import Definitions, References
from souk.catalog.importing.results import Result, earlier_lines, record
from souk.catalog.importing.snapshot import ids_of, read_states
from souk.catalog.importing.state import ProductState, digest
from souk.catalog.importing.write import Categories, Change, write_changes


@dataclass(slots=True)
class Plan:
    """What every batch of a run needs. `categories` remembers ids between batches."""

    job_id: int
    layout: Layout
    currency: str
    writing: bool
    definitions: Definitions = field(default_factory=dict)
    categories: Categories = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return f"import {self.job_id}"


def run_batch(session: Session, plan: Plan, groups: Sequence[Group]) -> Counter[str]:
    """Compare the products with the shop, write them when the plan says so, and record each; returns the counts."""
    handles = list({group.handle for group in groups if group.handle})
    states = read_states(session, ids_of(session, handles), lock=plan.writing)
    present = {state.handle: state for state in states.values()}
    seen = earlier_lines(session, plan.job_id, handles, groups[0].number)
    known = Known(plan.definitions, References(session, plan.definitions, states.values()))
    results: list[Result] = []
    changes: list[tuple[Result, Change]] = []
    for group in groups:
        result = _result(group, plan, present.get(group.handle), seen, changes=changes, known=known)
        results.append(result)
        if result.action != "refused":
            seen.setdefault(group.handle, group.line)
    changes = refuse_bundles(session, plan, changes)
    if plan.writing:
        write_changes(session, [change for _, change in changes], plan.categories, reason=plan.reason)
        for result, change in changes:
            _keep_for_undo(result, change)
    record(session, plan.job_id, results, written=plan.writing)
    return Counter(result.action for result in results)


def _result(
    group: Group,
    plan: Plan,
    before: ProductState | None,
    seen: dict[str, int],
    *,
    changes: list[tuple[Result, Change]],
    known: Known,
) -> Result:
    result = Result(
        group.number, group.line, max(group.line, group.last_line), group.handle, _title(group, plan), "refused"
    )
    try:
        patch = _patch(group, plan)
        result.title = str(patch.values.get("title") or result.title or (before.title if before else ""))
        _refuse_repeated(group, plan, seen)
        after = merge(before, patch, plan.layout)
        merge_metafields(after, patch, known)
    except RowInvalid as problem:
        result.reasons = [problem.reason, *(each.reason for each in group.problems[1:5])]
        return result
    result.reasons = patch.notes
    if before is None:
        result.action = "created"
        result.changes = first_facts(after, plan.currency)
        changes.append((result, Change(None, after)))
        return result
    result.product_id = before.id
    result.changes = differences(before, after, plan.currency)
    result.action = "updated" if result.changes else "unchanged"
    if result.changes:
        changes.append((result, Change(before, after)))
    return result


def refuse_bundles(session: Session, plan: Plan, changes: list[tuple[Result, Change]]) -> list[tuple[Result, Change]]:
    """Take out the products with a bundle that cannot be, and what needed them; return the others."""
    bundles = {id(change): list(composed(change.before, change.after)) for _, change in changes}
    names = sorted({name for each in bundles.values() for one in each for name, _ in one.variant.components})
    if not any(bundles.values()):
        return changes
    known = find_parts(session, names)
    while True:
        coming = coming_parts([change.after for _, change in changes])
        kept = []
        for result, change in changes:
            found = (problem_of(one, known, coming, writing=plan.writing) for one in bundles[id(change)])
            problem = next(filter(None, found), "")
            if problem:
                place = {"line": result.line, "column": plan.layout.column("components"), "text": problem}
                result.action, result.changes, result.reasons = "refused", [], [place]
            else:
                kept.append((result, change))
        if len(kept) == len(changes):
            return kept
        changes = kept


def _title(group: Group, plan: Plan) -> str:
    """Return the title as the file has it, to name a product that cannot be read; what cannot be stored is left out."""
    return UNSTORABLE.sub("", unguard(plan.layout.cell(group.rows[0], "title"))).strip()


def _refuse_repeated(group: Group, plan: Plan, seen: dict[str, int]) -> None:
    if group.handle in seen:
        reason = f"“{group.handle}” stands in line {seen[group.handle]} already; put the rows of one product together."
        raise RowInvalid(group.line, plan.layout.column("handle"), reason)


def _patch(group: Group, plan: Plan) -> Patch:
    return native_patch(group, plan.currency) if is_native(group) else patch_of(group, plan.layout, plan.currency)


def _keep_for_undo(result: Result, change: Change) -> None:
    result.product_id = change.after.id
    result.before = change.before
    result.digest = digest(change.after, with_stock=_sets_stock(change))


def _sets_stock(change: Change) -> bool:
    if change.before is None:
        return True
    before: dict[int | None, Any] = {variant.id: variant.on_hand for variant in change.before.variants}
    return any(before.get(variant.id, variant.on_hand) != variant.on_hand for variant in change.after.variants) or (
        before.keys() != {variant.id for variant in change.after.variants}
    )
