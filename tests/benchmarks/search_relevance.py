"""How good and how fast search is on real data: NDCG@10 over graded judgments, p50 and p99 of a whole search.

Run: python -m tests.benchmarks.search_relevance FOLDER, which holds products.jsonl.gz and judgments_dev.csv.
"""

from __future__ import annotations

import csv
import gzip
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from souk.search.engine import ProductDocument, SearchQuery
from souk.search.evaluation import ndcg
from souk.search_engines.tantivy_engine import TantivyEngine

SHOP = "s_1"
ROUNDS = 5


def read_products(folder: Path) -> list[dict[str, Any]]:
    with gzip.open(folder / "products.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def to_document(number: int, product: dict[str, Any]) -> ProductDocument:
    lines = [f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in product["attributes"].items()]
    price = product["price_cents"] or 0
    return ProductDocument(
        id=number,
        version=1,
        handle=product["id"],
        title=product["title"],
        description="\n".join([product["short_description"] or "", *lines]),
        brand=product["brand"] or "",
        skus=(product["id"],),
        barcodes=tuple(product["ean"] or ()),
        price_min=price,
        price_max=price,
        in_stock=True,
    )


def read_judgments(folder: Path) -> dict[str, dict[str, int]]:
    """Return the grades of each query that has a relevant product."""
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "judgments_dev.csv").open() as lines:
        for row in csv.DictReader(lines):
            judged[row["query"]][row["docid"]] = int(row["rating"])
    return {query: grades for query, grades in judged.items() if max(grades.values()) > 0}


def main(folder: Path) -> None:
    products, judged = read_products(folder), read_judgments(folder)
    with tempfile.TemporaryDirectory() as place:
        engine = TantivyEngine(Path(place))
        began = time.perf_counter()
        engine.rebuild(SHOP, [[to_document(number, product) for number, product in enumerate(products, 1)]])
        print(f"indexed {len(products)} products in {time.perf_counter() - began:.1f} s")  # noqa: T201
        scores = []
        for text, grades in judged.items():
            ids = engine.search(SHOP, SearchQuery(text=text, limit=10)).ids
            scores.append(ndcg([products[number - 1]["id"] for number in ids], grades))
        print(f"NDCG@10 {statistics.mean(scores):.4f} over {len(scores)} queries")  # noqa: T201
        print_speed(engine, "page of 24", judged, SearchQuery())
        facets = SearchQuery(facets=("category", "brand", "in_stock", "rating", "price", "options"))
        print_speed(engine, "page of 24 with six facets", judged, facets)
        print_speed(engine, "misspelt", {f"{text[1:]}": {} for text in judged}, SearchQuery())


def print_speed(engine: TantivyEngine, name: str, texts: dict[str, Any], shape: SearchQuery) -> None:
    taken = []
    for text in list(texts) * ROUNDS:
        query = SearchQuery(text=text, facets=shape.facets)
        began = time.perf_counter()
        engine.search(SHOP, query)
        taken.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(taken, n=100)
    print(f"{name}: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms over {len(taken)} searches")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
