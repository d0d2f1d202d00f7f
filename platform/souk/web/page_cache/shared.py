"""The pages that all processes share, in the pod's Redis.

A page made from old data must never be kept after its purge. Every purge replaces the shop's epoch; a page is
stored only while the epoch is the one read before it was made. The epoch is random and not a counter, so that a
flushed Redis cannot bring an old value back.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import cast

from souk.kernel.connections import redis_of

CHANNEL = "souk:pages:purge"
TTL_SECONDS = 600
_EPOCH = """
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
"""
_STORE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
for i = 3, #KEYS do
  redis.call('SADD', KEYS[i], KEYS[2])
  redis.call('EXPIRE', KEYS[i], ARGV[3] * 2)
end
return 1
"""
_PURGE = """
redis.call('SET', KEYS[1], ARGV[1])
for i = 2, #KEYS do
  for _, page in ipairs(redis.call('SMEMBERS', KEYS[i])) do redis.call('UNLINK', page) end
  redis.call('UNLINK', KEYS[i])
end
redis.call('PUBLISH', ARGV[2], ARGV[3])
"""


def _page(tenant_id: int, address: str) -> str:
    return f"page:{tenant_id}:at:{address}"


def _tag(tenant_id: int, key: str) -> str:
    return f"page:{tenant_id}:of:{key}"


def _epoch(tenant_id: int) -> str:
    return f"page:{tenant_id}:epoch"


def read_page(pod: str, tenant_id: int, address: str) -> bytes | None:
    """Each function here may raise redis.RedisError."""
    return cast("bytes | None", redis_of(pod).get(_page(tenant_id, address)))


def read_epoch(pod: str, tenant_id: int) -> bytes:
    epoch: bytes = redis_of(pod).eval(_EPOCH, 1, _epoch(tenant_id), secrets.token_hex(8))
    return epoch


def store_page(pod: str, tenant_id: int, address: str, epoch: bytes, blob: bytes, keys: Iterable[str]) -> bool:  # noqa: PLR0917
    """Keep a page; False when a purge came between the reading of `epoch` and now."""
    names = [_epoch(tenant_id), _page(tenant_id, address), *(_tag(tenant_id, key) for key in keys)]
    return bool(redis_of(pod).eval(_STORE, len(names), *names, epoch, blob, TTL_SECONDS))


def purge_shared(pod: str, tenant_id: int, keys: Iterable[str]) -> None:
    """Forget every page made of one of `keys`, and tell all processes."""
    wanted = sorted(set(keys))
    names = [_epoch(tenant_id), *(_tag(tenant_id, key) for key in wanted)]
    message = json.dumps({"tenant_id": tenant_id, "keys": wanted})
    redis_of(pod).eval(_PURGE, len(names), *names, secrets.token_hex(8), CHANNEL, message)
