"""The readable page beside an OpenAPI document, made from the document alone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from souk.web.api.operations import Api

_CODE = re.compile(r"`([^`]+)`")
_templates = Environment(
    loader=PackageLoader("souk.web.api", "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(api: Api, document: Mapping[str, Any]) -> Response:
    """Return the page of `document`; it has no script."""
    nonce = secrets.token_urlsafe(16)
    html = _templates.get_template("api/reference.html").render(
        document=document, prefix=api.prefix, nonce=nonce, type_of=type_of, prose=prose
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


def prose(text: str) -> Markup:
    """Return a description with its `code` marked up."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped in the same line


def type_of(schema: Mapping[str, Any]) -> str:
    """Return a JSON schema in a few words, such as `array of Address`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(type_of(one) for one in schema[choice])
    if schema.get("type") == "array":
        return f"array of {type_of(schema.get('items', {}))}"
    return str(schema.get("type", "any")) + _limits(schema)


def _limits(schema: Mapping[str, Any]) -> str:
    low = schema.get("minimum", schema.get("minLength"))
    high = schema.get("maximum", schema.get("maxLength"))
    if low is None and high is None:
        return ""
    return f" ({'' if low is None else low}-{'' if high is None else high})"
