"""The smallest theme without a finding; tests change one file of it."""

from __future__ import annotations

import json
from typing import Any

PAGES = ("index", "product", "collection", "list-collections", "search", "cart", "page", "404", "password")
SECTION = """<h2>{{ section.settings.heading }}</h2>
{% for block in section.blocks %}<p {{ block.attributes }}>{{ block.settings.text }}</p>{% endfor %}
{% render 'card', item=product %}{{ 'cart.title' | t }}
{% schema %}
{
  "name": "Main",
  "settings": [
    {"type": "text", "id": "heading", "label": "Heading"},
    {"type": "range", "id": "columns", "label": "Columns", "min": 1, "max": 6, "default": 4}
  ],
  "blocks": [{"type": "note", "name": "Note", "settings": [{"type": "text", "id": "text", "label": "Text"}]}]
}
{% endschema %}
"""
TEMPLATE = {
    "sections": {"main": {"type": "main", "settings": {"heading": "Hello"}, "blocks": {"n": {"type": "note"}}}},
    "order": ["main"],
}
LAYOUT = """<!doctype html>
<html lang="{{ request.locale }}"><head><title>{{ page_title }}</title>
<link rel="stylesheet" href="{{ 'theme.css' | asset_url }}">{{ content_for_header }}</head>
<body style="color: {{ settings.text_color }}">{{ content_for_layout }}</body></html>
"""
GLOBAL = [{"name": "Colours", "settings": [{"type": "color", "id": "text_color", "label": "Text", "default": "#111"}]}]


def small_theme(**changed: str | bytes | None) -> dict[str, bytes]:
    """Return the files; `changed` replaces them by path, and None removes one."""
    files: dict[str, Any] = {
        "theme.json": json.dumps({"name": "Small", "handle": "small", "version": "1.0.0", "engine": "1"}),
        "layout/theme.html": LAYOUT,
        "sections/main.html": SECTION,
        "snippets/card.html": "<b>{{ item.title }}</b>",
        "assets/theme.css": "body { margin: 0 }",
        "config/settings_schema.json": json.dumps(GLOBAL),
        "config/settings_data.json": json.dumps({"current": {"text_color": "#222"}}),
        "locales/en.default.json": json.dumps({"cart": {"title": "Cart"}}),
        **{f"templates/{page}.json": json.dumps(TEMPLATE, indent=1) for page in PAGES},
        **changed,
    }
    return {
        path: text if isinstance(text, bytes) else text.encode() for path, text in files.items() if text is not None
    }
