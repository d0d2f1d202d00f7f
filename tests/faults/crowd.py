"""A process of buyers who buy one unit after another until there is none; `python -m tests.faults.crowd ...`.

Every order is told in a file the moment it is known, so that one which was promised and lost would show.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy.exc import DBAPIError

import migrations.metadata  # noqa: F401 - foreign keys need every model
from plugins.loader import plugins
from souk.checkout.complete import complete_checkout
from souk.inventory.errors import OutOfStock
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope, tenant_scope
from tests.factories.commerce import APPROVED, ready_checkout

PAUSE = 0.1


def buy_until_sold_out(scope: TenantScope, variant_id: int, told: int) -> int:
    """Return how many were bought; a database that is away, or a refusal for a moment, is tried again."""
    bought = 0
    while True:
        try:
            done = complete_checkout(scope, ready_checkout(scope, [(variant_id, 1)]), APPROVED)
        except OutOfStock:
            return bought
        except (DBAPIError, SoukError):
            time.sleep(PAUSE)
            continue
        os.write(told, f"{done.order_id}\n".encode())
        bought += 1


def crowd(tenant_id: int, variant_id: int, buyers: int, told: Path) -> None:
    plugins()
    file = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with ThreadPoolExecutor(buyers) as pool:
        list(pool.map(lambda _: buy_until_sold_out(tenant_scope(tenant_id), variant_id, file), range(buyers)))


if __name__ == "__main__":
    crowd(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
