"""One record per endpoint: what it takes, what it answers, who may call it. Routes and OpenAPI both come from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from souk.kernel.tenancy import TenantScope
from souk.web.api.encoding import Encoded

MOST_BODY_BYTES = 256 * 1024
# "leaving" is a customer whose token may have been revoked: a repeated logout gets its first answer, not 401.
Access = Literal["open", "customer", "leaving", "admin"]

_GOODS = frozenset(["products", "collections", "inventory", "metafields", "media", "imports and exports", "search"])


def no_checkpoint(_progress: str) -> None:
    """Stand in where the client sent no Idempotency-Key and cannot repeat."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request after its checks. `checkpoint` notes what a repeat must take up again, `resumed` is what an
    interrupted first request noted, `key` is its Idempotency-Key; `transaction` is open except for `edge` operations.
    """

    scope: TenantScope
    path: Mapping[str, str]
    customer_id: int = 0
    token_id: int = 0
    user_agent: str = ""
    ip_address: str = ""
    key: str = ""
    checkpoint: Callable[[str], None] = no_checkpoint
    resumed: str = ""
    transaction: Session | None = None

    @property
    def actor(self) -> str:
        """Who is written beside what the call changes."""
        return f"app:{self.token_id}" if self.token_id else "customer"

    @property
    def session(self) -> Session:
        if self.transaction is None:
            raise RuntimeError("An edge operation opens its own transactions.")
        return self.transaction


Handler = Callable[[Call, Any], BaseModel | Encoded | Response]


@dataclass(frozen=True, slots=True)
class Operation:
    """`takes` is the query of GET and DELETE and the body of the others. `edge`: the handler opens its own
    transactions, because it talks to a provider or storage between them. `secret`: the answer holds a token.
    `file_fields` of the body hold whole files; `media_types`: the answer is a file of one of these types, and the
    handler returns the response.
    """

    method: str
    path: str
    name: str
    summary: str
    tag: str
    takes: type[BaseModel]
    answers: type[BaseModel]
    status: int
    problems: Mapping[int, str]
    access: Access
    permission: str
    edge: bool
    secret: bool
    optional_body: bool
    most_bytes: int
    file_fields: frozenset[str]
    media_types: tuple[str, ...]
    handler: Handler

    @property
    def about_goods(self) -> bool:
        """Tell whether its texts describe products, not people: barcodes are written in these."""
        return self.tag in _GOODS and self.access != "customer"

    @property
    def has_body(self) -> bool:
        return self.method not in {"GET", "DELETE"}


@dataclass(frozen=True, slots=True)
class Api:
    """A set of operations under one prefix, with its own description."""

    title: str
    version: str
    prefix: str
    description: str
    operations: list[Operation] = field(default_factory=list)

    def operation(
        self,
        method: str,
        path: str,
        *,
        summary: str,
        takes: type[BaseModel],
        answers: type[BaseModel],
        tag: str,
        status: int = 200,
        problems: Mapping[int, str] | None = None,
        access: Access = "open",
        permission: str = "",
        edge: bool = False,
        secret: bool = False,
        optional_body: bool = False,
        most_bytes: int = MOST_BODY_BYTES,
        file_fields: frozenset[str] = frozenset(),
        media_types: tuple[str, ...] = (),
    ) -> Callable[[Handler], Handler]:
        """Register the decorated handler; `problems` tells per status when it is answered."""

        def register(handler: Handler) -> Handler:
            self.operations.append(
                Operation(
                    method=method,
                    path=path,
                    name=handler.__name__,
                    summary=summary,
                    tag=tag,
                    takes=takes,
                    answers=answers,
                    status=status,
                    problems=problems or {},
                    access=access,
                    permission=permission,
                    edge=edge,
                    secret=secret,
                    optional_body=optional_body,
                    most_bytes=most_bytes,
                    file_fields=file_fields,
                    media_types=media_types,
                    handler=handler,
                )
            )
            return handler

        return register
