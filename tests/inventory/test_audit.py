"""Counters that were tampered with are found, named and mended; sound ones are left alone."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli import stock
from cli.main import main
from souk.inventory.audit import audit, audit_step, audit_steps, mend
from souk.inventory.locations import list_locations
from souk.inventory.transfer import create_transfer
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from tenants.queries import tenant_by_id
from tests.factories.commerce import open_for_business
from tests.inventory.stocking import hold, level, new_checkout, variant


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)
    open_for_business(other_shop)


def tamper(scope: TenantScope, variant_id: int, change: str) -> None:
    with transaction(scope) as session:
        session.execute(text(f"UPDATE inventory_levels SET {change} WHERE variant_id = :id"), {"id": variant_id})


@pytest.mark.parametrize(
    "change", ["on_hand = on_hand + 1", "committed = 2", "reserved = reserved - 1", "incoming = 9", "on_hand = 8"]
)
@pytest.mark.parametrize("hot", [False, True])
def test_a_wrong_counter_is_found_and_mended(shop: TenantScope, change: str, *, hot: bool) -> None:
    variant_id = variant(shop, 10, hot=hot)
    hold(shop, new_checkout(shop), [(variant_id, 3)])
    with transaction(shop) as session:
        create_transfer(session, None, list_locations(session)[0].id, {variant_id: 4}, actor="staff:1")
    sound = level(shop, variant_id)
    if hot:
        tamper(shop, variant_id, "debt = 5")  # a pool leaves no room for the wrong numbers otherwise
    tamper(shop, variant_id, change)

    with transaction(shop) as session:
        found = audit(session)
        mended = [mend(session, one.level_id) for one in found]

    assert [one.variant_id for one in found] == [variant_id]
    assert mended == found
    after = level(shop, variant_id)
    assert (after.on_hand, after.committed, after.reserved, after.available, after.incoming) == (
        sound.on_hand, sound.committed, sound.reserved, sound.available, 4,
    )  # fmt: skip
    with transaction(shop) as session:
        assert audit(session) == []
        assert mend(session, sound.id) is None


def test_steps_hold_every_level_once(shop: TenantScope) -> None:
    for _ in range(3):
        tamper(shop, variant(shop, 10), "on_hand = 12")

    with transaction(shop, read_only=True) as session:
        whole, steps = audit(session), audit_steps(session, 2)
        ends = [0, *(last for last, _ in steps)]
        parts = [one for after, last in pairwise(ends) for one in audit_step(session, after, last)]

    with transaction(shop) as session:
        for one in whole:
            mend(session, one.level_id)
    assert parts == whole
    assert {levels for _, levels in steps[:-1]} <= {2}
    assert len(whole) >= 3


def test_the_command_tells_mends_and_leaves_other_shops_alone(
    shop: TenantScope, other_shop: TenantScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each level is a step of its own: none may fall between two.
    monkeypatch.setattr(stock, "STEP", 1)
    variant_id, theirs = variant(shop, 10), variant(other_shop, 10)
    tamper(shop, variant_id, "on_hand = 12")
    tamper(other_shop, theirs, "on_hand = 13")
    with transaction(control_scope(), read_only=True) as session:
        slug = tenant_by_id(session, shop.tenant_id).slug

    told = CliRunner().invoke(main, ["stock", "check", slug])
    listed = CliRunner().invoke(main, ["stock", "check", slug, "--json"])
    mended = CliRunner().invoke(main, ["stock", "check", slug, "--mend"])
    again = CliRunner().invoke(main, ["stock", "check", slug])

    assert (told.exit_code, "1 levels differ" in told.output) == (1, True)
    assert [(row["variant_id"], row["on_hand"]) for row in json.loads(listed.stdout)] == [
        (variant_id, "12, should be 10")
    ]
    assert (mended.exit_code, mended.output.splitlines()[-1]) == (0, "1 levels mended.")
    assert (again.exit_code, again.stdout) == (0, "Every counter is what the ledger says.\n")
    assert level(other_shop, theirs).on_hand == 13
    tamper(other_shop, theirs, "on_hand = 10")
