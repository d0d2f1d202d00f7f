"""What a shop does with the rates of others: beside its own or instead of them, and when nobody answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from souk.kernel.money import MAX_AMOUNT
from souk.kernel.settings import read_setting, write_setting
from souk.shipping.check_zone import MAX_NAME
from souk.shipping.errors import CarrierPolicyInvalid

_GROUP = "carriers"


@dataclass(frozen=True, slots=True)
class CarrierPolicy:
    """Amounts in minor units of the shop's currency.

    `own_beside`: the rates of the shop's zones are offered also while others answer; otherwise only when none does.
    `fallback_amount`: what a rate called `fallback_title` costs then; None offers no such rate. `most` is what a
    single rate may cost before it is taken for a mistake.
    """

    own_beside: bool = True
    fallback_title: str = ""
    fallback_amount: int | None = None
    most: int | None = None


def read_carrier_policy(session: Session) -> CarrierPolicy:
    return CarrierPolicy(**read_setting(session, _GROUP))


def save_carrier_policy(session: Session, policy: CarrierPolicy) -> None:
    """Raises CarrierPolicyInvalid: nothing was changed."""
    title = policy.fallback_title
    if policy.fallback_amount is not None and not (0 < len(title) <= MAX_NAME and title.isprintable()):
        raise CarrierPolicyInvalid("fallback_title", f"Give the replacement a name of 1 to {MAX_NAME} characters.")
    for field, amount in (("fallback_amount", policy.fallback_amount), ("most", policy.most)):
        if amount is not None and not 0 <= amount <= MAX_AMOUNT:
            raise CarrierPolicyInvalid(field, "Write an amount of 0 or more, or nothing.")
    write_setting(session, _GROUP, asdict(policy))
