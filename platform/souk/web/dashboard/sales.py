"""What was sold in the last thirty days, and its chart as SVG coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.orders.models import Order

DAYS = 30
# RIGHT is the room of the amounts, which would be unreadable on top of the bars.
WIDTH, HEIGHT, RIGHT, BOTTOM = 720, 200, 64, 22
_LINES = 4


@dataclass(frozen=True, slots=True)
class Day:
    """`total` is in minor units."""

    day: date
    total: int
    orders: int


@dataclass(frozen=True, slots=True)
class Bar:
    day: Day
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """`grid`: (y, minor units) of each line."""

    bars: list[Bar]
    grid: list[tuple[float, int]]
    width: int = WIDTH
    height: int = HEIGHT


def sales_by_day(session: Session, zone: ZoneInfo) -> list[Day]:
    """Return the last thirty days of the shop's calendar, oldest first; canceled orders do not count."""
    today = clock.now().astimezone(zone).date()
    first = today - timedelta(days=DAYS - 1)
    day = cast(func.timezone(zone.key, Order.placed_at), Date)
    since = datetime.combine(first, time(), zone)
    rows = session.execute(
        select(day, func.sum(func.round(Order.total * Order.to_base)), func.count(Order.id))
        .where(Order.placed_at >= since, Order.status.in_(("open", "archived")))
        .group_by(day)
    )
    found = {row[0]: Day(row[0], int(row[1]), row[2]) for row in rows}
    days = [first + timedelta(days=index) for index in range(DAYS)]
    return [found.get(item, Day(item, 0, 0)) for item in days]


def draw(days: list[Day]) -> Chart:
    """Scale the days into a WIDTH x HEIGHT box whose top line is a round number."""
    top = _round_up(max((day.total for day in days), default=0))
    usable = HEIGHT - BOTTOM - 12
    step = (WIDTH - RIGHT) / max(len(days), 1)
    bars = []
    for index, day in enumerate(days):
        height = round(day.total / top * usable, 1)
        bars.append(Bar(day, round(index * step, 1), HEIGHT - BOTTOM - height, round(step - 5, 1), height))
    grid = [(HEIGHT - BOTTOM - usable * part / _LINES, top * part // _LINES) for part in range(_LINES + 1)]
    return Chart(bars, grid)


def _round_up(amount: int) -> int:
    magnitude: int = 10 ** max(len(str(amount)) - 1, 2)
    return next(magnitude * factor for factor in (1, 2, 4, 6, 8, 10) if magnitude * factor >= amount)
