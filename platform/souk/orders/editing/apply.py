"""Write a planned edit: lines, taxes and totals, and afterwards the stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.commit import choose_levels, commit_units
from souk.inventory.move import deallocate
from souk.orders.editing.plan import EditPlan, PlannedLine, PlannedTax
from souk.orders.models import Order, OrderLine, TaxLine


def apply_plan(session: Session, plan: EditPlan) -> dict[int, int]:
    """Write lines, taxes and totals of the locked order; returns variant -> level of the new lines.

    Raises:
        OutOfStock: a new line's goods have no stock at all.

    """
    wanted: Counter[int] = Counter()
    for line in plan.lines:
        if line.id is None:
            for variant_id, each in _parts(line):
                wanted[variant_id] += each * line.after
    levels = choose_levels(session, wanted)
    for line in plan.changed:
        if line.id is None:
            _insert(session, plan.order_id, line, levels)
        else:
            _update(session, line)
    session.execute(update(Order).where(Order.id == plan.order_id).values(**plan.totals))
    return levels


def _update(session: Session, line: PlannedLine) -> None:
    session.execute(
        update(OrderLine)
        .where(OrderLine.id == line.id)
        .values(
            quantity=line.after,
            subtotal=line.subtotal,
            discount_total=line.discount_total,
            tax_total=line.tax_total,
            original=dict(line.original),
        )
    )
    for tax in line.taxes:
        session.execute(update(TaxLine).where(TaxLine.id == tax.id).values(amount=tax.amount))


def _insert(session: Session, order_id: int, line: PlannedLine, levels: Mapping[int, int]) -> None:
    row = {
        **line.row,
        "order_id": order_id,
        "level_id": None if line.components else levels.get(line.variant_id or 0),
        "components": [{**part, "level_id": levels.get(int(part["variant_id"]))} for part in line.components],
        "quantity": line.after,
        "unit_price": line.unit_price,
        "subtotal": line.subtotal,
        "discount_total": line.discount_total,
        "tax_total": line.tax_total,
    }
    line_id = session.execute(insert(OrderLine).returning(OrderLine.id), row).scalar_one()
    if line.taxes:
        session.execute(insert(TaxLine), [_tax_row(order_id, line_id, tax) for tax in line.taxes])


def _tax_row(order_id: int, line_id: int, tax: PlannedTax) -> dict[str, object]:
    return {
        "order_id": order_id,
        "order_line_id": line_id,
        "title": tax.title,
        "rate": tax.rate,
        "amount": tax.amount,
        "included": tax.included,
        "source": tax.source,
    }


def move_stock(session: Session, plan: EditPlan, levels: Mapping[int, int], actor: str) -> None:
    """Take what is new and free what is left out, in level order; raises OutOfStock, which undoes the whole edit."""
    changes: Counter[int] = Counter()
    for line in plan.changed:
        for level, each in _levels(line, levels):
            if level is not None:
                changes[level] += (line.after - line.before) * each
    cause = Cause(plan.order_id, actor=actor, reason="order edited")
    for level_id in sorted(changes):
        if changes[level_id] > 0:
            commit_units(session, level_id, changes[level_id], cause)
        elif changes[level_id] < 0:
            deallocate(session, level_id, -changes[level_id], cause, restock=True)


def _parts(line: PlannedLine) -> list[tuple[int, int]]:
    """Return (variant, quantity) of what one unit takes from the stock."""
    if line.components:
        return [(int(part["variant_id"]), int(part["quantity"])) for part in line.components]
    return [] if line.variant_id is None else [(line.variant_id, 1)]


def _levels(line: PlannedLine, levels: Mapping[int, int]) -> list[tuple[int | None, int]]:
    """Return (level, quantity) of what one unit takes: a kept line knows its levels, a new one gets those chosen."""
    if line.id is None:
        return [(levels.get(variant_id), each) for variant_id, each in _parts(line)]
    return [(part["level_id"], int(part["quantity"])) for part in line.components] or [(line.level_id, 1)]
