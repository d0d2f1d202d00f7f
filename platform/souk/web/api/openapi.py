"""Make the OpenAPI 3.1 document from the operations and their models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from souk.web.api.operations import Api, Operation
from souk.web.api.problems import CONTENT_TYPE
from souk.web.api.schemas.common import Problem

_REF = "#/components/schemas/{model}"
_PATH_PARAMETER = re.compile(r"\{([a-z_]+)\}")
_ALWAYS = {422: "A value cannot be taken; `errors` names the fields.", 429: "Too many requests.", 503: "Try again."}
_BODY = {400: "Broken JSON.", 413: "The body is too large.", 415: "The body is not application/json."}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeat with the same key and body gets the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}

Schemas = Mapping[tuple[Any, JsonSchemaMode], Mapping[str, Any]]


def document(api: Api) -> dict[str, Any]:
    """Return the OpenAPI document of `api`."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    for operation in api.operations:
        models += [(operation.takes, "validation"), (operation.answers, "serialization")]
    schemas, definitions = models_json_schema(models, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in api.operations:
        item = paths.setdefault(operation.path, {})
        item[operation.method.lower()] = _operation(operation, schemas, definitions["$defs"])
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "version": api.version, "description": api.description},
        "servers": [{"url": api.prefix}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation, schemas: Schemas, definitions: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": _parameters(operation, schemas, definitions),
        "responses": _responses(operation, schemas),
    }
    if operation.has_body:
        described["requestBody"] = {
            "required": not operation.optional_body,
            "content": {"application/json": {"schema": schemas[operation.takes, "validation"]}},
        }
    if operation.access != "open":
        described["security"] = [{"bearer": []}]
    return described


def _parameters(operation: Operation, schemas: Schemas, definitions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _PATH_PARAMETER.findall(operation.path)
    ]
    if operation.method != "GET":
        found.append(_KEY)
    if operation.has_body:
        return found
    model = definitions[schemas[operation.takes, "validation"]["$ref"].rsplit("/", 1)[1]]
    required = model.get("required", [])
    for name, schema in model.get("properties", {}).items():
        found.append({"name": name, "in": "query", "required": name in required, "schema": _present(schema)})
    return found


def _present(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema without null: a query parameter is absent instead."""
    kept = {key: value for key, value in schema.items() if key not in {"anyOf", "default"} or value is not None}
    choices = [choice for choice in kept.pop("anyOf", []) if choice.get("type") != "null"]
    return {**(choices[0] if choices else {}), **kept}


def _responses(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    problems = dict(_ALWAYS)
    if operation.method != "GET":
        problems[409] = "The Idempotency-Key is in flight."
    if operation.has_body:
        problems |= _BODY
    if operation.access != "open":
        problems[401] = "The bearer token is missing, unknown to this shop, expired or revoked."
    if operation.access == "admin":
        problems[403] = "`missing_permission`: the token lacks this permission."
    if "{" in operation.path:
        problems[404] = "There is no such object in this shop, or it belongs to somebody else."
    problems |= operation.problems
    refused = {CONTENT_TYPE: {"schema": schemas[Problem, "serialization"]}}
    answered: dict[str, Any] = {"application/json": {"schema": schemas[operation.answers, "serialization"]}}
    if operation.media_types:
        answered = {media_type: {"schema": {"type": "string"}} for media_type in operation.media_types}
    responses: dict[str, Any] = {str(operation.status): {"description": operation.summary, "content": answered}}
    for status, description in sorted(problems.items()):
        responses[str(status)] = {"description": description, "content": refused}
    return responses
