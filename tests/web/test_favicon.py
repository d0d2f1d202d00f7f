"""Every host has an icon."""

from __future__ import annotations

import pytest

from souk.kernel.tenancy import TenantScope
from tests.web.conftest import ClientFor


@pytest.mark.parametrize("host", ["", "souk.test", "admin.souk.test"])
def test_a_tab_gets_its_icon(client_for: ClientFor, shop: TenantScope, host: str) -> None:
    answer = client_for(host or shop).get("/favicon.ico")

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert answer.text.count("</text>") == 1
