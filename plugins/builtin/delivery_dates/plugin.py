"""Delivery dates on the pages of the shop: when it ships, how long that takes, and on which days nobody works."""

from __future__ import annotations

from pathlib import Path

from plugins.api import Plugin

_ZONES = (
    "UTC", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Sao_Paulo",
    "Europe/London", "Europe/Berlin", "Europe/Athens", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip


class DeliveryDates(Plugin):
    """Its block counts in the browser: a page that is kept for hours tells the right day all the same."""

    id = "delivery_dates"
    name = "Delivery dates"
    version = "1.0"
    default_enabled = False
    theme_files = Path(__file__).parent / "theme"
    settings_schema = (
        {"type": "text", "id": "cutoff", "label": "Orders until", "default": "14:00",
         "info": "Hours and minutes, such as 14:00. Later orders count as those of the next working day."},
        {"type": "select", "id": "time_zone", "label": "Time zone of your warehouse", "default": "UTC",
         "options": [{"value": zone, "label": zone.replace("_", " ")} for zone in _ZONES]},
        {"type": "range", "id": "handling", "label": "Working days to pack", "min": 0, "max": 15, "step": 1,
         "default": 1},
        {"type": "range", "id": "fastest", "label": "Working days on the way, at least", "min": 0, "max": 30, "step": 1,
         "default": 2},
        {"type": "range", "id": "slowest", "label": "Working days on the way, at most", "min": 0, "max": 30, "step": 1,
         "default": 4},
        {"type": "checkbox", "id": "saturdays", "label": "Saturdays are working days", "default": False},
        {"type": "textarea", "id": "closed", "label": "Days off",
         "info": "Dates such as 2026-12-25, one on each line."},
    )  # fmt: skip
