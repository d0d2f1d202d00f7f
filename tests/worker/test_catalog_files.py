"""A merchant's import and export run in the worker, once, whoever hands them out again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from souk.catalog.exporting.jobs import ask_export, read_export
from souk.catalog.importing.claim import claim, new_runner
from souk.catalog.importing.jobs import start
from souk.kernel.db import transaction
from souk.kernel.models import Delivery
from souk.kernel.outbox import AlreadyDelivered
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.worker.catalog_files import export_products, import_products
from tests.factories.commerce import delivery_of
from tests.factories.imports import counts, make_import, read, states
from tests.fixtures.shops import make_shop

FILE = b"Title,Price\nMug,9.50\n"


def status_of(delivery_id: int) -> str:
    with transaction(pod_scope("default"), read_only=True) as session:
        return session.execute(select(Delivery.status).where(Delivery.id == delivery_id)).scalar_one()


def asked(scope: TenantScope) -> int:
    job_id = make_import(scope, FILE)
    with transaction(scope) as session:
        start(session, job_id, "apply")
    return job_id


def test_an_import_is_written_once_and_its_delivery_ends(platform: None) -> None:
    scope = make_shop()
    job_id = asked(scope)
    job = delivery_of(scope, "import.requested", job_id)

    import_products(job)
    with pytest.raises(AlreadyDelivered):
        import_products(job)

    assert counts(read(scope, job_id)) == (1, 0, 0, 0)
    assert list(states(scope)) == ["mug"]
    assert status_of(job.delivery_id) == "done"


def test_a_delivery_waits_while_another_process_has_the_import_in_hand(platform: None) -> None:
    scope = make_shop()
    job_id = asked(scope)
    job = delivery_of(scope, "import.requested", job_id)
    with transaction(scope) as session:
        claim(session, job_id, new_runner())

    import_products(job)

    assert status_of(job.delivery_id) == "pending"
    assert read(scope, job_id).status == "applying"
    assert states(scope) == {}


def test_an_export_is_written_and_its_delivery_ends(platform: None) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        job_id = ask_export(session, "jsonl", {"status": "draft"}, "staff:1")
    job = delivery_of(scope, "export.requested", job_id)

    export_products(job)

    with transaction(scope, read_only=True) as session:
        export = read_export(session, job_id)
    assert (export.status, export.exported, export.byte_size, export.source["parts"]) == ("done", 0, 0, 0)
    assert status_of(job.delivery_id) == "done"
