"""Take the rates of the shop's tax provider, asked before the transaction, in place of its own table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from souk.addresses.rules import rules_of
from souk.kernel.asking import Panel, answer_to, panel_asked
from souk.tax.provider import TaxRequest, read_answer
from souk.tax.provider_policy import ProviderPolicy, read_provider_policy
from souk.tax.rates import STANDARD, Rate
from souk.tax.taxation import Taxation, Told

SUBJECT = "tax_provider"


def asked_taxation(
    session: Session, own: Taxation, request: Callable[[], TaxRequest], held: Mapping[str, Any]
) -> Taxation:
    """Return the taxation by what the shop's provider says of the `request`, or `own` without a provider.

    A buyer whom the shop relieves of tax is nobody's question. `unknown` is set where the provider was silent and the
    shop wants no order then. Raises Unanswered where it was not asked yet.
    """
    policy = read_provider_policy(session)
    if not policy.plugin or own.net:
        return own
    asked = request()
    if not _is_place(asked):
        return own
    panel = panel_asked(session, SUBJECT)
    told = None if panel is None else _told(session, panel, policy, asked, held)
    if told is None:
        return replace(own, unknown=policy.when_silent == "refuse")
    return replace(own, told=told, relief="" if told.takes_any else own.relief)


def _is_place(request: TaxRequest) -> bool:
    known = bool(request.postal_key) or "postal_code" not in rules_of(request.country).required
    return bool(request.country) and known


def _told(
    session: Session, panel: Panel, policy: ProviderPolicy, asked: TaxRequest, held: Mapping[str, Any]
) -> Told | None:
    question = panel.question(session, asked, partial(read_answer, asked), only=policy.plugin)
    if not question.calls:
        return None
    # Who may not buy until there is an answer asks again as soon as others do.
    answer = answer_to(session, question, held, silence=policy.when_silent == "own")
    said = answer.said.get(policy.plugin)
    return None if said is None else _read(said)


def _read(said: Mapping[str, Any]) -> Told:
    return Told(said["source"], [_rates(one) for one in said["items"]], _rates(said["shipping"]))


def _rates(said: list[dict[str, str]]) -> list[Rate]:
    return [Rate(STANDARD, one["title"], Decimal(one["rate"]), applies_to_shipping=True) for one in said]
