"""Who has the editor of a theme open at the moment."""

from __future__ import annotations

import time

import redis
import structlog

from souk.kernel.connections import redis_of
from souk.staff.memberships import ShopAccess
from souk.staff.queries import StaffRecord

log = structlog.get_logger(__name__)
# Three times what an editor lets pass between two questions.
SEEN_SECONDS = 25


def colleagues(access: ShopAccess, theme_id: int, me: StaffRecord) -> list[str]:
    """Note that `me` is here and return the names of the others; nobody while Redis is away."""
    key = f"theme:editing:{access.tenant_id}:{theme_id}"
    field, now = f"{me.id}:{me.name or me.email}", time.time()
    try:
        with redis_of(access.pod).pipeline() as pipe:
            pipe.zadd(key, {field: now})
            pipe.zremrangebyscore(key, 0, now - SEEN_SECONDS)
            pipe.expire(key, SEEN_SECONDS)
            pipe.zrange(key, 0, 20)
            members: list[bytes] = pipe.execute()[-1]
    except redis.RedisError as error:
        log.warning("presence_not_known", error=str(error))
        return []
    found = [member.decode() for member in members]
    return sorted(each.partition(":")[2] for each in found if each.partition(":")[0] != str(me.id))
