"""Up to three questions of the merchant's own, set on the plugin's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from plugins.api import CheckoutField, HookContext, Plugin, hookimpl

MOST = 3
_KINDS = ("text", "choice", "checkbox", "date")


def _settings() -> Iterator[Mapping[str, Any]]:
    kinds = [{"value": kind, "label": kind.title()} for kind in _KINDS]
    for number in range(1, MOST + 1):
        yield {"type": "header", "content": f"Question {number}"}
        yield {"type": "text", "id": f"label_{number}", "label": "Question", "info": "Empty: it is not asked."}
        yield {"type": "select", "id": f"kind_{number}", "label": "Answer", "options": kinds, "default": "text"}
        yield {"type": "text", "id": f"choices_{number}", "label": "Choices", "info": "Of a choice: red, green, blue"}
        yield {"type": "checkbox", "id": f"required_{number}", "label": "Has to be answered", "default": False}


class CheckoutQuestions(Plugin):
    id = "checkout_questions"
    name = "Checkout questions"
    version = "1.0"
    default_enabled = False
    settings_schema = tuple(_settings())

    @hookimpl
    def checkout_fields(self, context: HookContext, value: list[CheckoutField]) -> list[CheckoutField]:
        return [*value, *_questions(context.settings)]


def _questions(settings: Mapping[str, Any]) -> Iterator[CheckoutField]:
    for number in range(1, MOST + 1):
        label, kind = str(settings.get(f"label_{number}") or "").strip(), settings.get(f"kind_{number}") or "text"
        choices = [one.strip() for one in str(settings.get(f"choices_{number}") or "").split(",") if one.strip()]
        if label and kind in _KINDS and (choices or kind != "choice"):
            required = bool(settings.get(f"required_{number}"))
            yield CheckoutField(f"question_{number}", label, cast("Any", kind), required=required, choices=choices)
