"""Processes that die, processes that meet, and buyers who do not notice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import func, select

from souk.catalog.importing.batch import Plan, run_batch
from souk.catalog.importing.errors import ImportRunning, RunnerLost, WrongStatus
from souk.catalog.importing.jobs import begin, stop
from souk.catalog.importing.models import ImportRow
from souk.catalog.importing.run import Progress, job_layout, open_groups, run_import
from souk.catalog.models import Product, Variant
from souk.checkout.complete import complete_checkout
from souk.inventory.models import InventoryMovement
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.factories.imports import counts, import_bytes, make_import, read, results, run_step, states, storage
from tests.fixtures.shops import make_shop

HEADER = b"Handle,Title,Variant Price,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty\n"
PROGRAM = """
import sys
import migrations.metadata
from souk.catalog.importing.run import run_import
from souk.kernel.tenancy import tenant_scope
from tests.factories.imports import storage
run_import(tenant_scope(int(sys.argv[1])), storage(), int(sys.argv[2]))
"""


def file_of(count: int, title: str = "Product") -> bytes:
    return HEADER + b"".join(f"p-{n},{title} {n},9.50,S-{n},shopify,5\n".encode() for n in range(count))


def started(scope: TenantScope, content: bytes) -> int:
    job_id = make_import(scope, content)
    with transaction(scope) as session:
        begin(session, job_id, "apply")
    return job_id


def test_an_import_killed_in_the_middle_is_resumed_without_loss_and_without_doubles(platform: None) -> None:
    scope = make_shop()
    job_id = started(scope, file_of(2_000))
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(scope.tenant_id), str(job_id)])
    while read(scope, job_id).next_number == 1:
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    killed = read(scope, job_id)
    assert killed.status == "applying"
    assert 1 < killed.next_number < 2_001

    run_import(scope, storage(), job_id)

    job = read(scope, job_id)
    with transaction(scope, read_only=True) as session:
        products = session.execute(select(func.count(), func.count(Product.handle.distinct()))).one()
        rows = session.execute(select(func.count(), func.count(ImportRow.handle.distinct()))).one()
        received = session.scalar(select(func.sum(InventoryMovement.quantity)))
    assert (job.status, counts(job)) == ("applied", (2_000, 0, 0, 0))
    assert (tuple(products), tuple(rows), received) == ((2_000, 2_000), (2_000, 2_000), 10_000)


def test_a_process_that_was_believed_dead_writes_nothing_more(platform: None) -> None:
    scope = make_shop()
    job_id = started(scope, file_of(600))
    taken: list[int] = []

    def steal(at: Progress) -> None:
        if not taken:
            taken.append(at.products)
            with transaction(scope) as session:
                stop(session, job_id)
                begin(session, job_id, "resume")
            run_import(scope, storage(), job_id)

    with pytest.raises(RunnerLost):
        run_import(scope, storage(), job_id, steal)

    assert taken == [250]
    assert (read(scope, job_id).status, counts(read(scope, job_id))) == ("applied", (600, 0, 0, 0))
    assert len(states(scope)) == 600


def test_a_second_writer_is_refused_with_a_sentence(platform: None, other_shop: TenantScope) -> None:
    scope = make_shop()
    first = started(scope, file_of(1))
    second = make_import(scope, file_of(1))

    with pytest.raises(ImportRunning, match=rf"^Import {first} \(products.csv\) is being written; wait until it has"):
        run_step(scope, second, "apply")

    assert read(scope, second).status == "uploaded"
    assert run_step(scope, second, "check").status == "checked"
    assert import_bytes(other_shop, file_of(1)).status == "applied"


def test_of_two_writers_that_begin_at_once_one_is_refused(platform: None) -> None:
    scope = make_shop()
    jobs = [make_import(scope, file_of(1)) for _ in range(2)]
    refused: list[Exception] = []
    together = threading.Barrier(2)

    def start(job_id: int) -> None:
        together.wait()
        try:
            with transaction(scope) as session:
                begin(session, job_id, "apply")
        except ImportRunning as error:
            refused.append(error)

    threads = [threading.Thread(target=start, args=(job_id,)) for job_id in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert sorted(read(scope, job_id).status for job_id in jobs) == ["applying", "uploaded"]


def test_a_stopped_import_keeps_its_journal_until_it_is_resumed_or_undone(platform: None) -> None:
    scope = make_shop()
    import_bytes(scope, file_of(300, "Old"))
    job_id = started(scope, file_of(600))

    def halt(_at: Progress) -> None:
        with transaction(scope) as session:
            stop(session, job_id)

    with pytest.raises(RunnerLost):
        run_import(scope, storage(), job_id, halt)
    with pytest.raises(WrongStatus, match="resume it, or undo it first"):
        run_step(scope, job_id, "apply")
    resumed = run_step(scope, job_id, "resume")
    undone = run_step(scope, job_id, "undo")

    assert (resumed.status, counts(resumed)) == ("applied", (300, 300, 0, 0))
    assert undone.status == "undone"
    assert {state.title.split()[0] for state in states(scope).values()} == {"Old"}
    assert len(states(scope)) == 300


def test_a_checkout_proceeds_while_an_import_holds_its_batch_open(platform: None) -> None:
    scope = make_shop()
    open_for_business(scope)
    import_bytes(scope, file_of(3))
    with transaction(scope, read_only=True) as session:
        variant_id = session.execute(select(Variant.id).where(Variant.sku == "S-1")).scalar_one()
    token = ready_checkout(scope, [(variant_id, 2)])
    job_id = started(scope, file_of(3, "Renamed"))
    job = read(scope, job_id)
    _, groups = open_groups(storage(), job, job_layout(job))

    with transaction(scope) as session:
        written = run_batch(session, Plan(job_id, job_layout(job), "USD", writing=True), list(groups))
        bought: list[object] = []
        buyer = threading.Thread(target=lambda: bought.append(complete_checkout(scope, token, APPROVED)))
        buyer.start()
        buyer.join(20)
        still_open = states(scope)["p-1"]

    assert dict(written) == {"updated": 3}
    assert len(bought) == 1
    assert (still_open.title, still_open.variants[0].promised) == ("Product 1", 2)
    assert states(scope)["p-1"].title == "Renamed 1"
    assert states(scope)["p-1"].variants[0].promised == 2


def test_a_count_below_what_is_promised_stays_at_what_is_promised(platform: None) -> None:
    scope = make_shop()
    open_for_business(scope)
    import_bytes(scope, file_of(2))
    with transaction(scope, read_only=True) as session:
        variant_id = session.execute(select(Variant.id).where(Variant.sku == "S-1")).scalar_one()
    complete_checkout(scope, ready_checkout(scope, [(variant_id, 3)]), APPROVED)

    job = import_bytes(scope, HEADER + b"p-1,Product 1,9.50,S-1,shopify,1\n")

    assert counts(job) == (0, 1, 0, 0)
    assert states(scope)["p-1"].variants[0].on_hand == 3
    assert results(scope, job.id)[0].changes == [{"field": "on_hand", "before": "5", "after": "3"}]
