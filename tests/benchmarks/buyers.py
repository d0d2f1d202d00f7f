"""Whole guest checkouts over HTTP, from the first add to the order page, as a browser without JavaScript makes them."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

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
SECONDS_TO_WAIT = 60


@dataclass(frozen=True, slots=True)
class Sale:
    """Orders and refusals of a run of `seconds`; `milliseconds` are those of each whole checkout."""

    orders: int
    refused: int
    seconds: float
    milliseconds: tuple[float, ...]

    @property
    def rate(self) -> float:
        return self.orders / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Browser:
    """One buyer with one connection and one cookie; lighter than an HTTP library, whose work would be measured too."""

    def __init__(self, demo: Demo) -> None:
        self._host = demo.host()
        self._connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=SECONDS_TO_WAIT)
        self._cookie = ""

    def send(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Return (status, path of the redirect, body)."""
        headers = {"Host": self._host, "Cookie": self._cookie, "Accept": "text/html"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = self._connection.getresponse()
        body = answer.read().decode()
        self._cookie = (answer.headers["Set-Cookie"] or self._cookie).partition(";")[0]
        return answer.status, (answer.headers["Location"] or "").replace(f"http://{self._host}", ""), body

    def close(self) -> None:
        self._connection.close()


def buy(demo: Demo, variant: int) -> bool:
    """Buy one unit in six requests; True when an order page was reached."""
    browser = Browser(demo)
    try:
        return _buy(browser, variant)
    finally:
        browser.close()


def _buy(browser: Browser, variant: int) -> bool:
    browser.send("POST", "/cart/add", {"id": str(variant), "quantity": "1"})
    _, path, _ = browser.send("POST", "/checkout", {})
    if not path.startswith("/checkout/"):
        return False
    browser.send("GET", path)
    _, _, page = browser.send("POST", path, {**ADDRESS, **PAYMENT, "do": "update"})
    total = re.search(r'name="shown_total" value="(\d+)"', page)
    rate = re.search(r'name="shipping_code" value="([^"]+)"', page)
    if total is None or rate is None:
        return False
    form = {**ADDRESS, **PAYMENT, "do": "pay", "shipping_code": rate[1], "shown_total": total[1]}
    _, order, _ = browser.send("POST", path, form)
    return order.startswith("/orders/") and browser.send("GET", order)[0] == http.client.OK


def sell(demo: Demo, variant: int, *, buyers: int, orders: int) -> Sale:
    """Let `buyers` buy `orders` times together."""
    begun = time.monotonic()
    with ThreadPoolExecutor(buyers) as pool:
        results = list(pool.map(lambda _: _timed(demo, variant), range(orders)))
    bought = sum(done for done, _ in results)
    return Sale(bought, orders - bought, time.monotonic() - begun, tuple(one for _, one in results))


def _timed(demo: Demo, variant: int) -> tuple[bool, float]:
    begun = time.monotonic()
    return buy(demo, variant), (time.monotonic() - begun) * 1000
