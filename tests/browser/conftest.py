"""One running demo and one browser for every browser test."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright

from tests.benchmarks.running import Demo, demo
from tests.browser.watching import Watch

CHROMIUM = "/usr/bin/chromium"
# The second line keeps the browser from calling its maker, which a closed network answers slowly.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """The running demo and one browser."""

    demo: Demo
    browser: Browser

    def origin(self, slug: str) -> str:
        return f"http://{slug}.localhost:{self.demo.port}"

    @contextmanager
    def watched(self, viewport: ViewportSize, *, javascript: bool = True, allowed: int = 0) -> Iterator[Page]:
        """Open a page in a browser of its own; at the end nothing may have gone wrong on it."""
        context = self.browser.new_context(viewport=viewport, java_script_enabled=javascript)
        watch = Watch(allowed={allowed})
        page: Page = watch.on(context.new_page())
        page.set_default_timeout(20_000)
        yield page
        context.close()
        assert watch.found == []

    def sign_in(self, page: Page) -> str:
        """Sign in to the dashboard as the owner of both shops; returns its address."""
        admin = self.demo.facts["admin"]
        origin = f"http://{admin['host']}:{self.demo.port}"
        page.goto(f"{origin}/")
        page.fill("[name=email]", admin["email"])
        page.fill("[name=password]", admin["password"])
        page.click("button.main")
        page.wait_for_load_state()
        return origin

    def product(self, slug: str) -> str:
        """Return the handle of a product that can be bought."""
        request = urllib.request.Request(self.demo.url("/api/v1/products/search?in_stock=true&limit=1"))
        request.add_header("Host", f"{slug}.localhost:{self.demo.port}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, Any] = loads(answer.read())
        return str(found["products"][0]["handle"])

    def mails(self) -> list[str]:
        """Return the mails that the demo has written so far, newest first."""
        files = (self.demo.home / "mail").glob("*.eml")
        return [file.read_text("utf-8") for file in sorted(files, key=lambda file: -file.stat().st_mtime_ns)]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of a process: a second one beside it is refused."""
    assert Path(CHROMIUM).exists(), "The browser tests need chromium: sudo apt-get install chromium"
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, playwright: Playwright) -> Iterator[World]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield World(running, browser)
        browser.close()
