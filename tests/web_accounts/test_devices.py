"""Browsers under the names that people know."""

from __future__ import annotations

import pytest

from souk.web.accounts.devices import browser_of, system_of

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0"


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [(CHROME, "Chrome", "Linux"), (SAFARI, "Safari", "iPhone"), (EDGE, "Edge", "Windows"), ("curl/8.0", "", "")],
)
def test_a_browser_is_named(agent: str, browser: str, system: str) -> None:
    assert (browser_of(agent), system_of(agent)) == (browser, system)
