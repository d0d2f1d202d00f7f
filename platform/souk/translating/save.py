"""Keep translations of one thing, and let the pages that show it be made anew."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.catalog.rich_text import clean_html
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.localized import digest_of
from souk.kernel.models import Translation
from souk.kernel.outbox import publish
from souk.translating.errors import TranslationTooLong, UnknownText
from souk.translating.sources import Resource, Text

MAX_LINE, MAX_HTML = 5_000, 200_000


def save_translations(session: Session, resource: Resource, locale: str, values: Mapping[str, str]) -> int:
    """Keep each value by field, forget those that are empty; return how many there are now of `values`.

    A value that is sent again holds for what its source says now. Raises UnknownText, TranslationTooLong.
    """
    texts = {text.field: text for text in resource.texts}
    kept = {}
    for name, value in values.items():
        if name not in texts:
            raise UnknownText(name)
        cleaned = _cleaned(texts[name], value)
        if cleaned:
            kept[name] = cleaned
    _forget(session, resource, locale, values.keys() - kept.keys())
    for name, value in kept.items():
        _keep(session, resource, locale, texts[name], value)
    _tell(session, resource)
    return len(kept)


def _cleaned(text: Text, value: str) -> str:
    most = MAX_HTML if text.html else MAX_LINE
    if len(value) > most:
        raise TranslationTooLong(text.field, most)
    plain = value.replace("\0", "").strip()
    return clean_html(plain) if text.html else plain


def _forget(session: Session, resource: Resource, locale: str, fields: set[str]) -> None:
    own = (Translation.resource_type == resource.kind, Translation.resource_id == resource.id)
    if fields:
        session.execute(delete(Translation).where(*own, Translation.locale == locale, Translation.field.in_(fields)))


def _keep(session: Session, resource: Resource, locale: str, text: Text, value: str) -> None:
    row = insert(Translation).values(
        resource_type=resource.kind, resource_id=resource.id, locale=locale, field=text.field, value=value,
        digest=digest_of(text.source), updated_at=clock.now(),
    )  # fmt: skip
    key = [Translation.resource_type, Translation.resource_id, Translation.locale, Translation.field]
    new = {name: row.excluded[name] for name in ("value", "digest", "updated_at")}
    session.execute(row.on_conflict_do_update(index_elements=key, set_=new))


def _tell(session: Session, resource: Resource) -> None:
    if resource.kind == "product":
        # Search holds the titles of all languages, and takes a product again only with a higher version.
        session.execute(update(Product).where(Product.id == resource.id).values(version=Product.version + 1))
        publish(session, Event("product.updated", resource.id))
    else:
        publish(session, Event("content.updated", resource.id, {"kind": "translation", "handle": resource.kind}))
