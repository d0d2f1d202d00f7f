"""Write what was measured as docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from souk.kernel import clock
from tests.benchmarks.buyers import Sale
from tests.benchmarks.load import Measured

_SMALL = 10
HELLO, LIST = "bare Flask, hello", "bare Flask, 24 rows and a 26 KB page"


@dataclass(frozen=True, slots=True)
class Results:
    """`floor` is the bare application, measured in the same run; `numbers` are single figures by what they are."""

    floor: Mapping[str, Measured]
    pages: Mapping[str, Measured]
    sales: Mapping[str, Sale]
    numbers: Mapping[str, float]


def render(results: Results) -> str:
    """Return the report as Markdown."""
    head = [
        "# Benchmarks",
        "",
        f"Measured {clock.now():%Y-%m-%d} with `make bench`, the load generator on the same two cores. The bare Flask",
        "application runs on the same server in the same run: it is what the machine could do at most.",
        "",
    ]
    return "\n".join([*head, *_pages(results), "", *_sales(results.sales), "", *_numbers(results.numbers)]) + "\n"


def _pages(results: Results) -> list[str]:
    lines = [
        "| what | requests/s | p50 ms | p99 ms | failures | of bare hello | of bare list |",
        "|---|---|---|---|---|---|---|",
    ]
    hello, rows = results.floor[HELLO].rate, results.floor[LIST].rate
    for name, one in {**results.floor, **results.pages}.items():
        ratios = f"{one.rate / hello:.2f} | {one.rate / rows:.2f}"
        lines.append(f"| {name} | {one.rate:,.0f} | {one.p50:.2f} | {one.p99:.2f} | {one.failures} | {ratios} |")
    return lines


def _sales(sales: Mapping[str, Sale]) -> list[str]:
    lines = ["| what | orders/s | orders | refused | p50 ms | p99 ms |", "|---|---|---|---|---|---|"]
    return lines + [
        f"| {name} | {one.rate:.1f} | {one.orders} | {one.refused} |"
        f" {one.percentile(0.5):.0f} | {one.percentile(0.99):.0f} |"
        for name, one in sales.items()
    ]


def _numbers(numbers: Mapping[str, float]) -> list[str]:
    return ["| what | value |", "|---|---|", *(f"| {name} | {_short(value)} |" for name, value in numbers.items())]


def _short(value: float) -> str:
    return f"{value:.1f}" if value >= _SMALL else f"{value:.2f}"
