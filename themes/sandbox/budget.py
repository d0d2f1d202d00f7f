"""Budgets of a render: operations, characters, captured text, call depth and time.

The checks are the defence against templates that never end or eat the memory, because an interrupt cannot stop
a single long C call. Counters are plain attributes: they are touched thousands of times a page.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from time import monotonic, thread_time
from typing import Any

from jinja2.exceptions import TemplateError

MAX_TEXT = 256 * 1024
MAX_ITEMS = 2_000
MAX_RANGE = 1_000
MAX_INT_BITS = 128


class BudgetExceeded(TemplateError):
    """The template used more than its share; `what` names the budget."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The template exceeds its budget of {what}; make it do less.")
        self.what = what


@dataclass(frozen=True, slots=True)
class Limits:
    """`chars` bounds what reaches the page, `captured` all text that was made on the way (snippets, macros, joins);
    `cpu` and `wall` are seconds; time spent in loads counts towards `wall` only, which is wide: a busy machine
    or database must not empty a section that took its fair share, nor may what our own code makes on its first
    request (compiled statements, the data of a locale).
    """

    ops: int = 250_000
    chars: int = 2_000_000
    captured: int = 3_000_000
    depth: int = 40
    cpu: float = 0.4
    wall: float = 5.0

    def section(self) -> Limits:
        """Return the share of one section: a quarter of the page, but enough for a small page."""
        return replace(self, ops=max(self.ops // 4, min(60_000, self.ops)), cpu=self.cpu / 2)

    def app_block(self, ops: int, cpu: float) -> Limits:
        """Return the share of one block of an app where the page's other such blocks took `ops` and `cpu`.

        It comes beside what the sections have: an app must not eat what the merchant's own theme needs.
        """
        left, time = max(100_000 - ops, 0), max(self.cpu / 2 - cpu, 0.0)
        return replace(self, ops=min(50_000, left), captured=self.captured // 4, cpu=min(self.cpu / 4, time))


class Budget:
    __slots__ = ("_cpu_end", "_forgiven", "_wall_end", "captured", "chars", "deadline", "depth", "limits", "ops")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.ops = limits.ops
        self.chars = limits.chars
        self.captured = limits.captured
        self.depth = limits.depth
        now = monotonic()
        self.deadline = now + limits.cpu
        self._cpu_end = thread_time() + limits.cpu
        self._forgiven = 0.0
        self._wall_end = now + limits.wall

    def charge(self, ops: int) -> None:
        self.ops -= ops
        if self.ops < 0:
            raise BudgetExceeded("operations")
        if monotonic() > self.deadline:
            self.late()

    def charge_text(self, length: int) -> None:
        self.captured -= length
        if self.captured < 0:
            raise BudgetExceeded("captured text")

    def charge_output(self, length: int) -> None:
        if length > self.chars:
            # Not deducted: what is refused does not reach the page, and must not take the layout's share.
            raise BudgetExceeded("output")
        self.chars -= length

    def late(self) -> None:
        """Decide at a passed deadline: the cheap clock is the wall's, and a busy machine is not the theme's fault."""
        left = self._cpu_end - thread_time()
        now = monotonic()
        if left <= 0 or now >= self._wall_end:
            raise BudgetExceeded("time")
        self.deadline = min(self._wall_end, now + left)

    def forgive(self, seconds: float, cpu: float = 0.0) -> None:
        """Take what a load of ours took off the theme's account: `seconds` by the clock, `cpu` of this thread.

        The wall stays.
        """
        self.deadline = min(self._wall_end, self.deadline + seconds)
        self._cpu_end += cpu
        self._forgiven += cpu

    def child(self, limits: Limits) -> Budget:
        """Return a budget of `limits` that can never exceed what is left here."""
        part = Budget(limits)
        part.ops = min(part.ops, max(self.ops, 0))
        part.chars = min(part.chars, max(self.chars, 0))
        part.captured = min(part.captured, max(self.captured, 0))
        part._cpu_end = min(part._cpu_end, self._cpu_end)
        part._wall_end = min(part._wall_end, self._wall_end)
        part.deadline = min(part.deadline, part._wall_end)
        return part

    def settle(self, part: Budget, granted: tuple[int, int, int]) -> None:
        """Take what `part` used of what it was granted; never raises, so that one section cannot stop the next."""
        ops, chars, captured = granted
        self.ops -= ops - part.ops
        self.chars -= chars - part.chars
        self.captured -= captured - part.captured
        self.forgive(0.0, part._forgiven)


_current: ContextVar[Budget] = ContextVar("theme_budget")
current = _current.get
_OLDEST = 2
_collecting: ContextVar[tuple[float, float]] = ContextVar("collecting")


def _forgive_collection(phase: str, info: Mapping[str, Any]) -> None:
    """Take a look through all that the process holds off the account of the theme during whose turn it came.

    It takes a third of a second where much is held. A theme gains no time by causing many: its wall stays.
    """
    budget = _current.get(None)
    if budget is None or info["generation"] != _OLDEST:
        return
    if phase == "start":
        _collecting.set((monotonic(), thread_time()))
    elif (since := _collecting.get(None)) is not None:
        budget.forgive(monotonic() - since[0], thread_time() - since[1])


gc.callbacks.append(_forgive_collection)


@contextmanager
def running(budget: Budget) -> Iterator[Budget]:
    token = _current.set(budget)
    try:
        yield budget
    finally:
        _current.reset(token)


@contextmanager
def part_of(page: Budget, limits: Limits) -> Iterator[Budget]:
    """Run with a share of `page`, and settle it however the part ends."""
    part = page.child(limits)
    granted = (part.ops, part.chars, part.captured)
    try:
        with running(part):
            yield part
    finally:
        page.settle(part, granted)
