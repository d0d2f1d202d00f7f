"""The gateway's webhooks: {"id", "type", "key"}, signed with HMAC-SHA256 over the body in `test-signature`."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Literal

from plugins.api import BadSignature, Notice

HEADER = "test-signature"
_KINDS: Mapping[str, Literal["payment", "refund"]] = {"charge": "payment", "refund": "refund"}


def sign(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def write_message(secret: str, event_id: str, kind: str, key: str) -> tuple[dict[str, str], bytes]:
    """Return the headers and body of a message such as ("charge.changed", the charge's key)."""
    body = json.dumps({"id": event_id, "type": kind, "key": key}).encode()
    return {HEADER: sign(secret, body)}, body


def read_message(secret: str, headers: Mapping[str, str], body: bytes) -> Notice:
    """Return what a message says; raises BadSignature."""
    if not hmac.compare_digest(sign(secret, body), headers.get(HEADER, "")):
        raise BadSignature
    told = json.loads(body)
    return Notice(told["id"], told["type"], _KINDS.get(told["type"].split(".")[0], "other"), told["key"])
