"""From save to found, and from asked to mailed: at rest, while a large index is built anew, and while others import.

`measure_lag(demo, folder)` is for `python -m tests.benchmarks`, after the search load, whose large shop it uses. It
looks every few milliseconds, as no shopper does, so that the figures hold what looking costs.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.running import Demo
from tests.benchmarks.search_load import PRODUCTS, SLUG

ROUNDS = 15
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.01
# An import of the admin API is a text of 20 million characters at most.
MOST_TEXT = 19_000_000


class Shop:
    """A shop of the demo, as an app, a shopper and a mailbox see it."""

    def __init__(self, running: Demo, host: str, token: str) -> None:
        self._mails = running.home / "mail"
        headers = {"Host": f"{host}:{running.port}"}
        self.shopper = httpx.Client(base_url=running.url(""), headers=headers, timeout=60)
        self.app = httpx.Client(
            base_url=running.url("/api/v1/admin"),
            headers=headers | {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=120,
        )

    def search_lag(self) -> float:
        """Save a product under a word that nobody has used, and return the seconds until it is found."""
        product = self.app.get("/products?limit=1").json()["products"][0]
        word = "".join(secrets.choice("bcdfghklmnprstvz") for _ in range(12))
        title = f"{product['title'].split(' (')[0]} ({word})"
        self.app.patch(f"/products/{product['id']}", json={"title": title}).raise_for_status()
        return _waited(lambda: bool(self.shopper.get(f"/api/v1/products/search?q={word}").json()["total"]))

    def mail_lag(self) -> float:
        """Ask for a new password, and return the seconds until its mail has left."""
        before = len(list(self._mails.glob("*")))
        email = f"{secrets.token_hex(6)}@example.com"
        user = {"name": "Ada", "email": email, "password": "correct horse battery"}
        self.shopper.post("/api/v1/users/register", json=user).raise_for_status()
        self.shopper.post("/account/forgot", data={"email": email}).raise_for_status()
        return _waited(lambda: len(list(self._mails.glob("*"))) > before)


def measure_lag(running: Demo, folder: Path) -> dict[str, float]:
    """Return milliseconds by what was measured; needs the large shop of `search_load`."""
    admin = running.facts["shops"]
    small = Shop(running, admin[0]["host"], admin[0]["admin_api_token"])
    other = Shop(running, admin[1]["host"], admin[1]["admin_api_token"])
    large = Shop(running, f"{SLUG}.localhost", _token(running))
    numbers = _figures("at rest", "19,406 products", large)
    with rebuilding(large):
        numbers |= _figures("while its index is built anew", "19,406 products", large)
    with importing(other, folder):
        numbers |= _figures("while another shop imports", "40 products", small)
        numbers |= _mails("while another shop imports", small)
    return numbers


def _figures(when: str, what: str, shop: Shop) -> dict[str, float]:
    lags = sorted(shop.search_lag() * 1000 for _ in range(ROUNDS))
    name = f"from save to found, {what}, {when}"
    return {f"{name}, p50 ms": statistics.median(lags), f"{name}, slowest of {ROUNDS}, ms": lags[-1]}


def _mails(when: str, shop: Shop) -> dict[str, float]:
    lags = sorted(shop.mail_lag() * 1000 for _ in range(5))
    return {f"from asked to mailed, {when}, slowest of 5, ms": lags[-1]}


@contextmanager
def rebuilding(shop: Shop) -> Iterator[None]:
    """Ask for a new index again and again, so that one is always being built."""
    for _ in range(3):
        shop.app.post("/search/index", json={}).raise_for_status()
    time.sleep(0.5)
    yield


@contextmanager
def importing(shop: Shop, folder: Path) -> Iterator[None]:
    """Import as much of the real catalogue as one request takes, and go on once products are being written."""
    with gzip.open(folder / PRODUCTS, "rt", newline="") as lines:
        text = re.sub(r"\n[^\n]*\Z", "\n", lines.read(MOST_TEXT))
    body = {"filename": "catalogue.csv", "content": text, "step": "apply"}
    job = shop.app.post("/imports", json=body).raise_for_status().json()["id"]
    _waited(lambda: shop.app.get(f"/imports/{job}").json()["created"] > 0)
    yield


def _waited(there: Callable[[], bool]) -> float:
    begun = time.monotonic()
    while not there():
        if time.monotonic() - begun > PATIENCE_SECONDS:
            raise RuntimeError(f"It did not come within {PATIENCE_SECONDS:.0f} s.")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - begun


def _token(running: Demo) -> str:
    values: dict[str, str] = json.loads((running.home / "running.json").read_text())
    secret = {"SOUK_SECRET_KEY": (running.home / "secret_key").read_text().strip()}
    command = [sys.executable, "-m", "tests.benchmarks.index_lag"]
    done = subprocess.run(
        command, env=os.environ | values | secret, cwd=Path(__file__).parents[2], check=True, text=True,
        stdout=subprocess.PIPE, timeout=60,
    )  # fmt: skip
    return done.stdout.split()[-1]


def _issue() -> str:
    from sqlalchemy import insert

    from souk.kernel.db import transaction
    from souk.kernel.models import ApiToken
    from souk.kernel.tenancy import control_scope
    from souk.kernel.tokens import hash_token, new_token
    from tenants.queries import tenant_by_slug

    token = new_token("souk_")
    with transaction(control_scope(), read_only=True) as session:
        scope = tenant_by_slug(session, SLUG).scope
    with transaction(scope) as session:
        session.execute(insert(ApiToken).values(name="lag", token_hash=hash_token(token), scopes=["*"]))
    return token


if __name__ == "__main__":
    print(_issue())  # noqa: T201 - the parent process reads it
