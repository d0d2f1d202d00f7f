"""The search of one process: its engine, and each shop's policy from a cache that forgets within a second."""

from __future__ import annotations

import time
from functools import lru_cache

from souk.kernel.config import config
from souk.kernel.db import read_at_any_version
from souk.kernel.tenancy import TenantScope
from souk.search.engine import SearchEngine
from souk.search.policy import Policy, read_policy, read_policy_without_rules
from souk.search_engines.configured import engine_from

# As for host names: a change shows within a second, and a busy shop costs two queries a second and process.
CACHE_SECONDS = 1.0
CACHE_SIZE = 1_024
_policies: dict[TenantScope, tuple[float, Policy]] = {}


@lru_cache(maxsize=1)
def engine() -> SearchEngine:
    return engine_from(config())


def policy_of(scope: TenantScope) -> Policy:
    """Return the shop's policy; no transaction may be open, because it may open one."""
    now = time.monotonic()
    kept = _policies.get(scope)
    if kept is not None and kept[0] > now:
        return kept[1]
    policy = read_at_any_version(scope, read_policy, read_policy_without_rules)
    if len(_policies) >= CACHE_SIZE:
        _policies.clear()
    _policies[scope] = (now + CACHE_SECONDS, policy)
    return policy


def forget_policy(scope: TenantScope) -> None:
    """Make this process read the policy anew, such as for the person who just changed it."""
    _policies.pop(scope, None)
