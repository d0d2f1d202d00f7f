"""A year of a real shop: every invoice to the penny (skips where the data is not at hand)."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from cli.main import main
from souk.customers.models import Customer
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order, OrderLine
from tests.fixtures.shops import make_shop
from tests.real_data import ORDERS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not ORDERS.exists(), reason="the order history is not at hand"),
]


@pytest.fixture(scope="module")
def imported(platform: None) -> TenantScope:
    scope = make_shop("history", currency="GBP", timezone="Europe/London")
    done = CliRunner().invoke(main, ["import", "orders", "history", str(ORDERS)])
    assert done.exit_code == 0, done.output
    assert "28816 orders made" in done.output
    return scope


def test_every_invoice_has_the_total_of_its_lines(imported: TenantScope) -> None:
    expected: dict[str, Decimal] = defaultdict(Decimal)
    customers = set()
    with gzip.open(ORDERS, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            expected[row["Invoice"]] += int(row["Quantity"]) * Decimal(row["Price"])
            customers.add(row["Customer ID"])
    pence = {number: int((total * 100).quantize(Decimal(1), ROUND_HALF_UP)) for number, total in expected.items()}
    with transaction(imported, timeout_ms=60_000) as session:
        totals = {row[0]: row[1] for row in session.execute(select(Order.external_number, Order.total))}
        lines, units = session.execute(select(func.count(OrderLine.id), func.sum(OrderLine.subtotal))).one()
        known = session.execute(select(func.count(Customer.id))).scalar_one()
        nobody = session.execute(select(func.count(Order.id)).where(Order.customer_id.is_(None))).scalar_one()
        credit = session.execute(select(func.count(Order.id)).where(Order.total < 0)).scalar_one()
    assert totals == pence
    assert (lines, units) == (525_461, sum(pence.values()))
    assert known == len(customers - {""})
    assert nobody > 0
    assert credit >= 4_500


def test_a_second_run_brings_nothing_twice(imported: TenantScope) -> None:
    done = CliRunner().invoke(main, ["import", "orders", "history", str(ORDERS)])

    assert done.exit_code == 0, done.output
    assert "0 orders made, 0 updated, 28816 unchanged, 0 left out" in done.output
