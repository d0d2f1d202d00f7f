"""Say in the shopper's language why an entered code does not count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from souk.discounts.errors import REASONS
from souk.discounts.terms import Refused
from souk.kernel.translations import Translator
from souk.web.texts import explain


def code_problem(translate: Translator, refused: Refused) -> str:
    return reason_text(translate, {"code": refused.terms.code, "reason": refused.reason})


def reason_text(translate: Translator, refused: Mapping[str, Any]) -> str:
    """Return the sentence for {code, reason}, as a checkout keeps it."""
    if refused["reason"] not in REASONS:
        return translate("summary.code_waits", entered=refused["code"])
    return explain(REASONS[refused["reason"]](refused["code"]), translate)
