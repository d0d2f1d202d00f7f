"""Rules on theme.json."""

from __future__ import annotations

import re

from themes.validation.finding import Inspection

ENGINES = ("1",)
_VERSION = re.compile(r"\d{1,5}\.\d{1,5}\.\d{1,5}(?:-[0-9A-Za-z.-]{1,40})?")
_HANDLE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SLOT = re.compile(r"[a-z][a-z_]*(?:\.[a-z][a-z_]*){1,3}")


def check_manifest(theme: Inspection) -> None:
    document = theme.document("theme.json")
    if document is None:
        return
    data = document.data
    if not isinstance(data, dict):
        theme.error("theme.json", 1, "manifest", "The manifest is a JSON object; write it so.")
        return
    for key, pattern, cure in (
        ("name", re.compile(r".{1,60}"), "give it a name of at most 60 characters"),
        ("handle", _HANDLE, "use small letters, digits and underscores"),
        ("version", _VERSION, "write it like 1.0.0"),
    ):
        if not isinstance(data.get(key), str) or not pattern.fullmatch(data[key]):
            theme.error("theme.json", document.line(key), "manifest", f"`{key}` is missing or cannot be read; {cure}.")
    if data.get("engine") not in ENGINES:
        theme.error(
            "theme.json", document.line("engine"), "manifest", f'`engine` is one of {", ".join(ENGINES)}; write "1".'
        )
    slots = data.get("slots", [])
    for index, slot in enumerate(slots if isinstance(slots, list) else [slots]):
        if not isinstance(slot, str) or not _SLOT.fullmatch(slot):
            line = document.line("slots", index)
            theme.error(
                "theme.json",
                line,
                "manifest",
                f"The slot {slot!r} is no name such as product.show.after_price; correct it.",
            )
