"""The countries that a shop sends to, read together with something else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select

from souk.shipping.models import ShippingZone
from souk.shipping.reach import EVERYWHERE_ELSE, part_of


def reached_parts() -> ColumnElement[Any]:
    """Return the column of all parts of the world that the zones name, as JSON or null without any."""
    part = func.unnest(ShippingZone.countries).label("part")
    each = select(part).select_from(ShippingZone).distinct().subquery()
    return select(func.jsonb_agg(each.c.part)).scalar_subquery()


def reached_countries(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the countries of these parts, by code; EVERYWHERE_ELSE stays what it is."""
    found = {part if part == EVERYWHERE_ELSE else part_of(part).country for part in parts}
    return tuple(sorted(found))
