"""Answer errors as RFC 9457 problem details with a stable `code`."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from souk.kernel.errors import Invalid, SoukError
from souk.web.api.encoding import encode

CONTENT_TYPE = "application/problem+json"


class InvalidFields(Invalid):
    """`errors` names each field by a JSON pointer; it never repeats the value, which may be a secret."""

    code = "invalid_fields"

    def __init__(self, error: ValidationError) -> None:
        errors = [
            {"pointer": _pointer(item["loc"]), "code": item["type"], "detail": item["msg"]}
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        first = errors[0]
        super().__init__(f"{first['pointer'] or 'The request'}: {first['detail']}.", errors=errors)


def problem(error: SoukError) -> Response:
    """Return the answer to a domain error."""
    body = {
        **error.extra,
        "type": f"urn:souk:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    response = Response(encode(body), status=error.status, content_type=CONTENT_TYPE)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in error.extra:
        response.headers["Retry-After"] = str(error.extra["retry_after"])
    return response


def http_problem(error: HTTPException) -> Response:
    """Return the answer to a refusal by the server itself, such as 404 or 405."""
    status = error.code or 500
    code = (error.name or "error").lower().replace(" ", "_")
    body = {
        "type": f"urn:souk:problem:{code}",
        "title": error.name,
        "status": status,
        "detail": error.description or error.name,
        "code": code,
    }
    response = Response(encode(body), status=status, content_type=CONTENT_TYPE)
    allowed: Any = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _pointer(location: Sequence[int | str]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)
