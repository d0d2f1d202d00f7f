"""Find the parts that a file names, refuse bundles that cannot be, and write the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from souk.catalog.bundles.compose import set_components
from souk.catalog.bundles.errors import BundleInvalid
from souk.catalog.bundles.models import BundleComponent
from souk.catalog.importing.parts import Parts, handles_of, name_of
from souk.catalog.importing.state import ProductState, VariantState

_FIND = text("""
SELECT v.id, v.sku, p.handle, v.title, EXISTS (SELECT 1 FROM bundle_components b WHERE b.bundle_id = v.id) AS bundle
FROM variants v JOIN products p ON p.id = v.product_id
WHERE v.sku = ANY(:names) OR p.handle = ANY(:handles)
""")


@dataclass(frozen=True, slots=True)
class Part:
    """`id` is None for a variant that the same batch makes."""

    id: int | None
    bundle: bool


@dataclass(frozen=True, slots=True)
class Composed:
    """A variant whose parts are to change."""

    before: Parts
    variant: VariantState


def composed(before: ProductState | None, after: ProductState) -> Iterator[Composed]:
    """Yield the variants whose parts differ."""
    old = {variant.id: variant.components for variant in before.variants} if before is not None else {}
    for variant in after.variants:
        present = old.get(variant.id, ()) if variant.id is not None else ()
        if present != variant.components:
            yield Composed(present, variant)


def find_parts(session: Session, names: Sequence[str]) -> dict[str, list[Part]]:
    """Return the variants that each name means; a name that means several is no good."""
    found: dict[str, list[Part]] = {}
    for row in session.execute(_FIND, {"names": list(names), "handles": handles_of(names)}):
        part = Part(row.id, row.bundle)
        for name in {row.sku, name_of(row.handle, row.title)} - {""}:
            found.setdefault(name, []).append(part)
    return found


def coming_parts(states: Sequence[ProductState]) -> dict[str, list[Part]]:
    """Return what the products of one batch will be known by."""
    found: dict[str, list[Part]] = {}
    for state in states:
        for variant in state.variants:
            part = Part(variant.id, bool(variant.components))
            for name in {variant.sku, name_of(state.handle, variant.label)} - {""}:
                found.setdefault(name, []).append(part)
    return found


def problem_of(each: Composed, known: dict[str, list[Part]], coming: dict[str, list[Part]], *, writing: bool) -> str:
    """Say why this bundle cannot be and what to do about it; empty when it can. A check does not know every product."""
    variant = each.variant
    if variant.components and variant.in_bundle and not each.before:
        return "this variant is itself a part of a bundle, and a bundle cannot contain a bundle."
    for name, _ in variant.components:
        parts = _distinct([*known.get(name, ()), *coming.get(name, ())])
        if not parts and writing:
            return f"no variant of the shop has the SKU “{name[:60]}”; put its product before the bundle."
        if len(parts) > 1:
            return f"several variants have the SKU “{name[:60]}”; give each its own."
        if any(part.bundle for part in parts):
            return f"“{name[:60]}” is a bundle, and a bundle cannot contain a bundle; take its parts instead."
        if variant.id is not None and any(part.id == variant.id for part in parts):
            return "a bundle cannot contain itself; name another part."
    return ""


def _distinct(parts: Sequence[Part]) -> list[Part]:
    """A variant that is changed is known as it was and as it will be."""
    changed = {part.id: part for part in parts if part.id is not None}
    return [*changed.values(), *(part for part in parts if part.id is None)]


def forget_parts(session: Session, changes: Sequence[Composed]) -> None:
    """Take the old parts away, before a variant that was one of them may go."""
    bundles = [each.variant.id for each in changes if each.before and each.variant.id]
    if bundles:
        session.execute(delete(BundleComponent).where(BundleComponent.bundle_id.in_(bundles)))


def write_parts(session: Session, changes: Sequence[Composed]) -> None:
    """Give each variant its parts, once all variants have their ids; raises BundleInvalid."""
    names = sorted({name for each in changes for name, _ in each.variant.components})
    known = find_parts(session, names) if names else {}
    for each in changes:
        parts: dict[int, int] = {}
        for name, quantity in each.variant.components:
            found = known.get(name, [])
            if len(found) != 1 or found[0].id is None:
                raise BundleInvalid(f"“{name[:60]}” is not one variant of the shop.")
            parts[found[0].id] = quantity
        set_components(session, each.variant.id or 0, parts)
