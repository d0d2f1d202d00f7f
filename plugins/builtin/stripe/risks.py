"""What Stripe's own check for fraud says of a payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from plugins.api import Risk

# `Charge.outcome.risk_level` also knows normal, not_assessed and unknown, which nobody has to read.
_LEVELS: Mapping[str, Literal["medium", "high"]] = {"elevated": "medium", "highest": "high"}


def risk_of(intent: Any) -> Risk | None:
    """Return what is odd about a paid intent whose `latest_charge` came with it, None where nothing is."""
    outcome = getattr(intent.latest_charge, "outcome", None)
    rated = str(getattr(outcome, "risk_level", "") or "")
    if rated not in _LEVELS:
        return None
    score = getattr(outcome, "risk_score", None)
    told = f" (score {score} of 100)" if score is not None else ""
    return Risk(
        _LEVELS[rated], f"Stripe rates the risk of fraud as {rated}{told}. Look at the payment before you send."
    )
