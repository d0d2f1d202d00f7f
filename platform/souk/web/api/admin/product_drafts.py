"""Turn what an app sent into the catalogue's drafts, and refuse what names something that is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.errors import ProductInvalid
from souk.catalog.models import Category, Collection
from souk.kernel import ids
from souk.kernel.money import Money
from souk.media.models import Media
from souk.web.api.admin.references import UnknownReference, known_ids
from souk.web.api.schemas.admin_products import GalleryInput, VariantChanges, VariantInput

_AMOUNTS = ("price", "compare_at_price", "cost")
_DRAFT_FIELDS = frozenset(field.name for field in fields(ProductDraft)) - {"variants", "media", "collection_ids"}


def product_fields(session: Session, named: Mapping[str, Any], currency: str, present: ProductDraft) -> ProductDraft:
    """Return `present` with what the request names.

    Raises:
        UnknownReference, ProductInvalid, UnreadableAmount: nothing is written yet.

    """
    changes: dict[str, Any] = {name: value for name, value in named.items() if name in _DRAFT_FIELDS}
    for name in ("tags", "options"):
        if name in changes:
            changes[name] = tuple(changes[name])
    if "specifications" in changes:
        changes["specifications"] = tuple((one.name, one.value) for one in changes["specifications"])
    if changes.get("category_id"):
        changes["category_id"] = known_ids(session, "category_id", ids.CATEGORY, [changes["category_id"]], Category.id)[
            0
        ]
    if "media" in named:
        changes["media"] = _gallery(session, named["media"])
    if "collection_ids" in named:
        found = known_ids(session, "collection_ids", ids.COLLECTION, named["collection_ids"], Collection.id)
        changes["collection_ids"] = tuple(found)
    draft = replace(present, **changes)
    if "variants" in named:
        draft = replace(draft, variants=_variants(session, named["variants"], draft, present, currency))
    return draft


def changed_variant(
    session: Session, present: VariantDraft, sent: VariantChanges | VariantInput, currency: str
) -> VariantDraft:
    """Return `present` with what was sent, amounts read in the shop's currency."""
    values = {name: getattr(sent, name) for name in sent.model_fields_set - {"id", "options"}}
    for name in _AMOUNTS:
        if values.get(name) is not None:
            values[name] = Money.from_major(values[name], currency).amount
    if values.get("media_id"):
        values["media_id"] = known_ids(session, "media_id", ids.MEDIA, [values["media_id"]], Media.id)[0]
    if "price" in values and values["price"] is None:
        raise ProductInvalid("price", "a variant has a price; leave it out to keep the present one.")
    return replace(present, **values)


def _variants(
    session: Session, sent: Sequence[VariantInput], draft: ProductDraft, present: ProductDraft, currency: str
) -> tuple[VariantDraft, ...]:
    known = {variant.id: variant for variant in present.variants if variant.id is not None}
    drafts = []
    for number, one in enumerate(sent):
        variant_id = None if one.id is None else ids.decode(ids.VARIANT, one.id)
        if variant_id is not None and variant_id not in known:
            raise UnknownReference(f"variants[{number}].id", [str(one.id)])
        if variant_id is None and one.price is None:
            raise ProductInvalid(f"variants[{number}].price", "a new variant needs a price.")
        kept = VariantDraft(price=0) if variant_id is None else known[variant_id]
        values = _option_values(number, one, draft.options, present, kept)
        drafts.append(replace(changed_variant(session, kept, one, currency), options=values))
    return tuple(drafts)


def _option_values(
    number: int, sent: VariantInput, names: Sequence[str], present: ProductDraft, kept: VariantDraft
) -> tuple[str, ...]:
    before = dict(zip(present.options, kept.options, strict=False))
    given = before | sent.options
    unknown = set(sent.options) - set(names)
    if unknown or not set(names) <= set(given):
        wanted = ", ".join(names) or "none, since the product has no options"
        raise ProductInvalid(f"variants[{number}].options", f"give one value for each option ({wanted}).")
    return tuple(given[name] for name in names)


def _gallery(session: Session, sent: Sequence[GalleryInput]) -> tuple[tuple[int, str], ...]:
    numbers = known_ids(session, "media", ids.MEDIA, [one.media_id for one in sent], Media.id)
    return tuple((number, one.alt) for number, one in zip(numbers, sent, strict=True))
