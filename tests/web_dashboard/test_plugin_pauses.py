"""The dashboard's first page tells which plugins rest, each shop its own."""

from __future__ import annotations

from plugins.pauses import note_pause
from souk.kernel.tenancy import TenantScope
from tests.web_dashboard.conftest import SignedIn


def test_a_merchant_reads_which_plugin_rests(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    note_pause(shop, "stars", "slot", "It failed 5 times in a row.")

    mine = signed_in(shop, "owner").get("~")
    theirs = signed_in(other_shop, "owner").get("~")

    assert "It failed 5 times in a row." in mine.text
    assert (theirs.status_code, "It failed 5 times" in theirs.text) == (200, False)
