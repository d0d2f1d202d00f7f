"""What a provider brings to a payment page: its scripts, where they may talk to, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class BrowserPart:
    """`module` is an ES module of the provider's own, which we serve; `scripts` are addresses of its vendor's.

    `scripts`, `frames` and `connects` open the page's content security policy for exactly these origins. `data` is
    public: every buyer can read it.
    """

    module: Path
    scripts: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    connects: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
