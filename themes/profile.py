"""What each section, block and snippet of a page costs; recorded only when a page asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import thread_time

from themes.sandbox.budget import current


@dataclass(slots=True)
class Cost:
    """Sums over all calls, with everything that was rendered inside; `milliseconds` are processor time."""

    file: str
    calls: int = 0
    operations: int = 0
    queries: int = 0
    milliseconds: float = 0.0


@dataclass(slots=True)
class Profile:
    costs: dict[str, Cost] = field(default_factory=dict)
    queries: int = 0

    @contextmanager
    def measure(self, file: str) -> Iterator[None]:
        """Charge to `file` what the block costs; `queries` is kept up to date by the scope of the page."""
        cost = self.costs.setdefault(file, Cost(file))
        budget, queries, started = current(), self.queries, thread_time()
        operations = budget.ops
        try:
            yield
        finally:
            cost.calls += 1
            cost.operations += operations - budget.ops
            cost.queries += self.queries - queries
            cost.milliseconds += (thread_time() - started) * 1000
