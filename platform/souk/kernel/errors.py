"""The families of errors that an edge knows how to answer.

A domain raises its own class derived from one of these. `code` is stable and
part of the API (RFC 9457 problem details); the message is a sentence that
says what happened and what to do; `extra` carries ids and values for programs.
"""

from __future__ import annotations

from typing import Any, ClassVar


class SoukError(Exception):
    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "The request cannot be carried out"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra = extra


class Unauthorized(SoukError):
    status = 401
    code = "unauthorized"
    title = "Sign in first"


class PaymentRequired(SoukError):
    status = 402
    code = "payment_failed"
    title = "The payment did not go through"


class Forbidden(SoukError):
    status = 403
    code = "forbidden"
    title = "This account may not do that"


class NotFound(SoukError):
    status = 404
    code = "not_found"
    title = "There is nothing at this address"


class Conflict(SoukError):
    status = 409
    code = "conflict"
    title = "The request does not fit the present state"


class Gone(SoukError):
    status = 410
    code = "gone"
    title = "This was here and is no more"


class Invalid(SoukError):
    status = 422
    code = "invalid"
    title = "The request has values that cannot be taken"


class TooManyRequests(SoukError):
    status = 429
    code = "too_many_requests"
    title = "Too many requests; wait a moment and try again"


class Unavailable(SoukError):
    status = 503
    code = "unavailable"
    title = "A part of the platform does not answer; try again in a moment"
