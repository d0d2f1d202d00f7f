"""Whole guest checkouts over HTTP, from the first add to the order page, as a browser without JavaScript makes them."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from tests.benchmarks.running import Demo

ADDRESS = {
    "email": "buyer@example.com",
    "name": "Ada Buyer",
    "line1": "1 Main Street",
    "postal_code": "10001",
    "city": "New York",
    "state": "NY",
    "country": "US",
}
PAYMENT = {"payment_provider": "test_gateway", "payment_token": "tok_approved"}


@dataclass(frozen=True, slots=True)
class Sale:
    """Orders and failures of a run of `seconds`."""

    orders: int
    failures: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.orders / self.seconds


def buy(demo: Demo, variant: int) -> bool:
    """Buy one unit; True when an order page was reached."""
    with httpx.Client(base_url=demo.url(""), headers={"Host": demo.host()}, timeout=30) as client:
        client.post("/cart/add", data={"id": str(variant), "quantity": "1"})
        started = client.post("/checkout")
        path = started.headers.get("location", "").replace(f"http://{demo.host()}", "")
        if not path:
            return False
        page = client.post(path, data={**ADDRESS, **PAYMENT, "do": "update"})
        if page.is_redirect:
            page = client.get(path)
        total = re.search(r'name="shown_total" value="(\d+)"', page.text)
        rate = re.search(r'name="shipping_code" value="([^"]+)"', page.text)
        form = {**ADDRESS, **PAYMENT, "do": "pay", "shipping_code": rate[1] if rate else ""}
        paid = client.post(path, data={**form, "shown_total": total[1] if total else ""})
        target = paid.headers.get("location", "").replace(f"http://{demo.host()}", "")
        return "/orders/" in target and client.get(target).status_code == httpx.codes.OK


def sell(demo: Demo, variant: int, *, buyers: int, orders: int) -> Sale:
    """Let `buyers` buy `orders` times together."""
    begun = time.monotonic()
    with ThreadPoolExecutor(buyers) as pool:
        results = list(pool.map(lambda _: buy(demo, variant), range(orders)))
    return Sale(sum(results), results.count(False), time.monotonic() - begun)
