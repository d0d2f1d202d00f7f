"""Shipping profiles: goods that are sent by zones of their own, such as furniture by a forwarder.

A variant names its profile and so does a zone. Goods whose profile has no zone at all are sent by the ordinary zones;
goods whose profile has zones go only where these reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.catalog.models import Variant
from souk.catalog.update_product import touch_products
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.shipping.check_zone import check_profile
from souk.shipping.errors import ProfileMissing, ProfileTaken
from souk.shipping.locks import lock_zones
from souk.shipping.models import ShippingZone
from souk.shipping.provider import Parcel, ParcelGoods


@dataclass(frozen=True, slots=True)
class Profile:
    """How many zones send by it, and how many variants are sent by it."""

    name: str
    zones: int
    variants: int


def list_profiles(session: Session) -> list[Profile]:
    """Return the profiles that any zone or variant names, by name."""
    zones = _counted(session, ShippingZone.profile)
    variants = _counted(session, Variant.shipping_profile)
    return [Profile(name, zones.get(name, 0), variants.get(name, 0)) for name in sorted(zones.keys() | variants.keys())]


def _counted(session: Session, column: InstrumentedAttribute[str]) -> dict[str, int]:
    rows = session.execute(select(column, func.count().label("named")).where(column != "").group_by(column))
    return {row[0]: row.named for row in rows}


def set_profile(session: Session, product_ids: Sequence[int], name: str) -> list[int]:
    """Let all variants of the products be sent by a profile, by the ordinary zones with ''.

    Returns the ids of the products that changed. Raises ZoneInvalid.
    """
    name = name.strip()
    check_profile(name)
    other = update(Variant).where(Variant.product_id.in_(product_ids), Variant.shipping_profile != name)
    changed = sorted(set(session.scalars(other.values(shipping_profile=name).returning(Variant.product_id))))
    touch_products(session, changed)
    return changed


def rename_profile(session: Session, name: str, new: str) -> None:
    """Call a profile something else wherever it is named.

    Raises ProfileMissing, ProfileTaken, ZoneInvalid: nothing was changed.
    """
    new = new.strip()
    lock_zones(session)
    known = {profile.name for profile in list_profiles(session)}
    if name not in known:
        raise ProfileMissing(name)
    if new in known - {name} or not new:
        raise ProfileTaken(new)
    check_profile(new)
    session.execute(update(ShippingZone).where(ShippingZone.profile == name).values(profile=new))
    renamed = update(Variant).where(Variant.shipping_profile == name).values(shipping_profile=new)
    touch_products(session, sorted(set(session.scalars(renamed.returning(Variant.product_id)))))
    publish(session, Event("settings.updated", 0, {"name": "shipping"}))


def shipments_of(parcel: Parcel, known: Collection[str]) -> list[tuple[str, Parcel]]:
    """Return (profile, what is sent by it); `known` are the profiles that have zones."""
    groups: defaultdict[str, list[ParcelGoods]] = defaultdict(list)
    for goods in parcel.items:
        groups[goods.profile if goods.profile in known else ""].append(goods)
    if len(groups) <= 1:
        return [(next(iter(groups), ""), parcel)]
    return [(name, _part(parcel, groups[name])) for name in sorted(groups)]


def _part(parcel: Parcel, goods: Sequence[ParcelGoods]) -> Parcel:
    return replace(
        parcel,
        items=tuple(goods),
        weight_grams=sum(one.weight_grams * one.quantity for one in goods),
        subtotal=sum(one.price * one.quantity for one in goods),
    )
