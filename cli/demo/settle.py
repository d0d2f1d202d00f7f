"""Do at once what the worker would do for each seeded product and order, one event after the other.

A fresh demo that begins with some thousand deliveries sends the first buyer's mail minutes late.
"""

from __future__ import annotations

from sqlalchemy import text

from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.search.index import rebuild_index
from souk.search_engines.configured import engine_from

# An order that waits for its parcel still has to be asked for: nothing else here does that.
_DONE = text(
    "UPDATE pod.outbox SET relayed_at = :now"
    " WHERE tenant_id = :tenant_id AND relayed_at IS NULL AND name <> 'fulfillment.requested'"
)


def settle(scope: TenantScope) -> None:
    """Index the shop and mark its events as handed out; mails of the past were kept, and no page is cached yet."""
    rebuild_index(engine_from(config()), scope)
    with transaction(pod_scope(scope.pod)) as session:
        session.execute(_DONE, {"now": clock.now(), "tenant_id": scope.tenant_id})
