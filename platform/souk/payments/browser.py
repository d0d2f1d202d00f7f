"""What a provider brings to a payment page: its scripts, where they may talk to, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BrowserPart:
    """`scripts` are addresses of the vendor's scripts; the provider's own module, which we serve, runs after them.

    `scripts`, `frames` and `connects` open the page's content security policy for exactly these origins. `data` is
    public: every buyer can read it. `express`: the module also exports `express`, which shows buttons of wallets.
    """

    scripts: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    connects: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    express: bool = False
