"""A picture goes only when nothing shows it, and the refusal names what does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.metafields.models import MetafieldDefinition
from souk.catalog.metaobjects.define import EntryField, EntryTypeDraft, define_metaobject, read_entry_type
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.catalog.models import Product
from souk.catalog.save_product import save_product
from souk.content.articles import ArticleDraft, save_article
from souk.content.pages import PageDraft, save_page
from souk.kernel.db import transaction
from souk.kernel.settings import write_setting
from souk.kernel.tenancy import TenantScope
from souk.media.delete import delete_pictures
from souk.media.errors import PictureInUse
from souk.media.models import Media
from souk.media.references import REFERRING
from souk.media.storage import LocalStorage
from souk.media.store import store_image
from souk.media.uses import BY_NUMBER
from tests.media.test_store import picture
from themes.installations import add_work
from themes.work import Work


def add(scope: TenantScope, storage: LocalStorage) -> Media:
    with transaction(scope) as session:
        # The module's tests share a shop, and the same picture again would be the same row.
        shade = session.scalar(select(func.count()).select_from(Media)) or 0
        return store_image(session, storage, picture((9, 9, shade)), "nine.png")


def ids(scope: TenantScope) -> list[int]:
    with transaction(scope, read_only=True) as session:
        return list(session.scalars(select(Media.id)))


def with_field(session: Session, media: Media) -> None:
    product_id = save_product(session, ProductDraft("Chair", (VariantDraft(1),)))
    kind = {"owner_type": "product", "namespace": "care", "key": "manual", "name": "M", "type": "list.file_reference"}
    session.execute(insert(MetafieldDefinition).values(**kind))
    fields = {"care.manual": [media.id], "care.size": media.id + 1}
    session.execute(update(Product).where(Product.id == product_id).values(metafields=fields))


def in_entry(session: Session, media: Media) -> None:
    fields = [EntryField("photo", "Photo", "list.file_reference"), EntryField("age", "Age", "number_integer")]
    kind = read_entry_type(session, define_metaobject(session, EntryTypeDraft("maker", "Makers", "", fields)))
    save_entry(session, kind, EntryDraft("Anna", values={"photo": str(media.id), "age": str(media.id + 1)}))


USED: dict[str, tuple[str, Callable[[Session, Media], object]]] = {
    "product": ("the product “Chair”", lambda s, m: save_product(
        s, ProductDraft("Chair", (VariantDraft(1),), media=((m.id, ""),)))),
    "variant": ("the product “Chair”", lambda s, m: save_product(
        s, ProductDraft("Chair", (VariantDraft(1, media_id=m.id),)))),
    "field": ("the product “Chair”", with_field),
    "entry": ("the entry “Anna”", in_entry),
    "collection": ("the collection “Seats”", lambda s, m: save_collection(s, CollectionDraft("Seats", media_id=m.id))),
    "post": ("the post “News”", lambda s, m: save_article(s, ArticleDraft("News", media_id=m.id))),
    "page": ("the page “About”", lambda s, m: save_page(
        s, PageDraft("About", f'<p><img src="/media/{m.storage_key}/360.webp"></p>'))),
    "theme": ("the theme “Spring”", lambda s, m: add_work(
        s, "Spring", Work("bazaar", settings={"logo": m.storage_key}), actor="staff:1")),
    "settings": ("the settings of the shop", lambda s, m: write_setting(s, "look", {"logo": m.storage_key})),
}  # fmt: skip


@pytest.mark.parametrize(("told", "use"), USED.values(), ids=USED)
def test_what_shows_a_picture_keeps_it(
    told: str, use: Callable[[Session, Media], object], shop: TenantScope, other_shop: TenantScope, tmp_path: Path
) -> None:
    media = add(shop, LocalStorage(tmp_path))
    with transaction(shop) as session:
        use(session, media)

    with pytest.raises(PictureInUse) as refused, transaction(shop) as session:
        delete_pictures(session, [media.id])
    with transaction(other_shop) as session:
        assert delete_pictures(session, [media.id]) == 0

    assert refused.value.detail == f"“nine.png” is shown by {told}; take it out there first. Nothing was deleted."
    assert media.id in ids(shop)


def test_a_picture_that_nothing_shows_goes(shop: TenantScope, tmp_path: Path) -> None:
    media = add(shop, LocalStorage(tmp_path))

    with transaction(shop) as session:
        assert (delete_pictures(session, [media.id]), delete_pictures(session, [media.id])) == (1, 0)

    assert media.id not in ids(shop)


def test_every_foreign_key_on_pictures_is_looked_at(shop: TenantScope) -> None:
    with transaction(shop, read_only=True) as session:
        referring = {row.table_name: row.column_name for row in session.execute(REFERRING)}

    assert referring == BY_NUMBER


def test_a_refusal_names_five_things_and_counts_the_rest() -> None:
    assert "by a, b, c, d, e and 2 more;" in PictureInUse("x.png", list("abcdefg")).detail
    assert "by a and b;" in PictureInUse("x.png", list("ab")).detail
