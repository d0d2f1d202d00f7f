"""A price list as it is typed: everything as text, so that a refused form shows what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from souk.pricing.check_list import MAX_BREAKS
from souk.pricing.drafts import PriceListDraft
from souk.pricing.errors import PriceListInvalid
from souk.pricing.queries import PriceListView
from souk.web.dashboard.typed_values import cleaned, shown_moment, typed_moment

TEXTS = ("name", "status", "currency", "countries", "tags", "percent", "priority", "starts_at", "ends_at")
_WHOLE = re.compile(r"-?[0-9]{1,4}")


@dataclass(slots=True)
class PriceListForm:
    """`breaks` are (from, percent) as typed."""

    texts: dict[str, str]
    breaks: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def __getattr__(self, name: str) -> str:
        return self.texts.get(name, "")

    def rows(self) -> list[tuple[str, str]]:
        """Return the breaks with room for two more."""
        return [*self.breaks, ("", ""), ("", "")][:MAX_BREAKS]


def blank_list() -> PriceListForm:
    return PriceListForm(dict.fromkeys(TEXTS, "") | {"status": "active"})


def stored_list(found: PriceListView) -> PriceListForm:
    texts = {
        "name": found.name,
        "status": found.stored_status,
        "currency": found.currency,
        "countries": ", ".join(found.countries),
        "tags": ", ".join(found.tags),
        "percent": shown_percent(found.percent),
        "priority": str(found.priority) if found.priority else "",
        "starts_at": shown_moment(found.starts_at),
        "ends_at": shown_moment(found.ends_at),
    }
    return PriceListForm(texts, [(str(one["from"]), str(one["percent"])) for one in found.breaks])


def typed_list(sent: MultiDict[str, str]) -> PriceListForm:
    breaks = zip(sent.getlist("break_from"), sent.getlist("break_percent"), strict=False)
    typed = [(cleaned(least), cleaned(change)) for least, change in list(breaks)[:MAX_BREAKS]]
    texts = {name: cleaned(sent.get(name, ""), 2_000) for name in TEXTS}
    return PriceListForm(texts, [pair for pair in typed if any(pair)])


def draft_of_list(form: PriceListForm) -> PriceListDraft:
    """Raises PriceListInvalid, NotMoment for the first field that cannot be read."""
    return PriceListDraft(
        name=form.name,
        status=form.status or "active",
        currency=form.currency,
        countries=[code for code in re.split(r"[,;\s]+", form.countries.upper()) if code],
        tags=form.tags.split(","),
        percent=form.percent,
        breaks=[(_whole("breaks", least), change) for least, change in form.breaks],
        priority=_whole("priority", form.priority or "0"),
        starts_at=typed_moment(form.starts_at, "Starts"),
        ends_at=typed_moment(form.ends_at, "Ends"),
    )


def shown_percent(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".")


def _whole(field_name: str, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise PriceListInvalid(field_name, f"{text[:20]!r} is no whole number.")
    return int(text)
