"""`make bench`: measure the demo and a bare Flask application in one run, and write docs/benchmarks.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cli.services.postgres import Postgres
from tests.benchmarks import bare_app, pages
from tests.benchmarks.buyers import Sale, sell
from tests.benchmarks.index_lag import measure_lag
from tests.benchmarks.load import Measured, wrk
from tests.benchmarks.plain_jinja import measure_sandbox
from tests.benchmarks.prepare import provision_shops, set_stock, wait_for_rest
from tests.benchmarks.report import Results, render
from tests.benchmarks.running import Demo, bare, demo
from tests.benchmarks.search_load import measure_search
from tests.real_data import PRODUCTS

SECONDS = 5
PLENTY = 1_000_000
REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """Run everything; takes about three minutes."""
    with tempfile.TemporaryDirectory(prefix="souk-bench-") as folder:
        results = measure(Path(folder))
    text = render(results)
    REPORT.write_text(text)
    print(text)  # noqa: T201 - a benchmark tells what it measured


def measure(home: Path) -> Results:
    with demo(home) as first:
        first_start = first.seconds
    with demo(home) as running:
        wait_for_rest(running)
        idle = running.megabytes()
        floor = measure_floor(home)
        variant = pages.stocked(running)["variant"]
        set_stock(running, variant, PLENTY)
        rows = pages.measure(running, variant, SECONDS)
        sales = measure_sales(running, variant)
        busy = running.megabytes()
        wait_for_rest(running)
        provisioning = provision_shops(running, 20)
        search = measure_search(running, PRODUCTS)
        lag = measure_lag(running, PRODUCTS) if search is not None else {}
    numbers = {
        "`souk up --demo`, first start, s": first_start,
        "`souk up --demo`, second start, s": running.seconds,
        "memory of all processes after the start (PSS), MB": idle,
        "memory of all processes after the load (PSS), MB": busy,
        "provisioning of a shop, ms": provisioning * 1000,
    }
    if search is not None:
        rows |= search.rows
        numbers |= search.numbers
    numbers |= lag | measure_sandbox()
    return Results(floor, rows, sales, numbers)


def measure_sales(running: Demo, variant: int) -> dict[str, Sale]:
    """Sell with plenty of stock, then two flash sales of a variant that runs out."""
    sell(running, variant, buyers=2, orders=10)
    sales = {
        "whole guest checkout, 1 buyer": sell(running, variant, buyers=1, orders=100),
        "whole guest checkout, 8 buyers": sell(running, variant, buyers=8, orders=500),
    }
    set_stock(running, variant, 500)
    sales["flash sale: 500 units, 64 buyers, 564 tries"] = sell(running, variant, buyers=64, orders=564)
    set_stock(running, variant, 50)
    sales["flash sale: 50 units, 200 buyers"] = sell(running, variant, buyers=200, orders=200)
    return sales


def measure_floor(home: Path) -> dict[str, Measured]:
    database = Postgres(home / "floor")
    database.start()
    try:
        bare_app.prepare(database.dsn)
        with bare(database.dsn) as port:
            paths = {"bare Flask, hello": "/hello", "bare Flask, 24 rows and a 26 KB page": "/list"}
            return {
                name: wrk(f"http://127.0.0.1:{port}{path}", "localhost", seconds=SECONDS)
                for name, path in paths.items()
            }
    finally:
        database.stop()


if __name__ == "__main__":
    main()
