"""Routes for every operation, the OpenAPI documents and their readable pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule

from souk.web.api import admin
from souk.web.api.definition import admin_api, shop_api
from souk.web.api.encoding import encode
from souk.web.api.openapi import document
from souk.web.api.operations import Api, Operation
from souk.web.api.pipeline import run
from souk.web.api.problems import http_problem
from souk.web.api.reference import page
from souk.web.api.shop import (
    documents,
    metaobjects,
    orders,
    pickup_locations,
    place,
    products,
    queue,
    returns,
    search,
    users,
)
from souk.web.surfaces import SHOP, only

HANDLERS = (
    users,
    search,
    products,
    queue,
    metaobjects,
    pickup_locations,
    place,
    orders,
    returns,
    documents,
    *admin.HANDLERS,
)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_PATH_PARAMETER = re.compile(r"\{([a-z_]+)\}")

blueprint = Blueprint("api", __name__)
blueprint.before_request(only(SHOP))


def _serve(api: Api, name: str) -> None:
    for operation in api.operations:
        rule = api.prefix + _PATH_PARAMETER.sub(r"<\1>", operation.path)
        blueprint.add_url_rule(rule, f"{name}_{operation.name}", _view(operation), methods=[operation.method])
    blueprint.add_url_rule(f"{api.prefix}/openapi.json", f"{name}_openapi", lambda: _document(api))
    blueprint.add_url_rule(f"{api.prefix}/", f"{name}_reference", lambda: page(api, document(api)))
    blueprint.add_url_rule(f"{api.prefix}/docs", f"{name}_docs", lambda: page(api, document(api)))
    unknown = _unknown(api)
    blueprint.add_url_rule(f"{api.prefix}/<path:rest>", f"{name}_unknown", unknown, methods=_METHODS)


def _view(operation: Operation) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        return run(operation, path)

    return view


def _unknown(api: Api) -> Callable[[str], Response]:
    """Answer 404 for a path that no operation has, 405 with `Allow` for a method that its path has not."""
    rules = [
        Rule("/" + _PATH_PARAMETER.sub(r"<\1>", one.path).lstrip("/"), methods=[one.method], endpoint=one.name)
        for one in api.operations
    ]
    routes = Map(rules)

    def answer(rest: str) -> Response:
        try:
            routes.bind("").match("/" + rest, method=request.method)
        except HTTPException as refused:
            return http_problem(refused)
        return http_problem(NotFound())

    return answer


@cache
def _encoded(name: str) -> str:
    return encode(document({shop_api.title: shop_api, admin_api.title: admin_api}[name]))


def _document(api: Api) -> Response:
    response = Response(_encoded(api.title), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


_serve(shop_api, "shop")
_serve(admin_api, "admin")
