"""The rates of carriers and apps, asked for over the network before the transaction that prices by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from souk.addresses.rules import rules_of
from souk.kernel.asking import Answer, Panel, Question, answers_to, panel_asked
from souk.kernel.settings import read_setting
from souk.shipping.carrier_policy import CarrierPolicy, read_carrier_policy
from souk.shipping.provider import Parcel, ShippingRate
from souk.shipping.rate_offers import read_offers

SUBJECT = "rate_provider"
FALLBACK = "fallback"
# A parcel, and what the shop's own zones offer for it.
Part = tuple[Parcel, Sequence[ShippingRate]]


def with_carriers(session: Session, parts: Sequence[Part], held: Mapping[str, Any]) -> list[Sequence[ShippingRate]]:
    """Return for each part of an order its own offers with those of the shop's rate providers for its parcel.

    All parts are asked about at once, so that several take no longer than one. Amounts are in the parcels' currency.
    Raises Unanswered where they were not asked about these parcels yet.
    """
    panel = panel_asked(session, SUBJECT)
    if panel is None or not all(_is_place(parcel) for parcel, _own in parts):
        return [own for _parcel, own in parts]
    policy = read_carrier_policy(session)
    origin = str(read_setting(session, "shop").get("country", ""))
    questions = [_question(session, panel, replace(parcel, origin=origin), policy) for parcel, _own in parts]
    answers = answers_to(session, questions, held)
    return [_offers(answer, own, policy) for answer, (_parcel, own) in zip(answers, parts, strict=True)]


def _question(session: Session, panel: Panel, parcel: Parcel, policy: CarrierPolicy) -> Question:
    return panel.question(
        session, parcel, lambda _name, offers: read_offers(parcel, policy.most, offers), terms=policy.most
    )


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
