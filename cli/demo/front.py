"""Arranges a demo shop's storefront: a preset of the built-in theme, a home page, an announcement and a footer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from cli.demo.catalog import Front, Section, Shop
from plugins.enablement import enable
from themes.models import ThemeInstallation
from themes.theme import load_builtin

THEME = "bazaar"
HEADER, FOOTER = "sections/header-group.json", "sections/footer-group.json"
HOME, PRODUCT = "templates/index.json", "templates/product.json"


def install_front(session: Session, shop: Shop, banner_keys: Sequence[str]) -> None:
    """Set the shop's live theme; `banner_keys` are the stored pictures of `shop.banners`."""
    settings = {**presets()[shop.preset], **shop.front.settings}
    templates = {
        HOME: _page(shop.front.home, banner_keys),
        PRODUCT: _product(),
        HEADER: _header(shop.front),
        FOOTER: _footer(shop.front),
    }
    enable(session, "delivery_dates", enabled=True, settings=shop.front.delivery)
    session.execute(
        update(ThemeInstallation)
        .where(ThemeInstallation.role == "main")
        .values(base_handle=THEME, settings=settings, templates=templates)
    )


def presets() -> dict[str, dict[str, Any]]:
    """Read the built-in theme's presets: settings by id, by the name of the preset."""
    found: dict[str, dict[str, Any]] = _file("config/settings_data.json")["presets"]
    return found


def _file(path: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(load_builtin(THEME).files[path])
    return content


def _page(sections: Sequence[Section], banner_keys: Sequence[str]) -> dict[str, Any]:
    named = dict(zip(_names(sections), sections, strict=True))
    return {
        "sections": {name: _section(section, banner_keys) for name, section in named.items()},
        "order": list(named),
    }


def _product() -> dict[str, Any]:
    """Put the delivery dates in the place of the first promise of the theme's own page, which is about the same."""
    page = _file(PRODUCT)
    main = page["sections"]["main"]
    promises = list(main["blocks"].items())[1:]
    delivery = ("delivery", _block("@app/delivery_dates/estimate", {"boxed": True}))
    shared = [(key, _block("entry", {"key": key})) for key in ("size_chart", "maker")]
    main["blocks"] = dict([delivery, *promises, *shared])
    main["block_order"] = list(main["blocks"])
    return page


def _names(sections: Sequence[Section]) -> list[str]:
    """Name each section by its type, and the second of a type by its number too: names are unique on a page."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for section in sections:
        seen[section.type] += 1
        names.append(section.type if seen[section.type] == 1 else f"{section.type}-{seen[section.type]}")
    return names


def _section(section: Section, banner_keys: Sequence[str]) -> dict[str, Any]:
    settings = dict(section.settings)
    if section.picture is not None:
        settings["image"] = banner_keys[section.picture]
    content: dict[str, Any] = {"type": section.type, "settings": settings}
    if section.blocks:
        blocks = {f"block-{place}": _block(*block) for place, block in enumerate(section.blocks, 1)}
        content |= {"blocks": blocks, "block_order": list(blocks)}
    return content


def _block(kind: str, settings: Any) -> dict[str, Any]:
    return {"type": kind, "settings": dict(settings)}


def _header(front: Front) -> dict[str, Any]:
    group = _file(HEADER)
    messages = {
        f"message-{place}": _block("message", {"text": text}) for place, text in enumerate(front.announcements, 1)
    }
    group["sections"]["announcement"] |= {"blocks": messages, "block_order": list(messages)}
    return group


def _footer(front: Front) -> dict[str, Any]:
    group = _file(FOOTER)
    footer = group["sections"]["footer"]
    kept = {name: block for name, block in footer["blocks"].items() if block["type"] in {"menu", "newsletter"}}
    brand = _block("brand", {"heading": front.motto, "text": front.about_html, "show_social": False})
    payments = {f"pay-{place}": _block("payment", {"name": name}) for place, name in enumerate(front.payments, 1)}
    blocks = {"brand": brand, **kept, **payments}
    footer |= {"blocks": blocks, "block_order": list(blocks)}
    return group
