"""Tell merchant and operator which plugins rest because they failed, and how those that are asked failed last; kept in
Redis for a week.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import redis

from souk.kernel import clock
from souk.kernel.connections import redis_of
from souk.kernel.tenancy import Scope

_KEY = "plugins:paused"
_FAILED = "plugins:failed"
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pause:
    """`reason` is a sentence without the plugin's own text, which may hold anything."""

    tenant_id: int
    plugin_id: str
    hook: str
    reason: str
    at: datetime

    @property
    def field(self) -> str:
        return f"{self.tenant_id}:{self.plugin_id}:{self.hook}"


def note_pause(scope: Scope, plugin_id: str, hook: str, reason: str) -> None:
    """Keep the newest pause of each hook; without Redis the log alone tells it."""
    _note(_KEY, scope, plugin_id, hook, reason)


def note_failure(scope: Scope, plugin_id: str, hook: str, reason: str) -> None:
    """Keep the newest failure of a hook that is asked, so that a merchant sees why its answer is missing."""
    _note(_FAILED, scope, plugin_id, hook, reason)


def _note(key: str, scope: Scope, plugin_id: str, hook: str, reason: str) -> None:
    pause = Pause(scope.tenant_id, plugin_id, hook, reason, clock.now())
    try:
        kept = redis_of(scope.pod)
        kept.hset(key, pause.field, json.dumps(asdict(pause) | {"at": pause.at.isoformat()}))
        kept.expire(key, KEPT_FOR)
    except redis.RedisError:
        return


def last_failures(pod: str, tenant_id: int, hook: str) -> dict[str, Pause]:
    """Return plugin id -> how it failed last when the shop asked it, within the last seven days."""
    return {one.plugin_id: one for one in _noted(_FAILED, pod, tenant_id) if one.hook == hook}


def pauses(pod: str, tenant_id: int | None = None) -> list[Pause]:
    """Return the pauses of the last seven days, newest first, of one shop or of all; none without Redis."""
    return _noted(_KEY, pod, tenant_id)


def _noted(key: str, pod: str, tenant_id: int | None) -> list[Pause]:
    try:
        kept = redis_of(pod).hvals(key)
    except redis.RedisError:
        return []
    found = [_pause(raw) for raw in kept]
    since = clock.now() - KEPT_FOR
    wanted = [one for one in found if one.at > since and tenant_id in {None, one.tenant_id}]
    return sorted(wanted, key=lambda one: one.at, reverse=True)


def forget_pauses(scope: Scope, plugin_id: str) -> None:
    """Drop what is told about a plugin, when the shop chooses anew whether to use it."""
    try:
        kept = redis_of(scope.pod)
        fields = [one.field for one in pauses(scope.pod, scope.tenant_id) if one.plugin_id == plugin_id]
        if fields:
            kept.hdel(_KEY, *fields)
    except redis.RedisError:
        return


def _pause(raw: bytes | str) -> Pause:
    values = json.loads(raw)
    return Pause(**(values | {"at": datetime.fromisoformat(values["at"])}))
