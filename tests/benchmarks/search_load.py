"""Search under load on 19,406 real products: the API with facets, and suggestions while typing.

`measure_search(demo, folder)` is for `python -m tests.benchmarks`; `folder` holds the products and judgments named
in the constants. Queries are a mix of what people asked and of words of names, so that no single answer is measured.
The first row begins with processes that have answered nothing yet; a later one asks the same again.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.load import Measured, wrk
from tests.benchmarks.running import Demo

PRODUCTS, JUDGMENTS = "products_shopify.csv.gz", "judgments_dev.csv"
SLUG = "icecat"
MIXED, NEW = 400, 20_000
_SCRIPT = """
local paths = {{ {paths} }}
local count = 0
request = function()
  count = count + 1
  return wrk.format("GET", paths[(count - 1) % #paths + 1])
end
"""


@dataclass(frozen=True, slots=True)
class SearchLoad:
    """`rows` by what was asked; `numbers` are seconds to import and to index, and products."""

    rows: dict[str, Measured]
    numbers: dict[str, float]


def measure_search(running: Demo, folder: Path, seconds: int = 5) -> SearchLoad | None:
    """Load the search of a shop with the products of `folder` in the running demo; None where they are absent."""
    if not (folder / PRODUCTS).exists():
        return None
    numbers = _prepare(running, folder)
    asked, words = _asked(folder), _words(folder)
    chance = random.Random(1)
    mixed = [*asked, *(_two(words, chance) for _ in range(MIXED - len(asked)))]
    chance.shuffle(mixed)
    new = [_two(words, chance) for _ in range(NEW)]
    typed = [query[:length] for query in asked for length in range(2, len(query) + 1)]
    search, suggest = "/api/v1/products/search?q={}", "/search/suggest?q={}"
    rows = {
        "search API with facets, 8 clients": _load(running, search, mixed, 8, seconds),
        "search API with facets, 1 client": _load(running, search, mixed, 1, seconds),
        "search API with facets, 8 clients, all asked before": _load(running, search, mixed, 8, seconds),
        "search API with facets, every query new, 8 clients": _load(running, search, new, 8, seconds),
        "search API with facets, every query new, 1 client": _load(running, search, new[::-1], 1, seconds),
        "suggestions while typing, 1 client": _load(running, suggest, typed, 1, seconds),
        "suggestions while typing, 8 clients": _load(running, suggest, typed, 8, seconds),
    }
    return SearchLoad(rows, numbers)


def _load(running: Demo, path: str, queries: list[str], connections: int, seconds: int) -> Measured:
    paths = ", ".join(json.dumps(path.format(query.replace(" ", "+"))) for query in queries)
    host = f"{SLUG}.localhost:{running.port}"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(_SCRIPT.format(paths=paths))
        file.flush()
        script = Path(file.name)
        wrk(running.url("/"), host, seconds=1, connections=connections, script=script)
        return wrk(running.url("/"), host, seconds=seconds, connections=connections, script=script)


def _asked(folder: Path) -> list[str]:
    with (folder / JUDGMENTS).open() as lines:
        return sorted({row["query"] for row in csv.DictReader(lines)})


def _words(folder: Path) -> list[str]:
    """Return the plain words of all names."""
    with gzip.open(folder / PRODUCTS, "rt", newline="") as lines:
        titles = (row["Title"] for row in csv.DictReader(lines))
        words = {word.lower() for title in titles for word in title.split() if word.isascii() and word.isalpha()}
    return sorted(words)


def _two(words: list[str], chance: random.Random) -> str:
    return f"{chance.choice(words)} {chance.choice(words)}"


def _prepare(running: Demo, folder: Path) -> dict[str, float]:
    # The platform reads its configuration once for each process: a child has that of the demo.
    values: dict[str, str] = json.loads((running.home / "running.json").read_text())
    secret = {"SOUK_SECRET_KEY": (running.home / "secret_key").read_text().strip()}
    command = [sys.executable, "-m", "tests.benchmarks.search_load", str(folder)]
    done = subprocess.run(
        command, env=os.environ | values | secret, cwd=Path(__file__).parents[2], check=True, text=True,
        stdout=subprocess.PIPE, timeout=600,
    )  # fmt: skip
    numbers: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return numbers


def _fill(folder: Path) -> dict[str, float]:
    from souk.kernel.config import config
    from souk.search.index import rebuild_index
    from souk.search_engines.configured import engine_from
    from tenants.provision import provision

    scope = provision(SLUG, "Benchmark", shop={"currency": "USD", "country": "US"})
    begun = time.monotonic()
    command = [sys.executable, "-m", "cli.main", "import", "products", SLUG, str(folder / PRODUCTS)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=300)
    imported = time.monotonic()
    products = rebuild_index(engine_from(config()), scope)
    return {
        "import of the products, s": imported - begun,
        "index of the products, built anew, s": time.monotonic() - imported,
        "products": float(products),
    }


if __name__ == "__main__":
    import migrations.metadata  # noqa: F401 - foreign keys between domains need every model

    print(json.dumps(_fill(Path(sys.argv[1]))))  # noqa: T201 - the parent process reads it
