"""Answer every error: problem details (RFC 9457) to programs, a page to people."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from souk.kernel.db import DatabaseBusy
from souk.kernel.errors import SoukError
from souk.web.error_page import plain_error_page

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
_PROGRAMS = ("/api/",)
_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
}
# (status, title, detail) -> HTML, or None to use the platform's own page.
ThemedPage = Callable[[int, str, str], str | None]


class Failed(SoukError):
    status = 500
    code = "internal_error"
    title = "Something went wrong on our side"

    def __init__(self) -> None:
        super().__init__("Something went wrong on our side; it was noted. Try again in a moment.")


def init_problems(app: Flask, themed: ThemedPage) -> None:
    """Register the handlers; `themed` may draw the page of an error in the shop's own theme."""

    def souk_error(error: SoukError) -> Response:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("request_failed", code=error.code, error=str(error))
        return answer(error.status, error.code, error.title, error.detail, error.extra, themed)

    def http_error(error: HTTPException) -> Response | HTTPException:
        code = error.code or 500
        if error.response is not None or code < HTTPStatus.BAD_REQUEST:
            return error
        name = str(error.name)
        made = answer(code, _CODES.get(code, "error"), name, error.description or name, {}, themed)
        for key, value in error.get_headers():
            if key.lower() not in {"content-type", "content-length"}:
                made.headers.setdefault(key, value)
        return made

    def unexpected(error: Exception) -> Response:
        log.error("request_crashed", path=request.path, exc_info=error)
        return souk_error(DatabaseBusy() if isinstance(error, OperationalError) else Failed())

    app.register_error_handler(SoukError, souk_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def wants_json() -> bool:
    """Tell whether a program asks: by the address, or because it prefers JSON over a page."""
    if request.path.startswith(_PROGRAMS):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", MEDIA_TYPE])
    return best is not None and best != "text/html"


def answer(  # noqa: PLR0917 - the parts of one answer in the order of RFC 9457
    status: int, code: str, title: str, detail: str, extra: dict[str, Any], themed: ThemedPage
) -> Response:
    if wants_json():
        response = _problem(status, code, title, detail, extra)
    else:
        response = Response(_page(status, title, detail, themed), status, content_type="text/html; charset=utf-8")
    if "retry_after" in extra or status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(extra.get("retry_after", 5))
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem(status: int, code: str, title: str, detail: str, extra: dict[str, Any]) -> Response:
    body = {**extra, "type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    return Response(json.dumps(body, default=str), status, content_type=MEDIA_TYPE)


def _page(status: int, title: str, detail: str, themed: ThemedPage) -> str:
    shop = g.get("shop")
    if shop is not None and shop.status == "active" and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        try:
            page = themed(status, title, detail)
        except Exception:  # the error page itself must never fail
            log.exception("error_page_failed")
            page = None
        if page is not None:
            return page
    return plain_error_page(status, title, detail)
