"""What a check finds, and who checks what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Drift:
    """Two numbers that should be one. `area` is one of AREAS; amounts are minor units.

    `repair` names what `repair_drift` does about it, for `subject_id`; empty where a person has to decide, as `advice`
    says.
    """

    area: str
    subject: str
    subject_id: int
    text: str
    advice: str
    repair: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Drift:
        return cls(**stored)


AREAS = ("orders", "payments", "provider", "gift cards", "store credit", "documents", "stock")
Check = Callable[[Session], Sequence[Drift]]
_checks: dict[str, Check] = {}


def install_check(name: str, check: Check) -> None:
    """Let another part of the platform, such as gift cards, add what it counts; it runs in the shop's transaction."""
    _checks[name] = check


def installed_checks() -> Mapping[str, Check]:
    return dict(_checks)
