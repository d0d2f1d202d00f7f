"""What no row refers to is deleted from the storage, in this shop only, and nothing that was just written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from cli.main import main
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import Product, ProductMedia
from souk.catalog.save_product import save_product
from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.settings import write_setting
from souk.kernel.tenancy import TenantScope, control_scope
from souk.media.configured import media_storage
from souk.media.models import Media
from souk.media.parts import new_key, put_parts
from souk.media.renditions import rendition
from souk.media.storage import MediaStorage
from souk.media.store import store_image
from souk.media.sweep import Swept, sweep_media
from souk.worker import periodic
from souk.worker.registry import register_all
from tenants.queries import tenant_by_id
from tests.fixtures.shops import make_shop
from tests.media.test_store import picture


@pytest.fixture
def storage(platform: None) -> MediaStorage:
    return media_storage(config())


def add(scope: TenantScope, storage: MediaStorage, shade: int, *, days_old: int = 40) -> tuple[int, str]:
    """Return a picture's number and key."""
    with transaction(scope) as session:
        media = store_image(session, storage, picture((shade, 2, 3)), "x.png")
        session.execute(
            update(Media).where(Media.id == media.id).values(created_at=clock.now() - timedelta(days=days_old))
        )
        found = media.id, media.storage_key
    rendition(storage, found[1], 165)
    return found


def stored(storage: MediaStorage, scope: TenantScope) -> set[str]:
    beginnings = (f"t{scope.tenant_id}/", f"files/t{scope.tenant_id}/", f"incoming/t{scope.tenant_id}/")
    return {key for beginning in beginnings for key, _ in storage.files(beginning)}


def test_only_what_nothing_refers_to_goes(storage: MediaStorage) -> None:
    scope, stranger = make_shop(), make_shop()
    shown_id, shown = add(scope, storage, 1)
    referred_id, referred = add(scope, storage, 5)
    unused, setting = add(scope, storage, 2)[1], add(scope, storage, 3)[1]
    recent = add(scope, storage, 4, days_old=3)[1]
    lost = f"t{scope.tenant_id}/{'0' * 32}"
    storage.put(lost, b"without a row", "image/png")
    storage.put(f"{lost}.w165.webp", b"its size", "image/webp")
    import_file = put_parts(storage, new_key(scope.tenant_id, "imports"), [b"of a job that is gone"])
    for each in (scope, stranger):
        storage.put(f"incoming/t{each.tenant_id}/{'a' * 32}", b"never confirmed", "image/png")
    add(stranger, storage, 2)
    storage.put(f"t{stranger.tenant_id}/{'0' * 32}", b"theirs", "image/png")
    with transaction(scope) as session:
        product_id = save_product(session, ProductDraft("Chair", (VariantDraft(1),)))
        session.add(ProductMedia(product_id=product_id, media_id=shown_id, position=1))
        # Of the type file_reference: a number and nothing else.
        fields = {
            "custom.manual": referred_id,
            "custom.several": [referred_id + 1_000],
            "custom.size": {"value": "2.5"},
        }
        session.execute(update(Product).where(Product.id == product_id).values(metafields=fields))
        write_setting(session, "look", {"sections": [{"logo": setting}]})
    theirs, before = stored(storage, stranger), stored(storage, scope)

    too_early = sweep_media(scope, storage)
    with clock.frozen(clock.now() + timedelta(days=2)):
        planned = sweep_media(scope, storage, dry_run=True)
        untouched = stored(storage, scope)
        done = sweep_media(scope, storage)
        again = sweep_media(scope, storage)

    assert (too_early, untouched) == (Swept(), before)
    assert planned == done == Swept(pictures=1, files=5, uploads=1)
    assert again == Swept()
    gone = {unused, f"{unused}.w165.webp", lost, f"{lost}.w165.webp", f"{import_file.key}/00001"}
    assert before - stored(storage, scope) == gone | {f"incoming/t{scope.tenant_id}/{'a' * 32}"}
    assert stored(storage, stranger) == theirs
    with transaction(scope, read_only=True) as session:
        assert set(session.scalars(select(Media.storage_key))) == {shown, setting, recent, referred}


def test_a_picture_that_is_uploaded_again_meanwhile_stays(
    storage: MediaStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = make_shop()
    key = add(scope, storage, 1)[1]
    later = clock.now() + timedelta(days=2)
    asked = iter([[], [(key, later - timedelta(days=2))], [], [(key, later)]])
    monkeypatch.setattr(storage, "files", lambda _beginning: next(asked))

    with clock.frozen(later):
        order = sweep_media(scope, storage)

    assert order.files == 0
    assert storage.exists(key)


def test_operators_sweep_and_the_worker_does_each_night(storage: MediaStorage) -> None:
    scope = make_shop()
    add(scope, storage, 1)
    with transaction(control_scope()) as session:
        slug = tenant_by_id(session, scope.tenant_id).slug

    with clock.frozen(clock.now() + timedelta(days=2)):
        planned = CliRunner().invoke(main, ["media", "sweep", slug, "--dry-run"])
        done = CliRunner().invoke(main, ["media", "sweep", slug])

    assert (planned.exit_code, done.exit_code) == (0, 0), planned.output + done.output
    assert "2 files of 1 unused pictures and of things that are gone would be deleted" in planned.output
    assert stored(storage, scope) == set()
    register_all()
    assert periodic._jobs["media"].long
