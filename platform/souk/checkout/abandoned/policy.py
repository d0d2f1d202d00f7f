"""Whom a shop writes to about what they left, and when: the settings group `abandoned`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from souk.kernel.errors import Invalid
from souk.kernel.settings import read_setting, write_setting

GROUP = "abandoned"
# off: nobody. consent: who agreed to marketing. everybody: also who gave an address and never said no.
MODES = ("off", "consent", "everybody")
LEAST_MINUTES, MOST_MINUTES = 30, 7 * 24 * 60


class BadReminderPolicy(Invalid):
    code = "invalid_reminder_policy"

    def __init__(self) -> None:
        super().__init__(
            f"Choose {', '.join(MODES)} and a delay from {LEAST_MINUTES} to {MOST_MINUTES} minutes.", field="delay"
        )


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """`delay` is in minutes after the buyer's last step."""

    mode: str = "off"
    delay: int = 10 * 60

    @property
    def after(self) -> timedelta:
        return timedelta(minutes=self.delay)


def read_policy(session: Session) -> ReminderPolicy:
    known: Mapping[str, Any] = read_setting(session, GROUP)
    return ReminderPolicy(**{name: known[name] for name in ReminderPolicy.__slots__ if name in known})


def save_policy(session: Session, policy: ReminderPolicy) -> None:
    """Raises BadReminderPolicy."""
    if policy.mode not in MODES or not LEAST_MINUTES <= policy.delay <= MOST_MINUTES:
        raise BadReminderPolicy
    write_setting(session, GROUP, asdict(policy))
