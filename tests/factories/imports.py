"""Imports for tests: a file's bytes go in, the job with its counts comes out."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from souk.catalog.exporting.stream import stream_products
from souk.catalog.importing.jobs import begin, choose_mapping, create_import, read_import
from souk.catalog.importing.mappings import mapping_for
from souk.catalog.importing.results import list_results
from souk.catalog.importing.run import run_import
from souk.catalog.importing.snapshot import read_states
from souk.catalog.importing.state import ProductState
from souk.catalog.importing.upload import store_upload
from souk.catalog.models import Product
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from souk.media.storage import MediaStorage


def storage() -> MediaStorage:
    return media_storage(config())


def make_import(
    scope: TenantScope, content: bytes, mapping: Mapping[str, str] | None = None, *, name: str = "products.csv"
) -> int:
    """Store the file and return its job; a mapping adds to what is guessed."""
    upload = store_upload(storage(), scope.tenant_id, io.BytesIO(content), name)
    with transaction(scope) as session:
        mapped = mapping_for(session, upload)
        job_id = create_import(session, upload, mapped, "staff:1")
        if mapping is not None:
            choose_mapping(session, job_id, {**mapped.fields, **mapping}, mapped.decimal)
    return job_id


def run_step(scope: TenantScope, job_id: int, step: str) -> Row[Any]:
    """Do `check`, `apply`, `resume` or `undo` and return the job as it ended."""
    with transaction(scope) as session:
        begin(session, job_id, step)
    run_import(scope, storage(), job_id)
    return read(scope, job_id)


def import_bytes(scope: TenantScope, content: bytes, mapping: Mapping[str, str] | None = None) -> Row[Any]:
    """Import the file and return its job."""
    return run_step(scope, make_import(scope, content, mapping), "apply")


def read(scope: TenantScope, job_id: int) -> Row[Any]:
    with transaction(scope, read_only=True) as session:
        return read_import(session, job_id)


def results(scope: TenantScope, job_id: int, action: str = "") -> Sequence[Row[Any]]:
    with transaction(scope, read_only=True) as session:
        return list_results(session, job_id, action=action, limit=1_000)


def counts(job: Row[Any]) -> tuple[int, int, int, int]:
    """Return created, updated, unchanged, refused."""
    return job.created, job.updated, job.unchanged, job.refused


def export_bytes(scope: TenantScope, format_name: str = "shopify", **filters: object) -> bytes:
    """Return the file of an export."""
    return b"".join(stream_products(scope, format_name, filters, lambda _count: None))


def states(scope: TenantScope) -> dict[str, ProductState]:
    """Return every product of the shop by handle."""
    with transaction(scope, read_only=True) as session:
        ids = list(session.scalars(select(Product.id)))
        return {state.handle: state for state in read_states(session, ids).values()}
