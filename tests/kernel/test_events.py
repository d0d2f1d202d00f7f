"""The catalogue and the code name the same events."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from souk.kernel.events import CATALOGUE, Event, UnknownEvent

PROJECT = Path(__file__).parents[2]
SOURCES = [path for root in ("platform", "tenants", "themes", "plugins") for path in (PROJECT / root).rglob("*.py")]
PUBLISHED = re.compile(r"Event\(\s*\"([a-z_.]+)\"|'([a-z]+\.[a-z_]+)', %s, '\{\}'")


def test_every_event_of_the_catalogue_is_published_somewhere() -> None:
    found = {name for path in SOURCES for pair in PUBLISHED.findall(path.read_text("utf-8")) for name in pair if name}

    assert set(CATALOGUE) - found == set()


def test_an_unknown_event_cannot_be_made() -> None:
    with pytest.raises(UnknownEvent, match=r"add it to souk.kernel.events.CATALOGUE"):
        Event("order.vanished", 1)
