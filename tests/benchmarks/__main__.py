"""`make bench`: measure the demo and a bare Flask application in one run, and write docs/benchmarks.md."""

from __future__ import annotations

import json
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from cli.services.postgres import Postgres
from souk.kernel import clock
from tests.benchmarks import bare_app
from tests.benchmarks.buyers import Sale, sell
from tests.benchmarks.load import Measured, wrk
from tests.benchmarks.running import Demo, bare, demo

SECONDS = 5
REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PAGES = {
    "home, from the page cache": "/",
    "collection, from the page cache": "/collections/all",
    "product, from the page cache": "/products/{handle}",
    "search API": "/api/v1/products/search?q=mug",
}


def main() -> None:
    """Run everything; takes about two minutes."""
    with tempfile.TemporaryDirectory(prefix="souk-bench-") as folder:
        home = Path(folder)
        with demo(home) as first:
            first_start = first.seconds
        with demo(home) as running:
            rows = measure(running)
            product = in_stock(running)
            sales = {f"whole checkout, {n} buyers": sell(running, product["variant"], buyers=n, orders=k)
                     for n, k in ((1, 20), (8, 120))}  # fmt: skip
            memory = running.megabytes()
            floor = measure_floor(home)
            second_start = running.seconds
    text = report(
        floor,
        rows,
        sales,
        {"first start, s": first_start, "second start, s": second_start, "memory of all processes (PSS), MB": memory},
    )
    REPORT.write_text(text)
    print(text)  # noqa: T201 - a benchmark tells what it measured


def in_stock(running: Demo) -> dict[str, Any]:
    """Return handle and variant id of the product with the most stock that the search finds."""
    found = _get(running, "/api/v1/products/search?in_stock=true&limit=20")["products"]
    detail = _get(running, f"/api/v1/products/{found[0]['id']}")
    variant = next(each for each in detail["variants"] if each["in_stock"])
    number = int(str(variant.get("id") or variant["variant_id"]).rpartition("_")[2])
    return {"handle": found[0]["handle"], "variant": number}


def measure(running: Demo) -> dict[str, Measured]:
    handle = in_stock(running)["handle"]
    pages = {name: path.format(handle=handle) for name, path in PAGES.items()}
    return {name: wrk(running.url(path), running.host(), seconds=SECONDS) for name, path in pages.items()}


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


def report(
    floor: dict[str, Measured], rows: dict[str, Measured], sales: dict[str, Sale], numbers: dict[str, float]
) -> str:
    hello = floor["bare Flask, hello"].rate
    lines = [
        "# Benchmarks",
        "",
        f"Measured {clock.now():%Y-%m-%d} with `make bench`, load generator on the same machine.",
        "",
    ]
    lines += ["| what | requests/s | p50 ms | p99 ms | failures | ratio to bare hello |", "|---|---|---|---|---|---|"]
    for name, one in {**floor, **rows}.items():
        lines.append(
            f"| {name} | {one.rate:.0f} | {one.p50:.2f} | {one.p99:.2f} | {one.failures} | {one.rate / hello:.2f} |"
        )
    lines += ["", "| what | orders/s | orders | failures |", "|---|---|---|---|"]
    lines += [f"| {name} | {sale.rate:.1f} | {sale.orders} | {sale.failures} |" for name, sale in sales.items()]
    lines += ["", "| what | value |", "|---|---|"]
    lines += [f"| {name} | {value:.1f} |" for name, value in numbers.items()]
    return "\n".join(lines) + "\n"


def _get(running: Demo, path: str) -> dict[str, Any]:
    request = urllib.request.Request(running.url(path), headers={"Host": running.host()})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


if __name__ == "__main__":
    main()
