"""The way of every API request: who, what, once, and then the handler in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from flask import Response, g, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from souk.kernel.answers import answered
from souk.kernel.card_numbers import scrub
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.kernel.tenancy import TenantScope
from souk.payments.errors import PaymentUnknown
from souk.web.api.access import count_call, require_app, require_customer
from souk.web.api.encoding import BrokenJson, Encoded, decode, encode
from souk.web.api.guard import refuse_unsafe
from souk.web.api.operations import Call, Operation
from souk.web.api.problems import InvalidFields, problem
from souk.web.api.replay import KeyedRequest, Replay

_log = structlog.get_logger(__name__)


class NotJson(SoukError):
    status = 415
    code = "unsupported_media_type"

    def __init__(self) -> None:
        super().__init__("Send the body as application/json.")


class BodyTooLarge(SoukError):
    status = 413
    code = "body_too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"The body is larger than {most} bytes; send less at once.")


class RepeatedParameter(Invalid):
    code = "repeated_parameter"

    def __init__(self, name: str) -> None:
        super().__init__(f"The parameter {name[:40]!r} is given twice; give it once.")


class Broken(SoukError):
    status = 500
    code = "internal_error"
    title = "Something broke on our side; nothing is known to have changed"


def run(operation: Operation, path: Mapping[str, str]) -> Response:
    """Answer one request to `operation`; every failure becomes a problem."""
    try:
        response = _answer(operation, path)
    except SoukError as error:
        response = problem(error)
    except Exception:  # noqa: BLE001 - the last line of defence: a program gets a problem, never a page
        # The traceback goes to the log, where it is scrubbed; a client gets no part of it.
        _log.exception("api_request_failed", operation=operation.name)
        response = problem(Broken())
    # Answers belong to one customer, and prices and stock are of this moment.
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(operation: Operation, path: Mapping[str, str]) -> Response:
    scope: TenantScope = g.shop.scope
    refuse_unsafe([*path.values(), request.headers.get("Idempotency-Key", "")])
    customer_id, token_id = _authenticate(operation, scope)
    value = _input(operation)
    call = Call(
        scope=scope,
        path=path,
        customer_id=customer_id,
        token_id=token_id,
        user_agent=scrub(request.headers.get("User-Agent", "")),
        ip_address=request.remote_addr or "",
        key=request.headers.get("Idempotency-Key", ""),
    )
    replay = _replay(operation, call)
    if replay is None:
        return _perform(operation, value, call, None)
    earlier = replay.first_answer()
    if earlier is not None:
        return earlier
    try:
        call = replace(call, checkpoint=replay.checkpoint, resumed=replay.resumed)
        return _perform(operation, value, call, replay)
    except SoukError as error:
        response = problem(error)
        if isinstance(error, PaymentUnknown):
            # Money may have moved: a claim that is forgotten would let a repeat charge for a second checkout.
            replay.keep_open()
        else:
            replay.settle(response)
        return response
    except Exception:
        replay.settle(problem(Broken()))
        raise


def _authenticate(operation: Operation, scope: TenantScope) -> tuple[int, int]:
    """Return (customer, app token), each 0 where it is not the one who calls."""
    if operation.access == "open":
        return 0, 0
    with transaction(scope) as session:
        if operation.access != "admin":
            return require_customer(session, revoked=operation.access == "leaving"), 0
        token_id = require_app(session, operation.permission)
    count_call(scope, token_id)
    return 0, token_id


def _input(operation: Operation) -> BaseModel:
    raw = _body(operation) if operation.has_body else _query()
    refuse_unsafe(raw, operation.file_fields, goods=operation.about_goods)
    try:
        return operation.takes.model_validate(raw)
    except ValidationError as error:
        raise InvalidFields(error) from None


def _query() -> dict[str, str]:
    for name, values in request.args.lists():
        if len(values) > 1:
            raise RepeatedParameter(name)
    return request.args.to_dict()


def _body(operation: Operation) -> Any:
    if request.args:
        refuse_unsafe(request.args.to_dict())
    raw = _raw_body(operation)
    if not raw and operation.optional_body:
        return {}
    if request.mimetype != "application/json":
        raise NotJson
    value = decode(raw)
    if not isinstance(value, dict):
        raise BrokenJson("The body is JSON but no object; send one JSON object.")
    return value


def _raw_body(operation: Operation) -> bytes:
    request.max_content_length = operation.most_bytes
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise BodyTooLarge(operation.most_bytes) from None


def _replay(operation: Operation, call: Call) -> Replay | None:
    key = request.headers.get("Idempotency-Key")
    if operation.method == "GET" or key is None:
        return None
    subject = (
        f"user_{call.customer_id}" if call.customer_id else f"app_{call.token_id}" if call.token_id else "anonymous"
    )
    keyed = KeyedRequest(subject, f"{operation.method} {request.path}", key, _raw_body(operation))
    return Replay(call.scope, keyed, secret=operation.secret)


def _perform(operation: Operation, value: BaseModel, call: Call, replay: Replay | None) -> Response:
    if operation.edge:
        response = _success(operation, operation.handler(call, value))
        if replay:
            replay.settle(response)
        return response
    return answered(call.scope, lambda: _within_transaction(operation, value, call, replay))


def _within_transaction(operation: Operation, value: BaseModel, call: Call, replay: Replay | None) -> Response:
    with transaction(call.scope, read_only=operation.method == "GET") as session:
        response = _success(operation, operation.handler(replace(call, transaction=session), value))
        if replay:
            replay.keep_with_effect(session, response)
    return response


def _success(operation: Operation, answer: BaseModel | Encoded | Response) -> Response:
    if isinstance(answer, Response):
        return answer
    body = answer.text if isinstance(answer, Encoded) else encode(answer.model_dump(by_alias=True))
    return Response(body, status=operation.status, content_type="application/json")
