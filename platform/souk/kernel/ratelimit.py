"""Count attempts in Redis and refuse too many; open when Redis is down, because a shop must go on selling."""

from __future__ import annotations

import redis

from souk.kernel.connections import redis_of
from souk.kernel.errors import TooManyRequests

# One round trip: INCR and EXPIRE apart could leave a counter that never ends.
_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('TTL', KEYS[1])}
"""


class RateLimited(TooManyRequests):
    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts; try again in {retry_after} seconds.", retry_after=retry_after)


def limit(key: str, *, attempts: int, seconds: int, pod: str = "default") -> None:
    """Count one attempt under `key`; raise RateLimited after `attempts` within `seconds`."""
    try:
        count, ttl = redis_of(pod).eval(_COUNT, 1, f"limit:{key}", seconds)
    except redis.RedisError:
        return
    if count > attempts:
        raise RateLimited(max(int(ttl), 1))


def forget(key: str, pod: str = "default") -> None:
    """Drop the count, after a success."""
    try:
        redis_of(pod).delete(f"limit:{key}")
    except redis.RedisError:
        return
