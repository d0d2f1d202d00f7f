from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from souk.catalog.exporting.forget import forget_files
from souk.catalog.exporting.jobs import ask_export
from souk.catalog.exporting.models import ExportJob
from souk.catalog.exporting.run import run_export
from souk.catalog.importing.models import ImportJob, ImportRow
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.media.parts import part_key
from tests.factories.imports import import_bytes, read, storage
from tests.fixtures.shops import make_shop

FILE = b"Title,Price\nMug,9.50\n"


def test_old_imports_and_exports_go_with_their_rows_and_files(platform: None) -> None:
    scope, other = make_shop(), make_shop()
    old, new, kept = import_bytes(scope, FILE), import_bytes(scope, FILE), import_bytes(other, FILE)
    with transaction(scope) as session:
        export_id = ask_export(session, "jsonl", {}, "staff:1")
    run_export(scope, storage(), export_id)
    with transaction(scope) as session:
        export_key = session.execute(select(ExportJob.source)).scalar_one()["key"]
        session.execute(
            update(ImportJob).where(ImportJob.id == old.id).values(created_at=clock.now() - timedelta(days=91))
        )
        session.execute(update(ExportJob).values(created_at=clock.now() - timedelta(days=15)))

    gone = forget_files(scope, storage())

    assert gone == 2
    with transaction(scope, read_only=True) as session:
        assert session.scalars(select(ImportJob.id)).all() == [new.id]
        assert session.scalar(select(func.count()).select_from(ImportRow).where(ImportRow.job_id == old.id)) == 0
        assert session.scalars(select(ExportJob.id)).all() == []
    assert not storage().exists(part_key(old.source["key"], 1))
    assert not storage().exists(part_key(export_key, 1))
    assert storage().exists(part_key(new.source["key"], 1))
    assert read(other, kept.id).status == "applied"
