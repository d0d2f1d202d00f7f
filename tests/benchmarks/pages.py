"""Load single addresses of the demo: from the page cache, past it, and the API."""

from __future__ import annotations

import json
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from tests.benchmarks.load import Measured, wrk
from tests.benchmarks.running import Demo

CACHED = {
    "home, from the page cache": "/",
    "collection of 24 products, from the page cache": "/collections/all",
    "product, from the page cache": "/products/{handle}",
}
# Each request has an address that was never asked for: the page cache can answer none of them.
UNCACHED = """
local count = 0
request = function()
  count = count + 1
  return wrk.format("GET", "{path}?nonce=" .. os.time() .. "-" .. count)
end
"""
ADD_TO_CART = """
wrk.method = "POST"
wrk.body = "id={variant}&quantity=1"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""


def stocked(running: Demo) -> dict[str, Any]:
    """Return handle and variant id of a product that the search finds and that is in stock."""
    found = _get(running, "/api/v1/products/search?in_stock=true&limit=20")["products"]
    detail = _get(running, f"/api/v1/products/{found[0]['id']}")
    variant = next(each for each in detail["variants"] if each["in_stock"])
    number = int(str(variant.get("id") or variant["variant_id"]).rpartition("_")[2])
    return {"handle": found[0]["handle"], "variant": number}


def measure(running: Demo, variant: int, seconds: int) -> dict[str, Measured]:
    """Return requests a second by what was asked; each address is warmed up first."""
    handle = stocked(running)["handle"]
    rows = {name: _load(running, path.format(handle=handle), seconds) for name, path in CACHED.items()}
    rows["collection of 24 products, past the page cache"] = _load(
        running, "/collections/all", seconds, UNCACHED.format(path="/collections/all")
    )
    rows["product, past the page cache"] = _load(
        running, f"/products/{handle}", seconds, UNCACHED.format(path=f"/products/{handle}")
    )
    rows["search API with facets"] = _load(running, "/api/v1/products/search?q=mug", seconds)
    rows["add to cart, a new cart each time"] = _load(
        running, "/cart/add", seconds, ADD_TO_CART.format(variant=variant)
    )
    return rows


def _load(running: Demo, path: str, seconds: int, script: str = "") -> Measured:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        used = Path(file.name) if script else None
        wrk(running.url(path), running.host(), seconds=1, script=used)
        return wrk(running.url(path), running.host(), seconds=seconds, script=used)


def _get(running: Demo, path: str) -> dict[str, Any]:
    request = urllib.request.Request(running.url(path), headers={"Host": running.host()})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found
