"""Publishing while shoppers look: each page is of one theme or of the other, and no request fails."""

from __future__ import annotations

import re
from collections import Counter
from threading import Event, Thread

from flask import Flask

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from souk.web.page_cache.purge import EVERYTHING, purge
from tests.fixtures.shops import make_shop
from tests.themes.small import SECTION, small_theme
from tests.web.conftest import ClientFor
from themes.installations import add_theme
from themes.publishing import list_publications, publish_theme, roll_back
from themes.stored import keep_files

SHOPPERS = 3
SWAPS = 12
_MARK = re.compile(r"mark-(\w+)")


def marked(scope: TenantScope, mark: str) -> int:
    """Add a theme whose layout, section and snippet all say `mark`, three times a page."""
    files = small_theme()
    text = f"<i>mark-{mark}</i>"
    layout = files["layout/theme.html"].decode().replace("{{ content_for_layout }}", text + "{{ content_for_layout }}")
    files |= {
        "layout/theme.html": layout.encode(),
        "sections/main.html": f"{text}{{% render 'mark' %}}{SECTION}".encode(),
        "snippets/mark.html": text.encode(),
    }
    kept = keep_files(media_storage(config()), files)
    with transaction(scope) as session:
        return add_theme(session, mark, "1.0.0", kept)


def test_no_request_sees_half_of_a_theme(app: Flask, client_for: ClientFor) -> None:
    scope = make_shop()
    ids = [marked(scope, "one"), marked(scope, "two")]
    swap(scope, ids[0])
    seen: Counter[tuple[str, ...]] = Counter()
    failed: list[int] = []
    stop = Event()

    def look() -> None:
        client = client_for(scope)
        while not stop.is_set():
            answer = client.get("/", follow_redirects=True)
            seen[tuple(_MARK.findall(answer.text))] += 1
            if answer.status_code != 200:
                failed.append(answer.status_code)

    shoppers = [Thread(target=look) for _ in range(SHOPPERS)]
    for each in shoppers:
        each.start()
    for number in range(SWAPS):
        swap(scope, ids[(number + 1) % 2])
    with transaction(scope) as session:
        roll_back(session, list_publications(session)[1].id, actor="staff:1")
    purge(scope, EVERYTHING)
    stop.set()
    for each in shoppers:
        each.join(30)

    assert failed == []
    assert {marks for marks in seen if len(set(marks)) != 1 or len(marks) != 3} == set()
    assert set(seen) == {("one",) * 3, ("two",) * 3}


def swap(scope: TenantScope, theme_id: int) -> None:
    with transaction(scope) as session:
        publish_theme(session, theme_id)
    # What the worker does with the event of a publication.
    purge(scope, EVERYTHING)
