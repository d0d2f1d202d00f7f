"""What the double remembers, and the objects as Stripe writes them."""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]


class Refused(Exception):
    """Answered as Stripe answers a request that it does not carry out."""

    def __init__(self, code: str, message: str = "", *, status: int = 400, kind: str = "", **more: Any) -> None:
        self.status, kind = status, kind or "invalid_request_error"
        self.error = {"type": kind, "code": code, "message": message or code, **more}
        super().__init__(code)


@dataclass
class Store:
    """`events` are in the order in which things happened; `answers` by (account, idempotency key)."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    things: dict[str, Thing] = field(default_factory=dict)
    events: list[Thing] = field(default_factory=list)
    answers: dict[tuple[str, str], tuple[str, int, Thing]] = field(default_factory=dict)

    def make(self, prefix: str, kind: str, **values: Any) -> Thing:
        thing = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), **values}
        self.things[thing["id"]] = thing
        return thing

    def get(self, thing_id: str, account: str = "") -> Thing:
        thing = self.things.get(thing_id)
        if thing is None or thing.get("_account", "") != account:
            raise Refused("resource_missing", f"No such object: {thing_id}", status=404)
        return thing

    def tell(self, kind: str, thing: Thing) -> None:
        """Keep an event about a thing as it is now."""
        event = self.make(
            "evt", "event", type=kind, data={"object": public(json.loads(json.dumps(thing)))}, livemode=False
        )
        if thing.get("_account"):
            event["account"] = thing["_account"]
        self.events.append(event)

    def of(self, kind: str, **values: Any) -> list[Thing]:
        """Return the things of a kind with these values, newest first."""
        found = [
            thing
            for thing in self.things.values()
            if thing["object"] == kind and all(thing.get(name) == value for name, value in values.items())
        ]
        return found[::-1]


def public(thing: Thing) -> Thing:
    """Return a thing without what only the double knows."""
    return {name: value for name, value in thing.items() if not name.startswith("_")}
