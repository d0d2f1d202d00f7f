"""Make or change a shipping zone with its rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.handles import slugify
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.shipping.check_zone import check_zone
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.errors import CountryTaken
from souk.shipping.locks import lock_zones
from souk.shipping.models import ShippingZone
from souk.shipping.queries import Zone, list_zones, read_zone
from souk.shipping.reach import EVERYWHERE_ELSE, check_part


def save_zone(session: Session, draft: ZoneDraft, zone_id: int | None = None) -> int:
    """Return the id of the zone, a new one without `zone_id`.

    A rate that keeps its code keeps what a draft does not know, such as its provider.

    Raises:
        ZoneMissing, ZoneInvalid, CountryTaken: nothing was changed.

    """
    lock_zones(session)
    stored = read_zone(session, zone_id) if zone_id is not None else None
    draft = _complete(draft)
    check_zone(draft)
    others = [zone for zone in list_zones(session) if zone.id != zone_id and zone.profile == draft.profile]
    _check_free(draft, others)
    known = {rate["code"]: rate for rate in stored.rates} if stored else {}
    rates = [_as_stored(rate, known.get(rate.code, {})) for rate in draft.rates]
    # Every page offers the countries of the zones.
    publish(session, Event("settings.updated", 0, {"name": "shipping"}))
    values = {"name": draft.name, "countries": list(draft.countries), "rates": rates, "profile": draft.profile}
    if zone_id is None:
        return _insert(session, values)
    session.execute(update(ShippingZone).where(ShippingZone.id == zone_id).values(**values))
    return zone_id


def _complete(draft: ZoneDraft) -> ZoneDraft:
    rates = [replace(rate, code=rate.code or slugify(rate.title, "rate")) for rate in draft.rates]
    countries = tuple(dict.fromkeys(map(check_part, draft.countries)))
    return replace(draft, countries=countries, rates=rates, profile=draft.profile.strip())


def _check_free(draft: ZoneDraft, others: Iterable[Zone]) -> None:
    for zone in others:
        for code in draft.countries:
            if code in zone.countries:
                raise CountryTaken("everywhere else" if code == EVERYWHERE_ELSE else code, zone.name)


def _as_stored(rate: RateDraft, before: Mapping[str, Any]) -> dict[str, Any]:
    values = asdict(rate) | {"delivery_days": list(rate.delivery_days)}
    unknown = {name: value for name, value in before.items() if name not in values}
    told = {name: value for name, value in values.items() if value is not None and value != []}
    return {"provider": "flat_rate", **unknown, **told}


def _insert(session: Session, values: Mapping[str, Any]) -> int:
    last = select(func.coalesce(func.max(ShippingZone.position), 0) + 1).scalar_subquery()
    row = insert(ShippingZone).values(position=last, **values).returning(ShippingZone.id)
    return session.execute(row).scalar_one()
