"""The rates of carriers and apps, asked for over the network before the transaction that prices by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from souk.addresses.rules import rules_of
from souk.kernel.asking import Answer, answer_to, panel_asked
from souk.kernel.settings import read_setting
from souk.shipping.carrier_policy import CarrierPolicy, read_carrier_policy
from souk.shipping.provider import Parcel, ShippingRate
from souk.shipping.rate_offers import read_offers

SUBJECT = "rate_provider"
FALLBACK = "fallback"


def with_carriers(
    session: Session, parcel: Parcel, own: Sequence[ShippingRate], held: Mapping[str, Any]
) -> Sequence[ShippingRate]:
    """Return the shop's `own` offers with those of its rate providers, in the currency of the parcel.

    Raises Unanswered where they were not asked about this parcel yet.
    """
    panel = panel_asked(session, SUBJECT)
    if panel is None or not _is_place(parcel):
        return own
    policy = read_carrier_policy(session)
    parcel = replace(parcel, origin=str(read_setting(session, "shop").get("country", "")))
    question = panel.question(
        session, parcel, lambda _name, offers: read_offers(parcel, policy.most, offers), terms=policy.most
    )
    return _offers(answer_to(session, question, held), own, policy)


def _is_place(parcel: Parcel) -> bool:
    """Nobody can price a parcel to a country where only the code says how far it is."""
    return bool(parcel.postal_key) or "postal_code" not in rules_of(parcel.country).required


def _offers(answer: Answer, own: Sequence[ShippingRate], policy: CarrierPolicy) -> Sequence[ShippingRate]:
    found = list(_found(answer))
    if found:
        return [*found, *own] if policy.own_beside else found
    if answer.silent and policy.fallback_amount is not None:
        return [*own, ShippingRate(FALLBACK, policy.fallback_title, FALLBACK, policy.fallback_amount)]
    return own


def _found(answer: Answer) -> Iterator[ShippingRate]:
    for provider, offers in answer.said.items():
        for offer in offers:
            code, days = f"{provider}:{offer['code']}", tuple(offer["delivery_days"])
            yield ShippingRate(code, offer["title"], provider, offer["amount"], days)
